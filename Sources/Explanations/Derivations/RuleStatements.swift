import Differentiation
import Formulas

/// What to say about a rule that a backward equation names.
package enum RuleStatements {
  package static func statement(of rule: String) -> String? {
    byName[rule] ?? LossFunction.all.first { $0.name == rule }.map { $0.summary }
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
