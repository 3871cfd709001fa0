extension ReadyModel {
  package static let ganGenerator = ReadyModel(
    name: "gan-generator", summary: "one step of a generative adversarial network: the generator's",
    source: "Goodfellow et al., \"Generative Adversarial Nets\" (2014), algorithm 1",
    conventions: [
      "the generator's loss, which only its own parameters are trained for; 'model gan-step' "
        + "has the discriminator's",
      "-log D(G(z)), the loss that the paper recommends early in learning, in place of log(1 - "
        + "D(G(z)))",
    ],
    equations: """
      # generator
      G = tanh(z @ Wg + bg)
      # discriminator
      F = sigmoid(tanh(G @ Wd + bd) @ wo + bo)
      # generator's loss
      L = -mean(log(F))
      """,
    parameters: [
      "Wg": "[-0.8 0.1 -0.6; -0.2 -0.4 0.2]",
      "bg": "[[0.6, 0.8, -0.3]]",
    ],
    given: [
      "z": "[0.6 -0.8; 0.2 0.9; -0.1 0.5; -0.7 0.7; 0.1 0.7]",
      "Wd": "[0.1 -0.9 -0.2 0.8; -0.7 0.7 0.3 -0.4; 0.5 -0.4 0.7 -0.8]",
      "bd": "[[-0.7, 0.5, -0.1, -0.6]]",
      "wo": "[0.1; -0.4; 0.1; 0.4]",
      "bo": "0.1",
    ])
}
