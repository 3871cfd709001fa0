extension ReadyModel {
  package static let dropout = ReadyModel(
    name: "dropout", summary: "units that a mask switches off, drawn beforehand and a value of its own",
    source: "Srivastava et al., \"Dropout: A Simple Way to Prevent Neural Networks from Overfitting\" "
      + "(2014)",
    conventions: [
      "inverted dropout, as PyTorch has it: what is kept is divided by its share q, so that "
        + "nothing changes when the mask is gone; the paper scales the weights afterwards",
      "M is drawn once; 'set M = rand(4, 6) < q' draws another",
    ],
    equations: """
      # hidden layer
      H = relu(X @ W1 + b1)
      # dropout
      D = H * M / q
      # output
      Z = D @ W2 + b2
      S = softmax(Z)
      L = cross_entropy(Y, S)
      """,
    parameters: [
      "W1": "[0.6 0.3 0.4 0.2 0.8 -0.3; -0.2 -0.5 -0.8 -0.5 0.7 0.6]",
      "b1": "[[-0.7, 0.2, 0.1, 0.2, 0.3, -0.3]]",
      "W2": "[0.8 -0.1 0.2; 0.2 -0.6 -0.8; -0.2 0.5 0.6; 0.4 -0.7 0.7; 0.5 0.7 0.1; 0.7 -0.8 -0.8]",
      "b2": "[[-0.9, -0.4, -0.5]]",
    ],
    given: [
      "X": "[1.7 -1.2; 1.4 -1.3; 1.9 0.5; 0.4 1.9]",
      "Y": "[1 0 0; 0 0 1; 0 1 0; 1 0 0]",
      "M": "[1 1 0 1 1 1; 1 0 1 1 1 0; 0 1 1 1 0 1; 1 1 1 0 1 1]",
      "q": "0.75",
    ])
}
