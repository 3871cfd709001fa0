import Formulas

extension Optimizer {
  /// Kingma and Ba, "Adam: A Method for Stochastic Optimization" (2015), algorithm 1, with the paper's constants.
  package static let adam = Optimizer(
    name: "adam",
    summary: "each entry at its own pace: mean of the gradients over the root of their squares' mean",
    usualRate: 0.001, memory: ["u", "v"],
    equations: [
      Equation("u", 0.9 * "u" + 0.1 * "dW"),
      Equation("v", 0.999 * "v" + 0.001 * Expression.name("dW").raised(to: 2)),
      Equation(
        "W",
        "W" - "lr" * ("u" / (1 - Expression.number(0.9).raised(to: "t")))
          / (.call("sqrt", "v" / (1 - Expression.number(0.999).raised(to: "t"))) + 1e-8)),
    ])
}
