extension Optimizer {
  package static let nesterov = Optimizer(
    name: "nesterov", summary: "momentum with the gradient of where the velocity leads",
    source:
      "PyTorch's SGD with nesterov=True; form=bengio is that of Bengio, Boulanger-Lewandowski and Pascanu (2012) and Stanford CS231n, with the rate inside the velocity: both are Nesterov's (1983) seen from the point ahead",
    usualRate: 0.02, memory: ["v"], numbers: [.momentum, .l2], choices: [velocity("bengio")],
    equations: { chosen in
      let (lines, g) = chosen.gradient()
      return lines
        + (chosen.word("form") == "torch"
          ? ["v = momentum * v + \(g)", "W = W - lr * (\(g) + momentum * v)"]
          : ["W = W + momentum**2 * v - (1 + momentum) * lr * \(g)", "v = momentum * v - lr * \(g)"])
    })
}
