extension ReadyModel {
  package static let gruAfter = ReadyModel(
    name: "gru-after", summary: "a gated recurrent unit over two steps, reset behind the product",
    source: "PyTorch's torch.nn.GRU, and Keras with reset_after=True, from cuDNN",
    conventions: [
      "the reset gate is applied behind the product and its bias: r * (h @ Uh + ch); 'model "
        + "gru' has it before",
      "z keeps the old state, as in both libraries",
    ],
    equations: """
      # recurrence
      repeat t = 1..2:
        z{t} = sigmoid(x{t} @ Wz + h{t-1} @ Uz + bz)
        r{t} = sigmoid(x{t} @ Wr + h{t-1} @ Ur + br)
        n{t} = tanh(x{t} @ Wh + bh + r{t} * (h{t-1} @ Uh + ch))
        h{t} = z{t} * h{t-1} + (1 - z{t}) * n{t}
      end
      # output
      P = h2 @ Wy + by
      L = mse(Y, P)
      """,
    parameters: [
      "Wz": "[0.9 0.8 -0.8 0.1; 0.2 0.4 -0.3 -0.3]",
      "Uz": "[-0.9 -0.8 0.1 -0.8; -0.5 -0.3 -0.8 -0.8; 0.8 -0.1 -0.5 0.4; -0.9 -0.5 0.8 0.7]",
      "bz": "[[0.2, -0.7, -0.3, -0.8]]",
      "Wr": "[-0.5 -0.9 -0.7 0.2; -0.7 -0.6 0.7 -0.3]",
      "Ur": "[-0.3 -0.7 0.5 0.3; 0.1 0.2 -0.7 -0.4; 0.2 0.8 0.6 0.3; 0.1 -0.9 0.7 -0.8]",
      "br": "[[-0.7, 0.3, 0.6, 0.5]]",
      "Wh": "[-0.1 -0.6 -0.8 0.6; 0.9 -0.5 0.7 -0.2]",
      "Uh": "[-0.3 0.1 -0.9 -0.1; -0.5 0.4 0.1 0.7; 0.7 -0.3 -0.4 0.8; 0.1 -0.7 -0.8 0.9]",
      "bh": "[[0.1, -0.8, 0.1, 0.1]]",
      "ch": "[[-0.1, 0.8, 0.8, -0.7]]",
      "Wy": "[-0.6 -0.2 0.6 0.2 0.4; 0.1 -0.5 0.6 -0.9 0.4; -0.6 -0.1 0.9 0.1 -0.8; -0.1 0.3 -0.8 -0.4 -0.9]",
      "by": "[[0.1, -0.2, 0.1, -0.4, 0.3]]",
    ],
    given: [
      "x1": "[-1.3 1.6; 1.8 0.1; -0.1 1.4]",
      "x2": "[-0.8 1.2; -0.9 0.9; -0.7 0.4]",
      "h0": "[0.8 -0.8 0.6 0.1; -0.2 -0.3 -0.8 -0.4; 0.2 -0.7 0.3 0.8]",
      "Y": "[0.9 0.7 0.6 -0.6 0.8; -0.5 0.7 0.7 0.2 0.1; -0.5 0.1 -0.4 -0.7 -0.7]",
    ])
}
