extension Optimizer {
  package static let adagrad = Optimizer(
    name: "adagrad", summary: "each entry at a pace that slows with all its gradients so far",
    source:
      "Duchi, Hazan and Singer, \"Adaptive Subgradient Methods\" (2011); epsilon outside the root as in PyTorch, eps_at=inside as in Keras",
    usualRate: 0.05, memory: ["s"], numbers: [.epsilon(1e-10), .l2], choices: [.epsilonPlace],
    equations: { chosen in
      let (lines, g) = chosen.gradient()
      return lines + ["s = s + \(g)**2", "W = W - lr * \(g) / \(chosen.root("s"))"]
    })
}

extension Optimizer.Choice {
  static let epsilonPlace = Optimizer.Choice(
    name: "eps_at", words: ["outside", "inside"],
    summary: "where epsilon stands: sqrt(s) + epsilon or sqrt(s + epsilon)")
}

extension ChosenOptimizer {
  /// What the step is divided by.
  func root(_ squares: String) -> String {
    word("eps_at") == "inside" ? "sqrt(\(squares) + epsilon)" : "(sqrt(\(squares)) + epsilon)"
  }
}
