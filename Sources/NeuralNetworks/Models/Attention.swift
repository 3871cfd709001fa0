extension ReadyModel {
  package static let attention = ReadyModel(
    name: "attention", summary: "scaled dot-product attention, one head",
    source: "Vaswani et al., \"Attention Is All You Need\" (2017), equation 1",
    conventions: [
      "a token is a row of X; the scores are divided by the root of d_k = 3, and the softmax "
        + "runs over the keys"
    ],
    equations: """
      # queries, keys, values
      Q = X @ WQ
      K = X @ WK
      V = X @ WV
      # attention
      S = Q @ K.T / sqrt(3)
      A = softmax(S)
      O = A @ V
      # loss
      L = mse(Y, O)
      """,
    parameters: [
      "WQ": "[0.1 -0.4 0.1; 0.2 0.1 -0.2; 0.5 0.7 -0.6; -0.7 -0.7 0.9]",
      "WK": "[0.8 -0.5 0.8; -0.5 0.1 0.1; 0.7 -0.8 -0.3; 0.2 -0.8 -0.5]",
      "WV": "[-0.1 0.7; 0.5 0.6; 0.5 0.4; 0.6 0.3]",
    ],
    given: [
      "X": "[0.9 -0.8 -1.3 1; -1.3 1.7 0.4 -0.7; 1.7 -1.4 0.1 -1.6; 1.9 0.3 1.2 -0.9; 1.2 0.8 0.6 1.8]",
      "Y": "[-0.1 -0.2; 0.3 0.6; -0.3 0.3; -0.5 0.1; 0.5 -0.8]",
    ])
}
