import Commands
import Sessions
import Formulas
import LinearAlgebra
import Reports
import Testing

/// Gradients of operations at their borders.
@Suite struct GradientFaultTests {
  // MARK: Where there is no derivative

  /// Both are relu, whose derivative at 0 is taken as 0.
  @Test func maximumIsTheSameInEitherOrder() {
    let s = "param s = [-1, 0, 2]"
    for loss in ["maximum(0, s)", "maximum(s, 0)", "relu(s)"] {
      let typist = Typist("model r = \(loss); L = sum(r)", s, "backward")
      expect(typist.value("ds"), [0, 0, 1], nil, loss)
    }
    let first = Typist("model r = minimum(0, s); L = sum(r)", s, "backward").value("ds")
    let second = Typist("model r = minimum(s, 0); L = sum(r)", s, "backward").value("ds")
    #expect(first == second)
  }

  // MARK: Shapes

  /// d(Σ P_ii²)/dP: 2·1 and 2·5 on the diagonal.
  @Test func theDiagonalOfAMatrixThatIsNotSquare() throws {
    var typist = Typist("model T = diag(P); L = sum(T**2)", "param P = [[1, 2, 3], [4, 5, 6]]", "backward")
    expect(typist.value("L"), [26])
    expect(typist.value("dP"), [2, 0, 0, 0, 10, 0], [2, 3])
    #expect(try #require(typist.type("gradcheck").scalar("max_relative_error")) < 1e-7)
    let tall = Typist("model T = diag(P); L = sum(T**2)", "param P = [[1, 4], [2, 5], [3, 6]]", "backward")
    expect(tall.value("dP"), [2, 0, 0, 10, 0, 0], [3, 2])
  }

  @Test func theDiagonalMatrixOfASlice() throws {
    var typist = Typist(
      "model v = P[0, :]; D = diag(v); L = sum((D @ P)**2)", "param P = [[1, 2], [3, 4]]", "forward")
    // diag(1, 2) @ P = [[1, 2], [6, 8]]
    expect(typist.value("L"), [105])
    #expect(try #require(typist.type("gradcheck").scalar("max_relative_error")) < 1e-7)
  }

  /// A number stays a number, whatever 1×1 it met.
  @Test func aGradientHasTheShapeOfItsValue() {
    let typist = Typist("model T = b1 - U; L = sum(T**2)", "param b1 = [[2]]", "param U = 3", "backward")
    expect(typist.value("dU"), [2], .scalar)
    expect(typist.value("db1"), [-2], [1, 1])
    var updated = typist
    updated.type("update lr=0.5")
    expect(updated.value("U"), [2], .scalar)
  }

  // MARK: Nothing to differentiate

  @Test func aParameterThatTheLossDoesNotReadHasTheGradientZero() {
    var typist = Typist("model Z = X @ W1; Q = X @ V; L = sum(Z)", "param V = ones(2, 5)", "backward")
    expect(typist.value("dV"), [Double](repeating: 0, count: 10), [2, 5])
    let text = typist.text("show dV")
    #expect(text.contains("does not depend on V"), "\(text)")
    let before = typist.value("V")
    typist.type("update")
    #expect(typist.value("V") == before)
  }

  @Test func aCheckOfNothingIsNoAgreement() {
    var typist = Typist("model L = sum(X**2)")
    if case .failure(let refusal)? = typist.check("gradcheck") {
      #expect(
        refusal.message.text().contains("nothing") || refusal.message.text().contains("no parameter"),
        "\(refusal.message)")
    } else {
      #expect(!typist.text("gradcheck").contains("agree"))
    }
  }

  // MARK: One step of training

  /// C = A·B: dA = B = 3, dB = A = 2. Both from the values before the step.
  @Test func everyParameterMovesFromWhereTheStepBegan() {
    var trained = Typist("model C = A * B; L = sum(C)", "param A = 2", "param B = 3")
    var updated = trained
    trained.type("train epochs=1 lr=0.1")
    updated.type("update lr=0.1")
    for typist in [trained, updated] {
      expect(typist.value("A"), [1.7], .scalar)
      expect(typist.value("B"), [2.8], .scalar)
    }
  }

  static let product = [
    "model C = A @ B; L = sum(C)", "param A = [[1, 2], [3, 4]]", "param B = [[0.5, -1, 2], [1, 0.3, -0.7]]",
  ]

  /// dA = ones @ B.T: the row sums 1.5 and 0.6 of B. dB = A.T @ ones: the column sums 4 and 6 of A. The first step of
  /// momentum is the plain one.
  @Test(arguments: ["sgd", "momentum"]) func aProductOfTwoParameters(_ optimizer: String) {
    var typist = Typist(Self.product)
    typist.type("train epochs=1 lr=0.1 optimizer=\(optimizer)")
    expect(typist.value("A"), [0.85, 1.94, 2.85, 3.94])
    expect(typist.value("B"), [0.1, -1.4, 1.6, 0.4, -0.3, -1.3])
  }

  @Test func twoEpochsAreTwoUpdates() {
    var trained = Typist(Self.product)
    var updated = trained
    trained.type("train epochs=2 lr=0.1")
    updated.type("update lr=0.1; update lr=0.1")
    for name in ["A", "B"] { expect(trained.value(name), updated.value(name)?.elements ?? [], nil, name) }
  }
}

extension Typist {
  /// What came of the last command of a line, a refusal included.
  mutating func check(_ line: String) -> Result<Report, Diagnostic>? {
    Interpreter.run(line, in: &workspace).last?.result
  }
}
