extension Optimizer {
  package static let adam = Optimizer(
    name: "adam",
    summary: "each entry at its own pace: mean of the gradients over the root of their squares' mean",
    source:
      "Kingma and Ba, \"Adam: A Method for Stochastic Optimization\" (2015), algorithm 1, as in PyTorch; eps_at=uncorrected is the paper's other order (end of section 2) and Keras', with epsilon beside the uncorrected root",
    usualRate: 0.001, memory: ["u", "v"], numbers: moments + [.l2], choices: [momentRoot],
    equations: { chosen in
      let (lines, g) = chosen.gradient()
      return lines + adamLines(chosen, gradient: g, from: "W")
    })

  static let moments: [Number] = [
    Number(
      name: "beta1", usual: 0.9, range: 0...0.9999999999,
      summary: "is the share of the mean gradient that stays"),
    Number(
      name: "beta2", usual: 0.999, range: 0...0.9999999999,
      summary: "is the share of the mean square that stays"),
    .epsilon(1e-8),
  ]

  static let momentRoot = Choice(
    name: "eps_at", words: ["outside", "inside", "uncorrected"],
    summary:
      "where epsilon stands: sqrt(vhat) + epsilon, sqrt(vhat + epsilon), or sqrt(v) + epsilon before the correction"
  )

  /// The step from a point, with both means corrected for beginning at 0.
  static func adamLines(_ chosen: ChosenOptimizer, gradient g: String, from point: String) -> [String] {
    let means = ["u = beta1 * u + (1 - beta1) * \(g)", "v = beta2 * v + (1 - beta2) * \(g)**2"]
    if chosen.word("eps_at") == "uncorrected" {
      return means + [
        "W = \(point) - lr * sqrt(1 - beta2**t) / (1 - beta1**t) * u / (sqrt(v) + epsilon)"
      ]
    }
    return means + [
      "uhat = u / (1 - beta1**t)", "vhat = v / (1 - beta2**t)",
      "W = \(point) - lr * uhat / \(chosen.root("vhat"))",
    ]
  }
}
