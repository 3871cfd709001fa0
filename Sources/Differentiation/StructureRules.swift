import Formulas
import LinearAlgebra

extension RuleTable {
  static let structureRules: [Key: Rule] = [
    .list: Rule("matrix of parts", "C = [A, B]: dA = dC[0], dB = dC[1]") { node, dC, i in
      dC.shape.isScalar ? dC : Cotangent(.index(dC.materialized(node.shape), [.at(i)]), node.operand(i).shape)
    },
    .index: Rule("selection", "C = A[…]: dC goes back to the entries that were taken, 0 elsewhere") {
      node, dC, _ in
      Cotangent(.call(.scatter, dC.expression, node.expression), node.operand(0).shape)
    },
    .builtin(.reshape): reshaped, .builtin(.flatten): reshaped,
    .builtin(.diag): Rule("diagonal", "C = diag(a): da = diag(dC)") { node, dC, _ in
      let shape = node.operand(0).shape
      guard node.shape.rank == 2 || shape.rows == shape.columns else { return nil }
      let diagonal = Expression.call(.diag, dC.materialized(node.shape))
      return Cotangent(
        shape.rank == 1 || node.shape.rank == 1 ? diagonal : Self.reshape(diagonal, shape), shape)
    },
    .builtin(.outer): Rule("outer product", "C = outer(a, b): da = dC @ b, db = dC.T @ a") { node, dC, i in
      let (shape, other) = (node.operand(i).shape, node.operand(1 - i))
      let G = dC.materialized(node.shape)
      let vector =
        other.shape.rank == 1 ? other.expression : Self.reshape(other.expression, [other.shape.count])
      let gradient = (i == 0 ? G : .transpose(G)).times(vector)
      return Cotangent(shape.rank == 1 ? gradient : Self.reshape(gradient, shape), shape)
    },
    .builtin(.onehot): constant, .builtin(.eye): constant, .builtin(.zeros): constant,
    .builtin(.ones): constant,
    .builtin(.linspace): constant, .builtin(.arange): constant, .builtin(.randn): constant,
    .builtin(.rand): constant,
  ]

  private static func reshape(_ expression: Expression, _ shape: Shape) -> Expression {
    .call(.builtin(.reshape), [expression] + shape.sizes, .none)
  }

  private static let reshaped = Rule("reshape", "C = reshape(A): dA = dC in the shape of A") { node, dC, i in
    guard i == 0 else { return nil }
    let shape = node.operand(0).shape
    return dC.shape.isScalar ? dC : Cotangent(reshape(dC.materialized(node.shape), shape), shape)
  }

  private static let constant = Rule("constant", "sizes and labels have no gradient") { _, _, _ in nil }
}
