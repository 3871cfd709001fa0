import LinearAlgebra
import Platform
import Testing

/// What readers typed of books and of what was printed to them. Expected numbers are worked out by hand or by NumPy.
@Suite struct AsPeopleTypeTests {
  /// Of an LSTM's step g is tanh and the gates are sigmoids: each slope is said to be its own function's.
  @Test func everySlopeIsPutToItsFunction() {
    var typist = Typist(["model lstm"])
    let why = Self.joined(typist.text("why dh0"))
    #expect(why.contains("1 - g1**2 from tanh in g1"), "\(why)")
    for gate in ["o1", "f1", "i1"] { #expect(why.contains("1 - \(gate) from sigmoid in \(gate)"), "\(why)") }
    var other = Typist([
      "model a = tanh(z); b = sigmoid(a * z); L = sum(a * b * exp(a))", "param z = [0.3, 0.5]",
    ])
    let dz = Self.joined(other.text("why dz"))
    #expect(dz.contains("1 - b from sigmoid in b"), "\(dz)")
    #expect(dz.contains("1 - a**2 from tanh in a"), "\(dz)")
    var quotient = Typist([
      "model s = X @ w; p = exp(s)/sum(exp(s)); L = -log(p[1])", "set X = [1 2; 0 1; 2 -1]",
      "param w = [0.5, 0.2]",
    ])
    let ds = Self.joined(quotient.text("why ds"))
    #expect(ds.contains("/ sum(exp(s))**2 from the division in p"), "\(ds)")
    #expect(!ds.contains("sum(exp(s))**2 from exp"), "\(ds)")
  }

  private static func joined(_ text: String) -> String {
    text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  /// What `why` prints is typed again: numbers of four digits, and what is computed of them.
  @Test(arguments: [
    ("dW1[0,2] = 2*0.0945 - 2*0.0123", true), ("dZ2[0,0] = (0.3423 - 1)/4", true),
    ("L = (1.0721 + 1.4176 + 0.9760 + 0.6981)/4", true), ("dZ1[1,2] = 0.0945*1", true),
    ("dW1[0,2] = 2·0.0945 - 2·0.0123", true), ("dW1[0,2] = 2*0.0945 - 2*0.0153", false),
    ("dZ2[0,0] = (0.3423 - 1)/3", false),
  ])
  func numbersOfTypedDigits(_ line: String, _ isRight: Bool) {
    var typist = Typist([])
    let text = typist.text("check \(line)")
    #expect(text.contains("is right") == isRight && text.contains("is not right") != isRight, "\(text)")
  }

  /// Figures: np.exp and the definition by hand, z = w @ X + b, dw = (a - Y) @ X.T / 3.
  @Test func theGradientOfAVectorIsOneBesideARow() throws {
    var typist = Typist([
      "model z = w @ X + b; a = sigmoid(z); J = -1/m * sum(Y * log(a) + (1-Y) * log(1-a))",
      "set X = [1 2 3; 0.5 -1 0]", "set Y = [[1,0,1]]", "param w = [0.3 -0.4]", "param b = 0.1", "backward",
    ])
    let z = [0.3 - 0.2 + 0.1, 0.6 + 0.4 + 0.1, 0.9 + 0.1]
    let delta = zip(z, [1.0, 0, 1]).map { (1 / (1 + exp(-$0)) - $1) / 3 }
    expect(typist.value("dz"), delta, [3])
    expect(
      typist.value("dw"), [delta[0] + 2 * delta[1] + 3 * delta[2], 0.5 * delta[0] - delta[1]], [2])
    #expect(try #require(typist.type("gradcheck").scalar("max_relative_error")) < 1e-7)
  }

  /// With m = 1 for rows that are no samples, the loss is the whole sum and its gradient S - Y.
  @Test func rowsThatAreNoSamplesAreNotCounted() throws {
    let lines = ["model Z = X @ W; S = softmax(Z); L = -sum(Y*log(S))/m"] + LossSpellingTests.values
    var typist = Typist(lines.filter { !$0.contains("param b") } + ["samples none", "backward"])
    let (S, Y) = (try #require(typist.value("S")), [1.0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1])
    expect(typist.value("L"), [-zip(S.elements, Y).reduce(0) { $0 + $1.1 * log($1.0) }])
    expect(typist.value("dZ"), zip(S.elements, Y).map { $0 - $1 }, [4, 3])
    #expect(try #require(typist.type("gradcheck").scalar("max_relative_error")) < 1e-7)
  }

  /// A slope that bends: the gradient is right and a central difference off by as much as its step is large.
  @Test func aSlopeThatBendsIsNoWrongGradient() throws {
    var huber = Typist(["model L = where(abs(r) <= 1, 0.5*r**2, abs(r) - 0.5)", "param r = 1"])
    #expect(try #require(huber.type("gradcheck").scalar("max_relative_error")) < 1e-7)
    var elu = Typist(["model A = elu(z); L = sum(A**2) + sum(A)", "param z = [0, 0.5]"])
    #expect(try #require(elu.type("gradcheck").scalar("max_relative_error")) < 1e-7)
  }

  /// What is positive alone does not tell relu from nothing: the output is what the loss reads.
  @Test(arguments: ["sum((Y - A)**2)/m", "sum((Y - A)**2)/(2*m)", "mean((A - Y)**2)"])
  func theOutputIsWhatTheLossReads(_ loss: String) {
    let typist = Typist(["model Z = X @ W + b; A = relu(Z); L = \(loss)"])
    #expect(typist.session.roles.loss?.output == "A")
  }

  @Test func signsAndFunctionsOfBooks() {
    let typist = Typist("set X = [[2, 1], [0, -3]]")
    expect(typist.value("σ(0)"), [0.5])
    expect(typist.value("2·X"), [4, 2, 0, -6])
    expect(typist.value("1/2·X"), [1, 0.5, 0, -1.5])
    expect(typist.value("X·X"), [4, -1, 0, 9])
    expect(typist.value("np.power(X, 2)"), [4, 1, 0, 9])
    expect(typist.value("np.linalg.norm(X, axis=1)"), [Double(5).squareRoot(), 3])
    // torch.nn.functional.huber_loss of these and 0: (1.5 + 0.5 + 0 + 2.5) / 4
    expect(typist.value("F.huber_loss(X, 0*X)"), [1.125])
  }

  /// Formulas as they are set on paper.
  @Test(arguments: [
    ("dW2 = A_1^T dZ_2", "A1.T @ dZ2"), ("dZ2 = \\frac{S - Y}{m}", "(S - Y) / m"),
    ("\\frac{\\partial L}{\\partial W_2} = A_1^T \\cdot dZ_2", "A1.T @ dZ2"),
    ("dZ1 = dA1 \\odot (Z1 > 0)", "dA1 * (Z1 > 0)"),
  ])
  func formulasOnPaperAreChecked(_ line: String, _ reading: String) {
    var typist = Typist([])
    let text = typist.text("check \(line)")
    #expect(text.contains("read as \(reading)\n") && text.contains("is right"), "\(text)")
    #expect(typist.refusal("check dW2 = A_1^T foo").message.text().contains("^"))
  }

  /// What is said where something else was meant, in the words that were typed.
  @Test(arguments: [
    ("check dW2 A1.T @ dZ2", "dW2 = A1.T @ dZ2"), ("explain softmax", "derive softmax"),
    ("derive log(1+exp(x))", "model L = log(1+exp(x))"), ("layout columns", "samples columns"),
  ])
  func theHintIsInTheWordsThatWereTyped(_ line: String, _ hint: String) {
    var typist = Typist([])
    #expect(typist.refusal(line).hint?.text().contains(hint) == true)
  }

  @Test func whatHasNoValueYetIsSaidToBeThere() {
    var typist = Typist(["model Z = P @ W1 + b1; L = mse(T, Z)"])
    let refusal = typist.refusal("show W1")
    #expect(refusal.message.text() == "W1 has no value yet")
    #expect(refusal.hint?.text().contains("W1 (h×k)") == true)
  }

  /// A value may be called as an index letter of the derivation, and a loss e as the letter of a sum.
  @Test(arguments: ["j", "k", "i", "p", "q", "e"]) func valuesCalledAsIndexLetters(_ name: String) {
    var typist = Typist(["model Z = X @ W; \(name) = softmax(Z); L = cross_entropy(Y, \(name))", "init"])
    for route in ["softmax", "softmax index", "softmax backward", "softmax_cross_entropy"] {
      let text = typist.text("derive \(route)")
      #expect(!text.contains("error"), "\(name): \(text)")
      #expect(!text.contains("Σ_\(name) ") && !text.contains("δ(\(name),"), "\(name): \(text)")
    }
  }

  @Test func theLossOfColumnsIsNoIndex() {
    var typist = Typist(["notation column"])
    #expect(!typist.text("derive cross_entropy").contains("Σ_e"))
  }

  @Test func gradientsAreListedByTheirLongNames() {
    var typist = Typist(["backward"])
    let shown = typist.text("show dL/dW1 ∂L/∂b2 dL/dW1[0,2]")
    for name in ["dW1 (2×5)", "db2 (1×3)", "dW1[0,2]"] { #expect(shown.contains(name), "\(shown)") }
  }
}
