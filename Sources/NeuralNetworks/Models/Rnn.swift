extension ReadyModel {
  package static let rnn = ReadyModel(
    name: "rnn", summary: "a recurrent network over three steps, its weights used in each",
    source: "Karpathy, \"min-char-rnn\" (2015), and Stanford CS231n, assignment 3 (names and layout)",
    conventions: [
      "a sample is a row of every x; the first state h0 is given, and only the last state is "
        + "read"
    ],
    equations: """
      # recurrence
      repeat t = 1..3:
        q{t} = x{t} @ Wx + h{t-1} @ Wh + b
        h{t} = tanh(q{t})
      end
      # output
      Z = h3 @ Wy + by
      S = softmax(Z)
      L = cross_entropy(Y, S)
      """,
    parameters: [
      "Wx": "[0.4 -0.9 0.8 -0.1 -0.2; 0.4 0.1 0.4 -0.7 0.1]",
      "Wh":
        "[0.1 0.8 -0.8 -0.1 0.2; 0.1 -0.8 0.2 -0.5 -0.5; 0.7 -0.5 -0.1 0.5 0.4; "
        + "0.1 0.6 -0.1 0.2 0.6; 0.3 0.3 -0.2 0.1 -0.2]",
      "b": "[[0.4, -0.2, -0.1, 0.5, 0.1]]",
      "Wy": "[-0.3 0.6 -0.2; 0.6 0.5 -0.1; 0.4 -0.8 -0.2; 0.6 0.1 0.1; 0.3 0.3 0.2]",
      "by": "[[-0.1, -0.6, -0.4]]",
    ],
    given: [
      "x1": "[-0.8 -0.3; 2 -0.6; -0.2 -0.5; 0.3 1.8]",
      "x2": "[1.6 -0.5; -0.9 1.5; 0.1 0.7; -1.7 1.5]",
      "x3": "[-0.7 0.1; -1.2 -0.3; 1.3 1.3; -0.1 1.1]",
      "h0": "[-0.1 -0.2 0.1 -0.5 -0.3; 0.4 0.5 -0.8 0.4 0.6; -0.1 -0.8 0.3 -0.5 0.3; -0.2 0.2 -0.4 0.1 0.1]",
      "Y": "[1 0 0; 0 0 1; 0 1 0; 1 0 0]",
    ])
}
