import LinearAlgebra
import Testing

/// What is computed, compared and stated is the loss that was typed: with all that stands around it, and no other.
@Suite struct LossAsTypedTests {
  /// A function of the cross-entropy c of `LossSpellingTests`: its slope there times the gradient of c.
  @Test(arguments: [
    ("L = 2*cross_entropy(Y, S)", 2), ("L = cross_entropy(Y, S) / 2", 0.5),
    ("L = cross_entropy(Y, S) * m", 4),
    ("L = 3*cross_entropy(Y, S) + 0.5*sum(W**2)", 3), ("c = cross_entropy(Y, S); L = 5 - c", -1),
    // exp(c), by NumPy.
    ("L = exp(cross_entropy(Y, S))", 1.6544529666464987),
    ("c = cross_entropy(Y, S); L = c**2", 1.006940840884735),
  ])
  func comparingTakesWhatStandsAroundIt(_ loss: String, _ slope: Double) throws {
    var typist = Typist(["model Z = X @ W + b; S = softmax(Z); \(loss)"] + LossSpellingTests.values)
    let report = typist.type("compare softmax")
    let gradient = LossSpellingTests.gradient.map { slope * $0 }
    expect(report.tensors["full"], gradient, [4, 3], loss)
    expect(report.tensors["fused"], gradient, [4, 3], loss)
    typist.type("backward")
    expect(typist.value("dZ"), gradient, [4, 3], loss)
  }

  /// Means over all entries, and both operands turned: the gradient by NumPy, with the divisions as they are typed.
  @Test(arguments: [
    ("L = -mean(Y*log(S))", 1.0 / 3), ("L = -3 * mean(Y*log(S))", 1.0),
    ("L = -mean(sum(Y*log(S), axis=0))", 4.0 / 3),
    ("L = cross_entropy(Y.T, S.T, axis=0)", 1.0), ("L = cross_entropy(Y.T, S.T, axis=0) / 2", 0.5),
  ])
  func otherDivisionsAreRead(_ loss: String, _ slope: Double) throws {
    var typist = Typist(
      ["model Z = X @ W + b; S = softmax(Z); \(loss)"] + LossSpellingTests.values + ["backward"])
    #expect(typist.backwardNames == ["dZ", "dW", "db", "dX"])
    expect(typist.value("dZ"), LossSpellingTests.gradient.map { slope * $0 }, [4, 3], loss)
    expect(typist.type("compare softmax").tensors["full"], LossSpellingTests.gradient.map { slope * $0 })
    #expect(typist.type("accuracy").scalar("accuracy") == 0.75)
  }

  @Test(arguments: [
    ("S = sigmoid(Z); L = mse(Y, S)", "no cross-entropy"),
    ("S = softmax(Z) + 0.1; L = cross_entropy(Y, S)", "no softmax"),
  ])
  func whatCannotBeComparedSaysWhy(_ equations: String, _ reason: String) {
    var typist = Typist(["model Z = X @ W + b; \(equations)"] + LossSpellingTests.values)
    #expect(typist.refusal("compare softmax").message.text().contains(reason))
  }

  @Test func aLossMayBeCalledAsTheJacobianIs() {
    var typist = Typist(
      ["model Z = X @ W + b; S = softmax(Z); J = cross_entropy(Y, S)"] + LossSpellingTests.values)
    let text = typist.text("compare softmax")
    #expect(text.contains("through the Jacobian") && text.contains("J_S (4×3×3)"), "\(text)")
  }

  /// Far out the small number is all that is left: -log(1e-12) and -log(1e-15), by NumPy, where log(s) alone is -800.
  @Test(arguments: [
    ("L = -sum(y*log(s + 1e-12))", 27.631021115928547), ("L = -sum(y*log(s + 1e-15))", 34.538776394910684),
    ("L = -sum(y*log(clip(s, 1e-12, 1)))", 27.631021115928547),
    ("L = -sum(y*log(maximum(s, 1e-12)))", 27.631021115928547),
    ("q = s + 1e-12; L = cross_entropy(y, q)", 27.631021115928547),
    ("q = s + 1e-12; L = -sum(y*log(q))", 27.631021115928547), ("L = -sum(y*log(s))", 800),
    ("L = cross_entropy(y, s)", 800),
  ])
  func whatIsAddedInsideTheLogarithmCounts(_ loss: String, _ value: Double) throws {
    var typist = Typist(
      "model s = softmax(z); \(loss)", "param z = [800, 0, 0]", "set y = [0, 1, 0]", "forward")
    expect(typist.value("L"), [value])
    typist.type("param z = [1, 2, 0]")
    #expect(try #require(typist.type("gradcheck").scalar("max_relative_error")) < 1e-7)
  }

  @Test(arguments: [
    ("L = -mean(y*log(p + 1e-12) + (1 - y)*log(1 - p + 1e-12))", 27.631021115928547),
    ("L = -mean(y*log(p + 1e-12) + (1 - y)*log(1 - p))", 27.631021115928547),
    ("L = -mean(y*log(p) + (1 - y)*log(1 - p))", 800),
  ])
  func soItDoesForYesAndNo(_ loss: String, _ value: Double) {
    let typist = Typist("model p = sigmoid(z); \(loss)", "param z = [-800]", "set y = [1]", "forward")
    expect(typist.value("L"), [value])
  }

  /// A sum is divided by nothing, in what is computed and in what is stated.
  @Test(arguments: ["sse", "half_sse"]) func aSumIsStatedAsOne(_ loss: String) {
    var typist = Typist("model a = X @ W; L = \(loss)(y, a)", "param W = [[1], [2]]", "set X = ones(3, 2)")
    typist.type("set y = zeros(3, 1); backward")
    let text = typist.text("derive a")
    #expect(text.contains("dP = ") && !text.contains("/ n"), "\(text)")
  }

  /// 0.1532 is right: what is off by one in the last digit is no mistake that gives such a number by chance.
  @Test func aLastDigitIsNoMistake() {
    var typist = Typist(
      "net 2 4:relu 3:softmax",
      "set X = [[1, 2], [2, -1], [-1, 1]]; set Y = [[1, 0, 0], [0, 0, 1], [0, 1, 0]]",
      "set W1 = [[0.5, -0.2, 0.3, 0.1], [0.1, 0.4, -0.3, 0.2]]; set b1 = [0.1, -0.1, 0.2, 0.3]",
      "set W2 = [[0.2, -0.1, 0.3], [-0.3, 0.2, 0.1], [0.4, 0.1, -0.2], [0.1, -0.4, 0.2]]",
      "set b2 = [0.1, 0.2, -0.1]; backward")
    let text = typist.text("check dW2[0,1] = 0.1533")
    #expect(text.contains("1 unit of the last digit") && !text.contains("softmax"), "\(text)")
  }
}
