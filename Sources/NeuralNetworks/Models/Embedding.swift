extension ReadyModel {
  package static let embedding = ReadyModel(
    name: "embedding", summary: "word vectors that predict their neighbours: skip-gram",
    source: "Mikolov et al., \"Efficient Estimation of Word Representations in Vector Space\" (2013), "
      + "with the full softmax",
    conventions: [
      "a word is a position in E; the gradient of one that stands twice is a sum",
      "two tables: E for the words in the middle, U for those around them; negative sampling "
        + "replaces the softmax in practice",
    ],
    equations: """
      # embedding
      V = E[center]
      # scores
      Z = V @ U.T
      S = softmax(Z)
      L = cross_entropy(onehot(context, 6), S)
      """,
    parameters: [
      "E": "[-0.1 -0.7; 0.4 -0.5; -0.8 0.2; 0.7 -0.9; 0.5 -0.6; -0.7 -0.9]",
      "U": "[-0.4 0.4; 0.1 0.6; -0.5 -0.3; -0.4 0.9; 0.8 -0.3; -0.1 -0.3]",
    ],
    given: [
      "center": "[1, 2, 2, 4]",
      "context": "[0, 1, 3, 5]",
    ])
}
