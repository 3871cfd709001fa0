import LinearAlgebra
import Testing

/// What people typed into models of their own, and the words that must stand in the answer.
@Suite struct ModelFindingTests {
  struct Finding: Sendable, CustomTestStringConvertible {
    let lines: [String]
    let says: [String]
    var doesNotSay: [String] = []
    var testDescription: String { lines.joined(separator: "; ") }
  }

  static let findings = [
    // The last axis of P has the same derivative everywhere: each is one half of the mean.
    Finding(
      lines: [
        "model Q = softmax(mean(P, axis=2, keepdims=False)); L = sum(Q**2)", "param P = randn(2, 3, 2)",
        "jacobian Q P",
      ], says: ["the same for every p"]),
    // Of 6·6 entries the lower triangle with the diagonal, 21, is 1.
    Finding(
      lines: ["model Q = cumsum(P, axis=0); L = sum(Q**2)", "param P = [1, 2, 3, 4, 5, 6]", "jacobian Q P"],
      says: ["Sparse: each Q[i] depends on P[k], and only where k <= i", "The other 15 of 36 entries are 0"],
      doesNotSay: ["Dense"]),
    Finding(
      lines: ["model L = a / b", "param a = -32", "param b = 1559", "numerics"],
      says: ["float16 overflows first in db: b**2 = 2.43e+06", "overflow in db"],
      doesNotSay: ["more than rounding"]),
    Finding(
      lines: ["model Q = exp(x) / (1 + exp(x)); L = Q * 3", "param x = 12", "numerics"],
      says: ["float16 overflows first in Q: exp(x) = 1.63e+05"]),
    Finding(
      lines: ["model Q = exp(x) / (1 + exp(x)); L = Q * 3", "param x = 12", "dtype float16", "forward"],
      says: ["exp(x) is larger than any float16 (65504)"]),
    Finding(
      lines: ["model S = softmax(z); L = -log(S[1])", "param z = [300, 1, 2]", "numerics"],
      says: ["float32 loses numbers first in L: log(S[1]) = -299 becomes -inf", "numbers lost in L"],
      doesNotSay: ["overflows first in L"]),
    Finding(
      lines: ["dtype float32", "why Z1[0,0]"], says: ["float32 rounds, and that explains up to"],
      doesNotSay: ["not the stored value"]),
    Finding(
      lines: [
        "model", "repeat t = 1..3: h{t} = tanh(X[{t-1}] @ Wx + h{t-1} @ Wh)", "L = sum(h3**2)", "end",
        "set X = [[1, 2], [3, 4], [0.5, -1]]", "set h0 = [0, 0, 0]", "init", "why dWh[0,1]",
      ], says: ["t = 2: h2 = tanh(X[1] @ Wx + h1 @ Wh)\n    h1[0]·(dh2[1]·(1 - h2[1]²))  = "]),
    // The right value is 0.1644 and 1.0409.
    Finding(
      lines: ["check dW1[0,2] = 0.17"], says: ["off by 1 unit of the last digit"], doesNotSay: ["softmax"]),
    Finding(
      lines: ["model L = sum(2**P)", "param P = [1, 2]", "backward"], says: ["dP (2) = 2**P * log(2)"]),
    Finding(lines: ["model L = sum(P**-2)", "param P = [1, 2]", "backward"], says: ["dP (2) = -2 * P**-3"]),
    Finding(
      lines: [
        "model A = softmax(X @ W, axis=0); B = softmax(X @ W, axis=1); L = sum(A * B)", "set X = randn(3, 2)",
        "param W = randn(2, 4)", "jacobian softmax",
      ], says: ["that of B, the last softmax of the model; before it stand those of A"]),
    Finding(
      lines: [
        "model A = softmax(X @ W, axis=0); B = softmax(X @ W, axis=1); L = sum(A * B)", "set X = randn(3, 2)",
        "param W = randn(2, 4)", "derive softmax",
      ], says: ["the last of the 2 steps with a softmax: B = ", "B[k] = exp("]),
    Finding(
      lines: [
        "model S = X @ swapaxes(X, 1, 2) * w; A = softmax(S); L = mse(Y, A @ X)", "set X = randn(3, 4, 5)",
        "set Y = randn(3, 4, 5, seed=1)", "param w = 1", "jacobian softmax",
      ], says: ["∂A/∂S: A (3×4×4) by S (3×4×4)"]),
    Finding(
      lines: [
        "model H = E[ids]; L = sum(H**2)", "param E = randn(6, 3)", "set ids = [[0, 1], [2, 3]]",
        "set ids = [3]", "forward",
      ],
      says: ["H (1×3)"]),
    Finding(
      lines: [
        "model Z = W @ X + b; S = softmax(Z, axis=0); L = cross_entropy(Y, S, axis=0)", "data moons n=20",
        "info",
      ],
      says: ["X     2×20", "Y     2×20"]),
  ]

  @Test(arguments: findings) func itIsAnswered(_ finding: Finding) {
    var typist = Typist()
    var text = ""
    for line in finding.lines { text = typist.text(line) }
    for part in finding.says { #expect(text.contains(part), "\(part) in\n\(text)") }
    for part in finding.doesNotSay { #expect(!text.contains(part), "\(part) in\n\(text)") }
  }

  @Test func readyModelsSayWhatTheyTake() {
    var typist = Typist()
    #expect(
      typist.refusal("model gpt width=16").hint?.text().contains("model gpt text=\"…\" width=16") == true)
    #expect(typist.refusal("model lstm seed=2").message.text() == "lstm has no options")
  }
}
