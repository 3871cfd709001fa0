import Formulas
import LinearAlgebra

extension RuleTable {
  static let windowRules: [Key: Rule] = [
    .builtin(.conv2d): Rule(
      "convolution", "Y = conv2d(X, W): every product x·w of an output sends dy·w to x and dy·x to w"
    ) { node, dC, i in
      guard case .call(_, let arguments, let options) = node.expression, arguments.count == 2 else {
        return nil
      }
      let (x, w) = (arguments[0], arguments[1])
      let G = dC.materialized(node.shape)
      return i == 0
        ? Cotangent(.call(.builtin(.conv2dInputGradient), [G, w, x], options), node.operand(0).shape)
        : Cotangent(.call(.builtin(.conv2dWeightGradient), [G, x, w], options), node.operand(1).shape)
    },
    .builtin(.maxpool): pooling(
      "maximum of windows", "dY goes to the largest entry of its window", .maxpoolGradient),
    .builtin(.avgpool): pooling(
      "mean of windows", "dY is shared by the entries of its window", .avgpoolGradient),
  ]

  private static func pooling(_ name: String, _ statement: String, _ gradient: Builtin) -> Rule {
    Rule(name, statement) { node, dC, i in
      guard i == 0, case .call(_, let arguments, let options) = node.expression, arguments.count == 2 else {
        return nil
      }
      let G = dC.materialized(node.shape)
      return Cotangent(
        .call(.builtin(gradient), [G, arguments[0], arguments[1]], options), node.operand(0).shape)
    }
  }
}
