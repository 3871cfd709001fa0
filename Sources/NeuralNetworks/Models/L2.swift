extension ReadyModel {
  package static let l2 = ReadyModel(
    name: "l2", summary: "weight decay as a part of the loss",
    source: "Krogh and Hertz, \"A Simple Weight Decay Can Improve Generalization\" (1992), equation 2",
    conventions: [
      "R is half the sum of squares, so that its gradient is lambda * W; biases are not "
        + "decayed",
      "AdamW's decay is none of the loss: 'optimizer adamw'",
    ],
    equations: """
      # data
      H = tanh(X @ W1 + b1)
      P = H @ W2 + b2
      E = mse(Y, P)
      # penalty
      R = lambda * (sum(W1**2) + sum(W2**2)) / 2
      L = E + R
      """,
    parameters: [
      "W1": "[0.8 0.1 0.6 0.3; 0.2 -0.6 0.1 -0.8; 0.5 0.8 0.6 -0.8]",
      "b1": "[[-0.3, -0.3, -0.7, 0.2]]",
      "W2": "[0.5 -0.3; 0.7 0.5; -0.7 0.5; 0.7 -0.5]",
      "b2": "[[0.1, 0.2]]",
    ],
    given: [
      "X": "[0.4 -1.6 0.6; 0.5 1.3 1.2; -0.7 0.9 1.5; 1.6 -1.4 -1.9; 0.6 -1.1 0.3]",
      "Y": "[0.8 -0.2; -0.4 -0.1; 0.3 -0.7; -0.2 -0.7; 0.3 0.6]",
      "lambda": "0.1",
    ])
}
