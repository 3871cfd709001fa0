extension ReadyModel {
  package static let gpt = ReadyModel(
    name: "gpt", summary: "a small language model: it predicts the next token",
    source: "Radford et al., \"Language Models are Unsupervised Multitask Learners\" (2019), GPT-2, "
      + "one block with two heads",
    conventions: [
      "the norm stands before each part, and one more before the head, as in GPT-2",
      "gelu in its exact form, where GPT-2 has the tanh form; the head has a matrix of its "
        + "own, where GPT-2 uses E.T",
      "tokens are one-hot rows of X; the rows of Y are those of X one later",
    ],
    equations: """
      # embedding
      H0 = X @ E + P
      # first norm
      C1 = H0 - mean(H0, axis=1)
      s1 = sqrt(mean(C1**2, axis=1) + 1e-5)
      N1 = gamma1 * C1 / s1 + beta1
      # attention
      M = arange(m).reshape(m, 1) >= arange(m)
      repeat i = 1..2:
        Q{i} = N1 @ WQ{i}
        K{i} = N1 @ WK{i}
        V{i} = N1 @ WV{i}
        S{i} = where(M, Q{i} @ K{i}.T / sqrt(3), -1/0)
        A{i} = softmax(S{i})
        head{i} = A{i} @ V{i}
      end
      H1 = H0 + head1 @ WO1 + head2 @ WO2
      # second norm
      C2 = H1 - mean(H1, axis=1)
      s2 = sqrt(mean(C2**2, axis=1) + 1e-5)
      N2 = gamma2 * C2 / s2 + beta2
      # feed-forward
      F = gelu(N2 @ W1 + b1)
      H2 = H1 + F @ W2 + b2
      # head
      C3 = H2 - mean(H2, axis=1)
      s3 = sqrt(mean(C3**2, axis=1) + 1e-5)
      N3 = gamma3 * C3 / s3 + beta3
      Z = N3 @ WU
      probs = softmax(Z)
      L = cross_entropy(Y, probs)
      """,
    parameters: [
      "E":
        "[-0.7 -0.1 0.1 -0.1 0.2; -0.4 0.7 -0.4 -0.7 -0.3; 0.8 -0.6 -0.4 0.8 -0.3; "
        + "0.6 -0.8 0.7 -0.5 -0.6; 0.4 0.9 0.8 0.5 0.7; 0.9 0.1 -0.6 0.6 -0.2]",
      "P": "[-0.3 0.1 -0.8 -0.9 -0.4; 0.2 0.4 0.8 0.6 0.8; 0.2 0.4 0.2 -0.8 -0.8; 0.5 -0.5 0.5 -0.1 -0.9]",
      "gamma1": "[[1.1, 0.9, 1.2, 0.8, 1]]",
      "beta1": "[[0.1, -0.1, -0.8, -0.4, -0.3]]",
      "WQ1": "[-0.3 0.4 -0.6; -0.1 0.2 0.8; -0.7 -0.8 -0.6; -0.5 -0.6 -0.8; -0.5 -0.5 0.1]",
      "WK1": "[0.3 -0.2 -0.6; -0.7 -0.4 -0.6; 0.1 0.7 0.4; -0.5 -0.8 -0.8; -0.1 -0.2 0.3]",
      "WV1": "[-0.7 -0.4; 0.3 0.1; 0.1 0.7; -0.7 -0.5; 0.1 0.1]",
      "WO1": "[0.9 0.9 0.2 0.5 0.4; -0.7 0.2 -0.3 -0.3 -0.6]",
      "WQ2": "[-0.9 0.6 0.4; 0.5 -0.4 -0.1; -0.6 0.2 0.6; 0.5 0.8 -0.4; 0.4 -0.7 0.1]",
      "WK2": "[-0.7 0.1 0.1; -0.3 -0.3 0.4; 0.1 -0.2 -0.7; -0.4 0.6 0.8; -0.2 0.7 0.7]",
      "WV2": "[-0.5 -0.4; 0.4 -0.3; 0.8 -0.2; 0.4 0.4; -0.5 0.7]",
      "WO2": "[-0.3 -0.7 -0.8 -0.1 0.2; -0.4 0.6 -0.4 0.6 -0.8]",
      "gamma2": "[[1.1, 0.9, 1.2, 0.8, 1]]",
      "beta2": "[[-0.4, -0.6, -0.1, -0.3, -0.2]]",
      "W1":
        "[-0.4 0.6 0.9 0.7 0.8 -0.6 -0.6; -0.5 -0.2 -0.7 -0.6 -0.9 0.8 -0.3; "
        + "0.2 -0.1 0.4 0.6 -0.2 0.1 -0.7; -0.4 -0.5 -0.3 -0.3 0.1 -0.3 -0.3; "
        + "0.6 -0.9 -0.9 -0.8 0.7 0.2 0.4]",
      "b1": "[[0.8, -0.5, 0.8, -0.5, 0.1, 0.3, 0.5]]",
      "W2":
        "[-0.5 0.1 -0.8 -0.4 0.9; 0.7 0.1 0.5 0.7 -0.3; 0.9 -0.1 -0.6 0.1 0.2; "
        + "0.3 0.3 -0.8 0.3 0.8; 0.3 0.9 0.1 0.6 -0.6; 0.7 -0.1 0.7 -0.3 0.2; 0.6 0.4 0.2 0.8 -0.7]",
      "b2": "[[-0.7, 0.1, 0.8, 0.3, -0.3]]",
      "gamma3": "[[1.1, 0.9, 1.2, 0.8, 1]]",
      "beta3": "[[0.6, 0.1, 0.2, -0.2, 0.6]]",
      "WU":
        "[0.1 0.4 0.7 0.2 -0.1 -0.4; 0.7 0.5 0.5 -0.5 -0.1 0.7; -0.5 0.6 0.1 -0.5 -0.2 -0.8; "
        + "0.3 0.4 -0.8 -0.4 0.5 -0.5; 0.1 0.6 0.1 -0.7 0.7 0.4]",
    ],
    given: [
      "X": "[1 0 0 0 0 0; 0 0 1 0 0 0; 0 0 0 0 1 0; 0 0 1 0 0 0]",
      "Y": "[0 0 1 0 0 0; 0 0 0 0 1 0; 0 0 1 0 0 0; 0 0 0 0 0 1]",
    ])
}
