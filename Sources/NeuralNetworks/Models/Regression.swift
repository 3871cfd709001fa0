extension ReadyModel {
  package static let regression = ReadyModel(
    name: "regression", summary: "a line through points: linear regression",
    source: "Goodfellow, Bengio and Courville, \"Deep Learning\" (2016), 5.1.4",
    conventions: [
      "a sample is a row of X; mse is the mean over the samples, without a half"
    ],
    equations: """
      yhat = X @ w + b
      L = mse(y, yhat)
      """,
    parameters: [
      "w": "[0.2; 0.7; 0.5]",
      "b": "0.2",
    ],
    given: [
      "X": "[-1.1 -0.8 1.5; -2 1.3 1.2; -0.1 -0.8 -0.9; -1 -0.2 0.1; 0.2 2 1.2]",
      "y": "[0.2; 0.9; -0.5; -0.6; 0.2]",
    ])
}
