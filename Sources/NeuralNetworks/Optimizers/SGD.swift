import Formulas

extension Optimizer {
  package static let sgd = Optimizer(
    name: "sgd", summary: "gradient descent: every parameter against its gradient", usualRate: 0.1,
    memory: [],
    equations: [Equation("W", "W" - "lr" * "dW")])
}
