extension ReadyModel {
  package static let gru = ReadyModel(
    name: "gru", summary: "a gated recurrent unit over two steps, reset before the product",
    source: "Cho et al., \"Learning Phrase Representations using RNN Encoder-Decoder\" (2014), "
      + "equations 5 to 8",
    conventions: [
      "the reset gate is applied to the state before the product: (r * h) @ Uh; 'model "
        + "gru-after' has it behind",
      "z keeps the old state, as in Cho et al.; in Chung et al. (2014) it takes the new one",
    ],
    equations: """
      # recurrence
      repeat t = 1..2:
        z{t} = sigmoid(x{t} @ Wz + h{t-1} @ Uz + bz)
        r{t} = sigmoid(x{t} @ Wr + h{t-1} @ Ur + br)
        n{t} = tanh(x{t} @ Wh + (r{t} * h{t-1}) @ Uh + bh)
        h{t} = z{t} * h{t-1} + (1 - z{t}) * n{t}
      end
      # output
      P = h2 @ Wy + by
      L = mse(Y, P)
      """,
    parameters: [
      "Wz": "[0.2 0.6 -0.7 0.1; 0.4 -0.2 -0.4 -0.2]",
      "Uz": "[0.1 0.3 0.1 -0.7; 0.6 0.8 -0.7 -0.5; -0.6 0.6 0.7 -0.8; -0.3 -0.6 -0.1 0.8]",
      "bz": "[[-0.8, -0.6, 0.1, 0.1]]",
      "Wr": "[0.4 -0.1 -0.6 -0.3; 0.9 0.5 -0.7 0.6]",
      "Ur": "[-0.3 0.5 -0.9 0.7; -0.6 -0.1 0.3 0.1; -0.6 -0.6 -0.4 -0.8; -0.5 -0.7 -0.1 -0.3]",
      "br": "[[0.2, -0.4, -0.8, -0.3]]",
      "Wh": "[0.5 -0.4 -0.2 0.5; -0.2 0.7 0.8 -0.3]",
      "Uh": "[0.4 -0.4 -0.6 -0.1; 0.2 0.8 -0.6 0.4; 0.1 -0.7 0.9 0.4; -0.7 0.7 -0.7 -0.7]",
      "bh": "[[-0.3, 0.8, -0.8, 0.8]]",
      "Wy": "[0.2 -0.8 0.1 -0.1 0.1; 0.4 0.3 0.9 -0.6 0.6; -0.2 0.5 0.7 0.9 -0.4; -0.1 0.8 0.8 -0.2 0.8]",
      "by": "[[-0.2, -0.2, 0.5, -0.1, -0.1]]",
    ],
    given: [
      "x1": "[-0.5 -0.3; -1.4 -1.8; 1 0.3]",
      "x2": "[0.7 1.2; -1.1 -1.1; -0.9 -0.8]",
      "h0": "[0.5 -0.2 -0.3 0.2; -0.6 -0.7 0.4 0.5; -0.4 0.2 -0.8 -0.2]",
      "Y": "[0.1 -0.4 -0.3 0.2 0.2; -0.6 0.4 -0.8 0.8 -0.5; -0.4 -0.5 0.9 -0.4 0.2]",
    ])
}
