extension ReadyModel {
  package static let lstm = ReadyModel(
    name: "lstm", summary: "long short-term memory over two steps",
    source: "Hochreiter and Schmidhuber (1997) with the forget gate of Gers, Schmidhuber and Cummins "
      + "(2000); names as in Stanford CS231n, assignment 3",
    conventions: [
      "one matrix for every gate; stacked in one they stand as i, f, o, g in CS231n and as i, "
        + "f, g, o in PyTorch",
      "the forget gate's bias begins at 1 (Jozefowicz, Zaremba and Sutskever 2015)",
    ],
    equations: """
      # recurrence
      repeat t = 1..2:
        i{t} = sigmoid(x{t} @ Wi + h{t-1} @ Ui + bi)
        f{t} = sigmoid(x{t} @ Wf + h{t-1} @ Uf + bf)
        o{t} = sigmoid(x{t} @ Wo + h{t-1} @ Uo + bo)
        g{t} = tanh(x{t} @ Wg + h{t-1} @ Ug + bg)
        c{t} = f{t} * c{t-1} + i{t} * g{t}
        h{t} = o{t} * tanh(c{t})
      end
      # output
      P = h2 @ Wy + by
      L = mse(Y, P)
      """,
    parameters: [
      "Wi": "[0.2 -0.5 0.8 -0.4; -0.3 -0.4 -0.8 -0.1]",
      "Wf": "[0.5 0.4 -0.5 -0.7; -0.3 0.5 0.1 0.8]",
      "Wo": "[0.3 0.2 0.5 0.5; -0.3 -0.4 -0.1 0.1]",
      "Wg": "[-0.6 -0.1 0.3 -0.7; -0.7 -0.6 -0.4 0.8]",
      "Ui": "[-0.9 -0.6 -0.6 0.1; -0.9 -0.1 -0.6 -0.4; 0.5 -0.6 0.2 -0.2; -0.1 0.6 -0.6 0.8]",
      "Uf": "[0.7 0.3 -0.8 0.3; 0.2 0.5 -0.5 0.8; 0.7 -0.7 -0.3 -0.8; 0.6 0.7 0.9 0.2]",
      "Uo": "[0.3 0.3 0.1 0.8; 0.2 -0.3 0.1 -0.9; 0.4 0.3 -0.1 0.6; 0.5 -0.3 -0.8 -0.7]",
      "Ug": "[-0.6 -0.4 -0.1 0.8; -0.4 0.7 0.3 0.6; -0.2 -0.9 0.5 -0.5; -0.6 0.5 0.3 -0.5]",
      "bi": "[[-0.4, 0.8, -0.4, 0.4]]",
      "bf": "[[1, 1, 1, 1]]",
      "bo": "[[-0.7, 0.6, -0.7, 0.1]]",
      "bg": "[[-0.8, 0.1, 0.6, -0.7]]",
      "Wy": "[-0.4 0.5 0.2 -0.3 0.2; -0.1 0.7 -0.4 0.5 0.2; 0.4 -0.2 0.4 0.4 -0.2; -0.9 0.8 0.4 -0.5 0.4]",
      "by": "[[-0.4, -0.1, 0.6, -0.1, -0.4]]",
    ],
    given: [
      "x1": "[-0.8 -1.7; -1.1 -0.9; -1.3 -1.7]",
      "x2": "[-0.1 -1.1; 1 1.7; -0.9 0.3]",
      "h0": "[0.1 -0.8 -0.7 0.7; 0.1 0.5 -0.8 0.2; 0.7 0.7 -0.9 0.1]",
      "c0": "[-0.2 0.5 -0.8 -0.4; 0.6 -0.1 -0.1 0.8; -0.3 -0.8 -0.2 -0.6]",
      "Y": "[-0.8 0.1 0.8 0.1 0.3; -0.3 0.1 0.5 0.2 0.5; 0.1 -0.5 0.1 0.1 -0.6]",
    ])
}
