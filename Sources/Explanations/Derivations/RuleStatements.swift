import Differentiation
import Formulas

/// What to say about a rule that a backward equation names.
package enum RuleStatements {
  package static func statement(of rule: String) -> String? {
    byName[rule] ?? LossFunction.all.first { $0.name == rule }.map(definition)
  }

  /// `sum(-Y * log(P)) / m`
  private static func definition(_ loss: LossFunction) -> String {
    let divisor: Expression? =
      switch loss.averaging {
      case .samples: "m"
      case .entries: "n"
      case .none: nil
      }
    return loss.definition(targets: "Y", predictions: "P", divisor: divisor).description
  }

  /// Steps that are no rule of the table: copies and the fused losses.
  private static let byName: [String: String] = {
    var result = [
      "copy": "A = B: dB = dA",
      "seed": "∂L/∂L = 1",
      "softmax with cross-entropy":
        "both at once, the classes of Y sum to 1 ('derive softmax_cross_entropy')",
      "sigmoid with binary cross-entropy": "both at once: dZ = A - Y, over the count of the mean",
      "softmax Jacobian": "dZ[i] = dS[i] @ J[i] for every sample i ('derive softmax')",
    ]
    for (_, rule) in RuleTable.standard.rules { result[rule.name] = rule.statement }
    return result
  }()
}
