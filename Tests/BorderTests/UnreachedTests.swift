import LinearAlgebra
import Testing

/// Gradients that are 0 because the loss does not depend on a value, and what else `why` and `show` say of a pass.
@Suite struct UnreachedTests {
  static let beside = [
    "model Z = X @ W1; Q = X @ W2; L = sum(Z)", "param W2 = ones(2, 2)", "backward",
  ]

  @Test func theGradientOfWhatTheLossDoesNotReadIsZero() {
    var typist = Typist(Self.beside)
    expect(typist.value("dQ"), [0, 0, 0, 0, 0, 0, 0, 0], [4, 2])
    for line in ["show dQ", "dQ", "show dW2"] {
      let text = typist.text(line)
      #expect(text.contains("L does not depend on"), "\(text)")
    }
    #expect(typist.type("why dQ[0,0]").scalar("value") == 0)
    #expect(typist.refusal("derive Q").message.text().contains("does not depend on Q"))
  }

  /// The position of the largest does not move a little: it has no slope, and that is another reason.
  @Test func aStepWithoutASlopeIsNotIndependence() {
    let typist = Typist("model P = X @ W1; L = sum(argmax(P))")
    var second = typist
    let text = second.text("backward")
    #expect(!text.contains("does not depend") && text.contains("without a slope"), "\(text)")
  }

  // MARK: why

  /// Numbers that add up to the entry, whatever the sum is divided by.
  @Test(arguments: [
    ("", "L"), ("", "Z1[0,0]"), ("", "S[0,1]"), ("", "db2[0,1]"), ("", "dZ2[0,1]"), ("", "dW1[1,2]"),
    ("model H = X @ W1; mu = mean(H, axis=1); v = mean((H - mu)**2, axis=1); L = sum(v)", "mu[1,0]"),
    ("model H = X @ W1; mu = mean(H, axis=1); v = mean((H - mu)**2, axis=1); L = sum(v)", "v[1,0]"),
    ("model L = mean(X**2) + 3 * sum(X) / 4 - 1", "L"),
    ("model L = -sum(Y * log(softmax(X @ W1 @ W2))) / m", "L"),
  ])
  func theTermsAddUpToTheEntry(_ model: String, _ entry: String) throws {
    var typist = model.isEmpty ? Typist() : Typist(model)
    typist.type("backward")
    let report = typist.type("why \(entry)")
    let terms = try #require(report.tensors["terms"])
    let stored = try #require(report.scalar("stored"))
    #expect(abs(terms.elements.reduce(0, +) - stored) < 1e-12, "\(entry): \(terms.elements), \(stored)")
  }

  /// It runs what it needs, and leaves the pass where it is.
  @Test(arguments: ["dW1[0,2]", "Z2[0,0]", "L", "dS[0,0]"]) func whyRunsWhatItNeeds(_ entry: String) throws {
    var (fresh, done) = (Typist(), Typist("backward"))
    let text = fresh.text("why \(entry)")
    #expect(text.contains("the pass was run for this") && fresh.session.cursor == 0, "\(text)")
    #expect(fresh.type("why \(entry)").scalar("value") == done.type("why \(entry)").scalar("value"))
    #expect(!done.text("why \(entry)").contains("the pass was run"))
  }

  // MARK: Words

  @Test func wordsCount() {
    var typist = Typist("model L = w**2", "param w = 3")
    #expect(typist.text("gradcheck").contains("1 entry agrees"))
    #expect(typist.text("train epochs=1").contains("1 sample in"))
    typist.type("backward")
    #expect(!typist.text("show dL").contains("1 = 1"))
  }

  @Test func numbersAloneAreOneSample() {
    var typist = Typist("model p = w*x + b; L = (p - t)**2", "param w = 1; param b = 0; set x = 3; set t = 5")
    expect(typist.value("m"), [1])
    #expect(typist.text("samples").contains("one sample"))
  }

  @Test func theJacobianOfAConvolutionNamesItsOwnIndices() {
    var typist = Typist(
      "net 1x6x6 conv(2,3x3):relu flatten 3:softmax", "set X = ones(1, 1, 6, 6); set Y = [[1, 0, 0]]")
    let text = typist.text("jacobian Z1 W1")
    #expect(text.contains("k 0, l 1") && !text.contains("channel"), "\(text)")
  }

  @Test func whatMeanSquaresCompareIsNoClass() {
    var typist = Typist("model P = X @ W1 @ W2; L = mse(Y, P)")
    let refusal = typist.refusal("accuracy")
    #expect(refusal.message.text().contains("mse"), "\(refusal.message)")
  }
}
