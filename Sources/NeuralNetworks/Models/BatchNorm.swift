extension ReadyModel {
  package static let batchNorm = ReadyModel(
    name: "batchnorm", summary: "batch normalisation: every unit over the batch",
    source: "Ioffe and Szegedy, \"Batch Normalization\" (2015), algorithm 1",
    conventions: [
      "the variance divides by n, as the batch's does; PyTorch's running variance divides by n "
        + "- 1",
      "epsilon is 1e-5 and stands inside the root",
    ],
    equations: """
      # layer
      Z = X @ W1 + b1
      # batch normalisation
      mu = mean(Z, axis=0)
      C = Z - mu
      v = mean(C**2, axis=0)
      s = sqrt(v + 1e-5)
      N = C / s
      B = gamma * N + beta
      # output
      A = relu(B)
      P = A @ W2 + b2
      L = mse(Y, P)
      """,
    parameters: [
      "W1": "[-0.2 -0.2 0.1 -0.5; -0.5 -0.3 -0.1 -0.8]",
      "b1": "[[0.5, 0.1, -0.4, -0.8]]",
      "gamma": "[[1.1, 0.9, 1.2, 0.8]]",
      "beta": "[[0.5, -0.7, -0.7, -0.7]]",
      "W2": "[-0.8 0.7 -0.4; -0.3 0.6 0.2; -0.6 -0.1 0.7; -0.2 0.4 -0.7]",
      "b2": "[[0.4, 0.5, 0.6]]",
    ],
    given: [
      "X": "[0.7 -0.5; -1.7 0.1; 1 -1.2; -0.9 0.1; 1 1.6]",
      "Y": "[-0.7 -0.6 0.5; 0.3 0.4 0.9; 0.8 0.6 0.5; -0.2 0.3 -0.6; 0.5 0.5 0.4]",
    ])
}
