extension ReadyModel {
  package static let parabola = ReadyModel(
    name: "parabola", summary: "a curve that is linear in its parameters: the quadratic design matrix",
    source: "Bishop, \"Pattern Recognition and Machine Learning\" (2006), 1.1 and 3.1 (polynomial "
      + "basis functions)",
    conventions: [
      "the columns of Phi are 1, x and x²; sse is the sum over the points, without a half"
    ],
    equations: """
      Phi = x**[[0, 1, 2]]
      yhat = Phi @ w
      L = sse(y, yhat)
      """,
    parameters: [
      "w": "[0.5; -0.4; 0.3]"
    ],
    given: [
      "x": "[-2; -1; 0.5; 1; 2]",
      "y": "[5; 2; 1.25; 2; 5]",
    ])
}
