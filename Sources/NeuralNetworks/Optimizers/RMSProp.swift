extension Optimizer {
  package static let rmsprop = Optimizer(
    name: "rmsprop", summary: "each entry by the root of the mean of its squared gradients",
    source:
      "Tieleman and Hinton, \"Neural Networks for Machine Learning\", lecture 6e (2012), rho = 0.9; PyTorch and Stanford CS231n take rho=0.99; epsilon outside the root as in both, eps_at=inside as in TensorFlow 1",
    usualRate: 0.01, memory: ["s"],
    numbers: [
      Number(name: "rho", usual: 0.9, range: 0...1, summary: "is the share of the mean square that stays"),
      .epsilon(1e-8), .l2,
    ], choices: [.epsilonPlace],
    equations: { chosen in
      let (lines, g) = chosen.gradient()
      return lines
        + ["s = rho * s + (1 - rho) * \(g)**2", "W = W - lr * \(g) / \(chosen.root("s"))"]
    })
}
