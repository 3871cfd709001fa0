import Formulas

extension Optimizer {
  /// As PyTorch's SGD with momentum (Sutskever et al. 2013, with the rate outside the velocity).
  package static let momentum = Optimizer(
    name: "momentum", summary: "gradient descent with a velocity that remembers earlier gradients",
    usualRate: 0.02, memory: ["v"],
    equations: [
      Equation("v", "mu" * "v" + "dW"),
      Equation("W", "W" - "lr" * "v"),
    ])
}
