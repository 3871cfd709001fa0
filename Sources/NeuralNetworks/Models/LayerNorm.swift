extension ReadyModel {
  package static let layerNorm = ReadyModel(
    name: "layernorm", summary: "layer normalisation: every sample over its units",
    source: "Ba, Kiros and Hinton, \"Layer Normalization\" (2016), equation 4",
    conventions: [
      "the variance divides by n; epsilon is 1e-5 and stands inside the root, as in PyTorch"
    ],
    equations: """
      # layer
      Z = X @ W1 + b1
      # layer normalisation
      mu = mean(Z, axis=1)
      C = Z - mu
      v = mean(C**2, axis=1)
      s = sqrt(v + 1e-5)
      N = C / s
      B = gamma * N + beta
      # output
      A = relu(B)
      P = A @ W2 + b2
      L = mse(Y, P)
      """,
    parameters: [
      "W1": "[-0.1 -0.2 -0.1 -0.8; 0.6 0.1 -0.2 0.1]",
      "b1": "[[0.4, -0.2, 0.6, 0.8]]",
      "gamma": "[[1.1, 0.9, 1.2, 0.8]]",
      "beta": "[[-0.2, -0.7, 0.5, 0.9]]",
      "W2": "[-0.6 0.4 0.6; 0.8 -0.7 -0.7; 0.9 -0.7 -0.6; 0.1 -0.1 0.5]",
      "b2": "[[-0.6, 0.7, -0.5]]",
    ],
    given: [
      "X": "[1.1 -1.7; -0.1 -1.9; -0.7 -0.8; 0.9 -0.2; -1.8 2]",
      "Y": "[0.7 0.7 -0.5; -0.2 -0.5 -0.7; -0.8 0.1 -0.7; -0.6 0.6 0.1; -0.6 0.3 -0.4]",
    ])
}
