extension ReadyModel {
  package static let siamese = ReadyModel(
    name: "siamese", summary: "two inputs through the same weights, near or far",
    source: "Hadsell, Chopra and LeCun, \"Dimensionality Reduction by Learning an Invariant Mapping\" "
      + "(2006), equation 4",
    conventions: [
      "y is 0 for a similar pair and 1 for a different one, as in the paper; the margin is 1",
      "the mean over the pairs, where the paper has the sum",
    ],
    equations: """
      # twins
      G1 = tanh(X1 @ W + b)
      G2 = tanh(X2 @ W + b)
      # distance
      D = sqrt(sum((G1 - G2)**2, axis=1))
      # contrastive loss
      E = (1 - y) * D**2 / 2 + y * maximum(1 - D, 0)**2 / 2
      L = mean(E)
      """,
    parameters: [
      "W": "[0.7 -0.2; 0.1 -0.7; 0.1 0.5]",
      "b": "[[0.4, -0.4]]",
    ],
    given: [
      "X1": "[2 0.9 -0.3; -0.3 1.1 -1.3; 0.6 0.9 0.1; 1.5 -0.1 -0.1]",
      "X2": "[-0.9 1.7 -0.7; 0.8 -0.4 1.7; 1.8 -1.9 2; 0.4 -1.7 0.1]",
      "y": "[0; 1; 1; 0]",
    ])
}
