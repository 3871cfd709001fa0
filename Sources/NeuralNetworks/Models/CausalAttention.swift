extension ReadyModel {
  package static let causalAttention = ReadyModel(
    name: "causal", summary: "attention in which a token sees itself and those before it",
    source: "Vaswani et al., \"Attention Is All You Need\" (2017), 3.2.3: the mask of the decoder",
    conventions: [
      "M is 1 where a key is no later than the query; the scores of later tokens are set to -infinity "
        + "before the softmax, so that their weights are exactly 0; other sources add a large negative "
        + "number"
    ],
    equations: """
      # queries, keys, values
      Q = X @ WQ
      K = X @ WK
      V = X @ WV
      # attention
      M = tril(ones(m, m))
      S = where(M, Q @ K.T / sqrt(3), -inf)
      A = softmax(S)
      O = A @ V
      # loss
      L = mse(Y, O)
      """,
    parameters: [
      "WQ": "[-0.7 0.1 0.2; -0.8 -0.6 0.8; -0.8 -0.7 0.8; 0.2 -0.2 0.1]",
      "WK": "[0.3 -0.4 -0.7; 0.5 0.3 0.1; 0.6 0.1 0.9; -0.5 0.1 0.1]",
      "WV": "[-0.3 0.2; -0.5 0.5; 0.7 -0.7; -0.1 -0.4]",
    ],
    given: [
      "X": "[-1.7 1.6 -0.3 -1.4; 0.7 -1.2 1.6 -1.1; -1.9 -1.2 -0.6 -0.1; 1.6 0.8 -0.6 -1.9; -1.4 2 -0.2 0.8]",
      "Y": "[-0.8 -0.8; 0.6 0.2; -0.3 -0.3; -0.7 -0.6; -0.9 0.6]",
    ])
}
