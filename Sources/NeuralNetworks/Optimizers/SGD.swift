extension Optimizer {
  package static let sgd = Optimizer(
    name: "sgd", summary: "gradient descent: every parameter against its gradient",
    source: "Robbins and Monro, \"A Stochastic Approximation Method\" (1951)", usualRate: 0.1, memory: [],
    numbers: [.l2],
    equations: { chosen in
      let (lines, g) = chosen.gradient()
      return lines + ["W = W - lr * \(g)"]
    })
}
