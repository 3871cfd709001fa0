extension Optimizer {
  package static let adamw = Optimizer(
    name: "adamw", summary: "adam with a weight decay of its own, which the means do not see",
    source:
      "Loshchilov and Hutter, \"Decoupled Weight Decay Regularization\" (2019), algorithm 2, the decay scaled by lr as in PyTorch and Keras; weight_decay is PyTorch's 0.01",
    usualRate: 0.001, memory: ["u", "v"],
    numbers: moments + [
      Number(
        name: "weight_decay", usual: 0.01, range: 0...1e6,
        summary: "is what every weight loses for itself, times lr; l2 of adam goes through the means")
    ], choices: [momentRoot],
    equations: { chosen in
      ["w = W - lr * weight_decay * W"] + adamLines(chosen, gradient: "dW", from: "w")
    })
}
