extension ReadyModel {
  package static let autoencoder = ReadyModel(
    name: "autoencoder", summary: "an input rebuilt from fewer numbers",
    source: "Goodfellow, Bengio and Courville, \"Deep Learning\" (2016), 14.1",
    conventions: [
      "the input is its own target; the weights of encoder and decoder are not tied"
    ],
    equations: """
      # encoder
      h = tanh(X @ W1 + b1)
      # decoder
      r = h @ W2 + b2
      L = mse(X, r)
      """,
    parameters: [
      "W1": "[0.7 0.1; 0.6 0.3; 0.4 -0.7; 0.1 0.1]",
      "b1": "[[0.7, -0.2]]",
      "W2": "[0.2 -0.8 -0.2 -0.3; -0.6 0.6 -0.2 0.9]",
      "b2": "[[0.2, 0.2, 0.2, 0.3]]",
    ],
    given: [
      "X": "[-1.4 -0.2 -1 -0.4; -1.6 1.9 -1.1 0.7; -0.8 1.5 0.6 -1.5; 1.4 1.8 1.6 0.3; -1.4 -1.2 1.7 0.2]"
    ])
}
