import LinearAlgebra
import Testing

/// One sample as a vector: no axis counts samples, and a loss that is a mean over samples divides by 1.
/// Figures by NumPy: `e = np.exp(z); s = e/e.sum(); -np.sum(y*np.log(s))`, `s - y`.
@Suite struct OneVectorTests {
  static let model = [
    "model s = softmax(z); L = cross_entropy(y, s)", "param z = [1, 2, 3]", "set y = [0, 0, 1]",
  ]
  static let loss = 0.40760596444438046
  static let gradient = [0.09003057317038046, 0.24472847105479764, -0.3347590442251782]

  @Test(arguments: ["on", "off"]) func theLossAndItsGradient(_ fused: String) {
    let typist = Typist(Self.model + ["fused \(fused)", "backward"])
    expect(typist.value("L"), [Self.loss])
    expect(typist.value("dz"), Self.gradient, [3])
    expect(typist.value("m"), [1])
  }

  @Test func whyAddsUpToTheLoss() {
    var typist = Typist(Self.model + ["forward"])
    #expect(abs((typist.type("why L").scalar("value") ?? 0) - Self.loss) < 1e-15)
  }

  @Test func theGradientCheckAgrees() throws {
    var typist = Typist(Self.model)
    let report = typist.type("gradcheck")
    #expect(report.scalar("entries") == 3)
    #expect(try #require(report.scalar("max_relative_error")) < 1e-7)
  }

  /// The loss behind one step of 0.1: `z - 0.1*(s - y)` put into the lines above.
  @Test func updateTellsTheLossBeforeAndBehind() throws {
    var typist = Typist(Self.model)
    let report = typist.type("update lr=0.1")
    #expect(abs(try #require(report.scalar("loss_before")) - Self.loss) < 1e-14)
    #expect(abs(try #require(report.scalar("loss")) - 0.3899276786743923) < 1e-14)
  }

  /// z = W @ x is one sample, whatever the length of x. By NumPy: z = [-1.5, 2.8], dW = outer(z - t, x).
  @Test func aVectorThatMeetsAMatrixIsOneSample() {
    let typist = Typist(
      "model z = W @ x; L = 0.5 * sum((z - t)**2) / m", "param W = [[1, -1, 0.5], [2, 0.3, -0.2]]",
      "set x = [1, 2, -1]", "set t = [0.5, 1]", "backward")
    expect(typist.value("m"), [1])
    expect(typist.value("L"), [3.62])
    expect(typist.value("dW"), [-2, -4, 2, 1.8, 3.6, -1.8], [2, 3])
  }

  /// Five points and a line: w and b are numbers, so that x and t are five samples. By NumPy, with y = w*x + b:
  /// np.mean((y - t)**2), np.mean(2*(y - t)*x), np.mean(2*(y - t)).
  @Test func aVectorUnderScalarsIsAsManySamplesAsItHasEntries() {
    let typist = Typist(
      "model y = w * x + b; L = sum((y - t)**2) / m", "param w = 0.5", "param b = 1",
      "set x = [0, 1, 2, 3, 4]", "set t = [1, 3, 2, 5, 4]", "backward")
    expect(typist.value("m"), [5])
    expect(typist.value("L"), [1.9])
    expect(typist.value("dw"), [-5.2], .scalar)
    expect(typist.value("db"), [-2], .scalar)
  }

  /// The derivation names the shape that w has.
  @Test func aColumnOfWeightsKeepsItsShapeInItsDerivation() {
    var typist = Typist(
      "model z = w.T @ x + b; L = sum(z**2)", "param w = [[1], [2], [3]]", "set x = [1, 2, 3]", "param b = 0",
      "backward")
    let text = typist.text("derive dw")
    #expect(!text.contains("1×3"), "\(text)")
    // z = 14, dL/dz = 28, dw = 28 x
    expect(typist.value("dw"), [28, 56, 84], [3, 1])
  }
}
