extension ReadyModel {
  package static let transformer = ReadyModel(
    name: "transformer", summary: "an encoder block: attention and feed-forward, each added and normalised",
    source: "Vaswani et al., \"Attention Is All You Need\" (2017), 3.1",
    conventions: [
      "the norm follows the sum, as in the paper; GPT-2 has it before each part: 'model gpt'",
      "the variance divides by n, epsilon is 1e-5; without dropout",
    ],
    equations: """
      # attention
      repeat i = 1..2:
        Q{i} = X @ WQ{i}
        K{i} = X @ WK{i}
        V{i} = X @ WV{i}
        A{i} = softmax(Q{i} @ K{i}.T / sqrt(3))
        head{i} = A{i} @ V{i}
      end
      R = X + concat(head1, head2, axis=1) @ WO
      # first norm
      C1 = R - mean(R, axis=1)
      s1 = sqrt(mean(C1**2, axis=1) + 1e-5)
      N = gamma1 * C1 / s1 + beta1
      # feed-forward
      F = relu(N @ W1 + b1)
      H = N + F @ W2 + b2
      # second norm
      C2 = H - mean(H, axis=1)
      s2 = sqrt(mean(C2**2, axis=1) + 1e-5)
      O = gamma2 * C2 / s2 + beta2
      # loss
      L = mse(Y, O)
      """,
    parameters: [
      "WQ1": "[0.3 -0.6 -0.9; 0.2 0.1 0.7; -0.2 0.5 -0.9; -0.9 0.2 -0.5; -0.8 -0.7 -0.2]",
      "WK1": "[-0.3 0.1 0.7; -0.2 -0.6 0.1; -0.9 -0.2 -0.3; -0.2 -0.8 0.1; 0.2 0.4 0.8]",
      "WV1": "[-0.3 0.3; -0.1 -0.5; 0.7 0.4; 0.8 0.6; 0.8 -0.7]",
      "WQ2": "[-0.5 0.4 0.3; -0.2 -0.4 0.6; -0.4 -0.8 -0.5; -0.9 0.6 -0.7; 0.9 -0.5 -0.3]",
      "WK2": "[0.2 -0.3 -0.2; -0.7 -0.2 -0.9; -0.5 0.7 -0.4; -0.4 0.3 0.7; -0.4 -0.2 0.4]",
      "WV2": "[0.5 0.2; -0.6 -0.6; 0.5 0.4; 0.7 0.5; -0.1 -0.7]",
      "WO":
        "[-0.9 -0.5 -0.2 0.3 -0.1; 0.1 0.5 -0.8 0.3 -0.8; "
        + "0.7 0.4 0.1 0.3 -0.2; -0.3 0.1 0.1 0.4 0.8]",
      "gamma1": "[[1.1, 0.9, 1.2, 0.8, 1]]",
      "beta1": "[[0.6, -0.2, -0.2, 0.8, -0.2]]",
      "W1":
        "[0.1 -0.4 -0.4 0.7 0.5 -0.1 -0.2; 0.4 0.8 -0.8 -0.6 -0.2 0.1 -0.8; "
        + "-0.8 -0.5 -0.2 0.4 0.2 -0.8 -0.8; -0.1 0.7 0.7 -0.2 0.7 0.8 -0.2; "
        + "0.4 -0.2 -0.6 0.1 -0.7 0.3 0.6]",
      "b1": "[[0.7, -0.1, -0.7, 0.7, 0.7, 0.8, 0.2]]",
      "W2":
        "[0.3 -0.2 -0.6 -0.4 0.4; -0.3 0.3 0.1 -0.1 0.8; -0.6 0.1 -0.6 0.8 0.1; "
        + "-0.3 -0.6 0.2 -0.2 -0.7; -0.8 -0.2 0.1 0.1 0.7; 0.7 0.8 0.5 0.1 0.1; "
        + "-0.2 -0.2 -0.8 0.5 -0.5]",
      "b2": "[[-0.8, -0.1, 0.4, -0.1, -0.2]]",
      "gamma2": "[[1.1, 0.9, 1.2, 0.8, 1]]",
      "beta2": "[[0.5, -0.7, -0.1, 0.1, 0.6]]",
    ],
    given: [
      "X": "[1.5 -1.4 0.5 0.5 -1.4; 1.3 0.2 1.8 -1.3 0.1; -0.7 0.6 0.4 0.1 -0.7; 0.1 -0.5 1.6 -0.2 -0.1]",
      "Y": "[-0.4 -0.4 0.8 -0.3 0.7; 0.2 0.9 -0.6 0.8 0.5; 0.1 0.4 0.4 -0.1 0.2; -0.5 -0.9 0.3 0.1 0.7]",
    ])
}
