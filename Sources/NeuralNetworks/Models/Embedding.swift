extension ReadyModel {
  package static let embedding = ReadyModel(
    name: "embedding", summary: "word vectors that predict their neighbours: skip-gram",
    source: "Mikolov et al., \"Efficient Estimation of Word Representations in Vector Space\" (2013), "
      + "with the full softmax",
    conventions: [
      "words are one-hot rows, so that C @ E takes rows of E: the gradient of a word that "
        + "occurs twice is a sum",
      "two tables: E for the words in the middle, U for those around them; negative sampling "
        + "replaces the softmax in practice",
    ],
    equations: """
      # embedding
      V = C @ E
      # scores
      Z = V @ U.T
      S = softmax(Z)
      L = cross_entropy(O, S)
      """,
    parameters: [
      "E": "[-0.1 -0.7; 0.4 -0.5; -0.8 0.2; 0.7 -0.9; 0.5 -0.6; -0.7 -0.9]",
      "U": "[-0.4 0.4; 0.1 0.6; -0.5 -0.3; -0.4 0.9; 0.8 -0.3; -0.1 -0.3]",
    ],
    given: [
      "C": "[0 1 0 0 0 0; 0 0 1 0 0 0; 0 0 1 0 0 0; 0 0 0 0 1 0]",
      "O": "[1 0 0 0 0 0; 0 1 0 0 0 0; 0 0 0 1 0 0; 0 0 0 0 0 1]",
    ])
}
