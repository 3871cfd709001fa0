import Formulas
import LinearAlgebra

// C is the operation's value, dC the gradient that arrives. Where an operand was broadcast, what comes back is
// summed over the copies (`reaching`).

extension RuleTable {
  static let arithmeticRules: [Key: Rule] = [
    .binary(.add): Rule("sum", "C = A + B: dA = dC, dB = dC; summed where a row was added to every row") {
      node, dC, i in
      node.reaching(i, dC)
    },
    .binary(.subtract): Rule("difference", "C = A - B: dA = dC, dB = -dC") { node, dC, i in
      node.reaching(i, i == 0 ? dC : -dC)
    },
    .binary(.multiply): Rule("elementwise product", "C = A * B: dA = dC * B, dB = dC * A") { node, dC, i in
      node.reaching(i, dC * node.operand(1 - i))
    },
    .binary(.divide): Rule("quotient", "C = A / B: dA = dC / B, dB = -dC * A / B**2") { node, dC, i in
      let (a, b) = (node.operand(0), node.operand(1))
      if i == 0 { return node.reaching(0, dC / b) }
      return node.reaching(1, -(dC * a) / (b.expression.raised(to: 2), b.shape))
    },
    .binary(.power): Rule("power", "C = A**n: dA = dC * n * A**(n - 1), dn = dC * C * log(A)") {
      node, dC, i in
      let (a, n) = (node.operand(0), node.operand(1))
      if i == 1 {
        return node.reaching(1, dC * (node.value, node.shape) * (.call(.log, a.expression), a.shape))
      }
      if case .number(let exponent) = n.expression {
        let power = exponent == 2 ? a.expression : a.expression.raised(to: .number(exponent - 1))
        return Cotangent(.number(exponent) * dC.expression, dC.shape) * (power, a.shape)
      }
      return node.reaching(0, dC * n * (a.expression.raised(to: n.expression - 1), node.shape))
    },
    .binary(.matrixProduct): Rule("matrix product", "C = A @ B: dA = dC @ B.T, dB = A.T @ dC", matrixProduct),
    .negative: Rule("sign", "C = -A: dA = -dC") { _, dC, _ in -dC },
    .transpose: Rule("transpose", "C = A.T: dA = dC.T") { node, dC, _ in
      dC.shape.isScalar ? dC : Cotangent(.transpose(dC.materialized(node.shape)), node.operand(0).shape)
    },
    .elementwise: Rule("elementwise function", "A = f(Z): dZ = dA * f'(Z)") { node, dC, _ in
      guard case .call(.elementwise(let f), let arguments, _) = node.expression, let u = arguments.first
      else {
        return nil
      }
      return dC * (f.derivative.substituting(["u": u, "v": node.value]), node.shape)
    },
    .binary(.less): comparison, .binary(.lessOrEqual): comparison, .binary(.greater): comparison,
    .binary(.greaterOrEqual): comparison, .binary(.equal): comparison, .binary(.notEqual): comparison,
  ]

  private static let comparison = Rule("comparison", "a step: its derivative is 0 wherever it has one") {
    _, _, _ in nil
  }

  /// Vectors as in NumPy: a vector on the left is a row, on the right a column.
  @Sendable private static func matrixProduct(_ node: Node, _ dC: Cotangent, _ i: Int) -> Cotangent? {
    let (a, b) = (node.operand(0), node.operand(1))
    let G = dC.materialized(node.shape)
    let shape = i == 0 ? a.shape : b.shape
    func made(_ expression: Expression) -> Cotangent { Cotangent(expression, shape) }
    switch (a.shape.rank, b.shape.rank) {
    case (1, 1): return dC * (i == 0 ? b : a)
    case (1, 2):
      return made(i == 0 ? G.times(b.expression.flipped) : .call(.outer, a.expression, G))
    case (2, 1):
      return made(i == 0 ? .call(.outer, G, b.expression) : a.expression.flipped.times(G))
    default:
      return made(i == 0 ? G.times(b.expression.flipped) : a.expression.flipped.times(G))
    }
  }
}
