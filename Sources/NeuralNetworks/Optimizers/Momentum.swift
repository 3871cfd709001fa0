extension Optimizer {
  package static let momentum = Optimizer(
    name: "momentum", summary: "gradient descent with a velocity that remembers earlier gradients",
    source:
      "PyTorch's SGD, with the rate outside the velocity; form=sutskever is that of Polyak (1964) and Sutskever et al. (2013), with the rate inside, which differs when lr changes",
    usualRate: 0.02, memory: ["v"], numbers: [.momentum, .l2], choices: [velocity("sutskever")],
    equations: { chosen in
      let (lines, g) = chosen.gradient()
      return lines
        + (chosen.word("form") == "torch"
          ? ["v = momentum * v + \(g)", "W = W - lr * v"] : ["v = momentum * v - lr * \(g)", "W = W + v"])
    })

  static func velocity(_ other: String) -> Choice {
    Choice(
      name: "form", words: ["torch", other],
      summary: "torch has the rate outside the velocity, \(other) inside")
  }
}

extension Optimizer.Number {
  static let momentum = Optimizer.Number(
    name: "momentum", usual: 0.9, range: 0...1, summary: "is the share of the velocity that stays")
}
