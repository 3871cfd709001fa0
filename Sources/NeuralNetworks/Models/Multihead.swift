extension ReadyModel {
  package static let multihead = ReadyModel(
    name: "multihead", summary: "two attention heads side by side",
    source: "Vaswani et al., \"Attention Is All You Need\" (2017), 3.2.2",
    conventions: [
      "one matrix for every head; libraries stack them in one"
    ],
    equations: """
      # heads
      repeat i = 1..2:
        Q{i} = X @ WQ{i}
        K{i} = X @ WK{i}
        V{i} = X @ WV{i}
        A{i} = softmax(Q{i} @ K{i}.T / sqrt(3))
        head{i} = A{i} @ V{i}
      end
      # together
      O = concat(head1, head2, axis=1) @ WO
      # loss
      L = mse(Y, O)
      """,
    parameters: [
      "WQ1": "[0.4 -0.8 -0.8; -0.2 -0.5 0.6; 0.4 0.1 0.3; 0.3 0.5 0.8; -0.6 0.2 -0.6]",
      "WK1": "[-0.1 0.5 0.7; 0.5 -0.8 -0.3; -0.6 0.9 -0.6; -0.5 -0.3 -0.8; 0.7 0.2 -0.6]",
      "WV1": "[0.1 -0.8; 0.2 -0.5; -0.8 -0.7; 0.1 0.2; -0.3 0.3]",
      "WQ2": "[0.4 -0.8 0.6; 0.3 -0.6 -0.1; -0.8 0.5 0.4; 0.5 0.5 -0.4; 0.5 -0.5 -0.7]",
      "WK2": "[-0.2 0.1 -0.4; 0.2 0.2 -0.5; 0.2 -0.3 0.4; -0.4 0.5 -0.2; 0.1 0.3 0.1]",
      "WV2": "[-0.4 0.9; -0.7 -0.3; 0.1 -0.8; -0.6 0.5; 0.5 0.2]",
      "WO":
        "[-0.3 -0.7 -0.3 -0.2 0.7; -0.7 -0.7 0.1 0.8 0.7; "
        + "0.7 0.5 -0.4 0.3 -0.3; 0.4 -0.2 -0.6 0.7 0.3]",
    ],
    given: [
      "X": "[1 0.2 1.1 -0.2 0.3; -1.7 0.2 1.3 0.8 1.2; 0.1 1.5 -1.6 1.5 -0.5; -1.6 0.5 -0.2 -0.3 1.4]",
      "Y": "[-0.7 0.2 -0.2 0.1 0.1; -0.7 0.1 0.7 -0.6 -0.9; -0.8 -0.1 0.9 -0.8 0.9; 0.1 -0.7 -0.1 -0.5 0.4]",
    ])
}
