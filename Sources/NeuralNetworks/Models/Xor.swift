extension ReadyModel {
  package static let xor = ReadyModel(
    name: "xor", summary: "the exclusive or, which no single layer learns",
    source: "Goodfellow, Bengio and Courville, \"Deep Learning\" (2016), 6.1, with sigmoid and "
      + "cross-entropy in place of the squared error",
    conventions: [
      "three hidden units where the book has two, so that no two extents are equal"
    ],
    equations: """
      # hidden layer
      h = tanh(X @ W + c)
      # output
      z = h @ w + b
      yhat = sigmoid(z)
      L = binary_cross_entropy(y, yhat)
      """,
    parameters: [
      "W": "[0.9 -0.7 0.4; 0.8 -0.6 -0.5]",
      "c": "[[-0.4, 0.9, 0.1]]",
      "w": "[0.7; 0.9; -0.3]",
      "b": "-0.2",
    ],
    given: [
      "X": "[0 0; 0 1; 1 0; 1 1]",
      "y": "[0; 1; 1; 0]",
    ])
}
