extension ReadyModel {
  package static let ganStep = ReadyModel(
    name: "gan-step", summary: "one step of a generative adversarial network: the discriminator's",
    source: "Goodfellow et al., \"Generative Adversarial Nets\" (2014), algorithm 1",
    conventions: [
      "the discriminator's loss, which only its own parameters are trained for: 'info' lists "
        + "the generator's among the constants; 'model gan-generator' has the other loss",
      "the loss is minimised; the paper ascends its negative",
    ],
    equations: """
      # generator
      G = tanh(z @ Wg + bg)
      # discriminator
      F = sigmoid(tanh(G @ Wd + bd) @ wo + bo)
      R = sigmoid(tanh(X @ Wd + bd) @ wo + bo)
      # discriminator's loss
      L = -mean(log(R) + log(1 - F))
      """,
    parameters: [
      "Wd": "[0.1 -0.9 -0.2 0.8; -0.7 0.7 0.3 -0.4; 0.5 -0.4 0.7 -0.8]",
      "bd": "[[-0.7, 0.5, -0.1, -0.6]]",
      "wo": "[0.1; -0.4; 0.1; 0.4]",
      "bo": "0.1",
    ],
    given: [
      "z": "[0.6 -0.8; 0.2 0.9; -0.1 0.5; -0.7 0.7; 0.1 0.7]",
      "X": "[0.5 0.7 -0.8; 0.4 -0.5 -0.4; -0.3 0.2 0.2; 0.8 -0.9 -0.6; -0.2 0.6 0.1]",
      "Wg": "[-0.8 0.1 -0.6; -0.2 -0.4 0.2]",
      "bg": "[[0.6, 0.8, -0.3]]",
    ])
}
