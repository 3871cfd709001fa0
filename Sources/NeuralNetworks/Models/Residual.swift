extension ReadyModel {
  package static let residual = ReadyModel(
    name: "residual", summary: "a block whose input is added to its output",
    source: "He, Zhang, Ren and Sun, \"Deep Residual Learning for Image Recognition\" (2016), equation "
      + "1, without batch normalisation",
    conventions: [
      "relu follows the sum, as in the paper's figure 2; later ones have it before"
    ],
    equations: """
      # block
      F = relu(X @ W1 + b1) @ W2 + b2
      H = relu(F + X)
      # classes
      Z = H @ W3 + b3
      S = softmax(Z)
      L = cross_entropy(Y, S)
      """,
    parameters: [
      "W1": "[-0.6 0.7 0.3 0.1 -0.2 -0.2; -0.5 -0.8 0.7 -0.1 0.1 -0.3; 0.5 -0.9 -0.2 -0.8 -0.7 0.8]",
      "b1": "[[0.3, -0.1, 0.1, 0.7, -0.3, 0.2]]",
      "W2": "[0.3 -0.3 0.1; 0.5 0.7 -0.6; 0.8 -0.9 0.5; 0.6 -0.7 -0.1; 0.6 -0.9 0.2; 0.5 0.1 0.4]",
      "b2": "[[-0.5, -0.5, -0.2]]",
      "W3": "[-0.6 -0.3; 0.8 0.1; -0.3 -0.4]",
      "b3": "[[0.8, -0.1]]",
    ],
    given: [
      "X": "[0.9 1.2 0.3; -1.3 1.7 0.6; 0.3 -0.7 -1.2; 1.3 -1.9 -1.3; 0.8 1.6 1.7]",
      "Y": "[1 0; 0 1; 0 1; 1 0; 0 1]",
    ])
}
