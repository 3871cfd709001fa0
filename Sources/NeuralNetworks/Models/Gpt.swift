extension ReadyModel {
  package static let gpt = ReadyModel(
    name: "gpt", summary: "a small language model: it predicts the next token",
    source: "Radford et al., \"Language Models are Unsupervised Multitask Learners\" (2019), GPT-2, "
      + "one block with two heads",
    conventions: [
      "the norm stands before each part, and one more before the head, as in GPT-2",
      "gelu in its exact form, where GPT-2 has the tanh form; the head has a matrix of its "
        + "own, where GPT-2 uses E.T",
      "a token is a position in E, and what comes next the same list one later: the gradient of "
        + "a token that stands twice is a sum",
      "model gpt text=\"to be or not to be\" is this model for a text of your own, which it learns by heart: 'help model'",
    ],
    equations: gptEquations(heads: 2, width: 3, vocabulary: 6),
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
      "WQ2": "[-0.9 0.6 0.4; 0.5 -0.4 -0.1; -0.6 0.2 0.6; 0.5 0.8 -0.4; 0.4 -0.7 0.1]",
      "WK2": "[-0.7 0.1 0.1; -0.3 -0.3 0.4; 0.1 -0.2 -0.7; -0.4 0.6 0.8; -0.2 0.7 0.7]",
      "WV2": "[-0.5 -0.4; 0.4 -0.3; 0.8 -0.2; 0.4 0.4; -0.5 0.7]",
      "WO":
        "[0.9 0.9 0.2 0.5 0.4; -0.7 0.2 -0.3 -0.3 -0.6; -0.3 -0.7 -0.8 -0.1 0.2; "
        + "-0.4 0.6 -0.4 0.6 -0.8]",
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
      "ids": "[0, 2, 4, 2]",
      "next": "[2, 4, 2, 5]",
    ])

  /// - Parameter width: of the queries and keys of a head.
  private static func gptEquations(heads: Int, width: Int, vocabulary: Int) -> String {
    let joined = (1...heads).map { "head\($0)" }.joined(separator: ", ")
    return """
      # embedding
      H0 = E[ids] + P[arange(m)]
      # first norm
      C1 = H0 - mean(H0, axis=1)
      s1 = sqrt(mean(C1**2, axis=1) + 1e-5)
      N1 = gamma1 * C1 / s1 + beta1
      # attention
      M = tril(ones(m, m))
      repeat i = 1..\(heads):
        Q{i} = N1 @ WQ{i}
        K{i} = N1 @ WK{i}
        V{i} = N1 @ WV{i}
        S{i} = where(M, Q{i} @ K{i}.T / sqrt(\(width)), -inf)
        A{i} = softmax(S{i})
        head{i} = A{i} @ V{i}
      end
      heads = concat(\(joined), axis=1)
      H1 = H0 + heads @ WO
      # second norm
      C2 = H1 - mean(H1, axis=1)
      s2 = sqrt(mean(C2**2, axis=1) + 1e-5)
      N2 = gamma2 * C2 / s2 + beta2
      # feed-forward
      Z1 = N2 @ W1 + b1
      F = gelu(Z1)
      H2 = H1 + F @ W2 + b2
      # head
      C3 = H2 - mean(H2, axis=1)
      s3 = sqrt(mean(C3**2, axis=1) + 1e-5)
      N3 = gamma3 * C3 / s3 + beta3
      Z = N3 @ WU
      probs = softmax(Z)
      L = cross_entropy(onehot(next, \(vocabulary)), probs)
      """
  }

  /// The same model for a text, character by character: each is a token, and the next one is to be predicted.
  /// - Parameters:
  ///   - width: of the embedding, a multiple of the number of heads.
  ///   - seed: of the first weights, normal numbers over the square root of what each sums.
  package static func gpt(of text: [Character], width: Int, heads: Int, seed: Int) -> ReadyModel {
    let vocabulary = Set(text).sorted()
    let tokens = text.map { vocabulary.firstIndex(of: $0) ?? 0 }
    let (d, V, T) = (width, vocabulary.count, text.count - 1)
    let head = max(1, d / heads)
    var number = seed
    func drawn(_ rows: Int, _ columns: Int, _ scale: String? = nil) -> String {
      number += 1
      return "randn(\(rows), \(columns), seed=\(number)) / \(scale ?? "sqrt(\(rows))")"
    }
    var parameters: [(String, String)] = [("E", drawn(V, d, "2")), ("P", drawn(T, d, "2"))]
    for i in 1...heads {
      for name in ["WQ", "WK", "WV"] { parameters.append((name + String(i), drawn(d, head))) }
    }
    parameters += [
      ("WO", drawn(heads * head, d)), ("W1", drawn(d, 4 * d)), ("b1", "zeros(1, \(4 * d))"),
      ("W2", drawn(4 * d, d)), ("b2", "zeros(1, \(d))"), ("WU", drawn(d, V)),
    ]
    for i in 1...3 { parameters += [("gamma\(i)", "ones(1, \(d))"), ("beta\(i)", "zeros(1, \(d))")] }
    let shown = vocabulary.enumerated().map { "\($0) \($1.isNewline ? "newline" : "'\($1)'")" }
    return ReadyModel(
      name: gpt.name, summary: gpt.summary, source: gpt.source,
      conventions: gpt.conventions.dropLast() + ["a token is a character: \(shown.joined(separator: ", "))"],
      equations: gptEquations(heads: heads, width: head, vocabulary: V), parameters: parameters,
      given: [
        ("ids", "\(Array(tokens.dropLast()))"), ("next", "\(Array(tokens.dropFirst()))"),
      ])
  }
}
