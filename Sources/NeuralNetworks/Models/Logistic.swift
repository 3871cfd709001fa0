extension ReadyModel {
  package static let logistic = ReadyModel(
    name: "logistic", summary: "yes or no from a weighted sum: logistic regression",
    source: "Bishop, \"Pattern Recognition and Machine Learning\" (2006), 4.3.2",
    conventions: [
      "binary_cross_entropy is the mean over the samples; Bishop's (4.90) is their sum"
    ],
    equations: """
      a = X @ w + b
      y = sigmoid(a)
      L = binary_cross_entropy(t, y)
      """,
    parameters: [
      "w": "[-0.8; -0.8; 0.1]",
      "b": "-0.3",
    ],
    given: [
      "X": "[-0.1 1.7 0.5; 0.1 0.1 -1; -2 -1.2 0.8; -1.2 -0.5 -2; 1.3 -1.4 -0.9]",
      "t": "[1; 0; 0; 1; 1]",
    ])
}
