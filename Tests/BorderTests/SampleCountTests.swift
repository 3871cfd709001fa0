import LinearAlgebra
import Testing

/// One number of samples in every command, also where an axis was forgotten or a person says how samples lie.
@Suite struct SampleCountTests {
  /// Samples in columns, and softmax along them: its axis forgotten.
  static let axisForgotten = [
    "model Z = W @ X; A = softmax(Z); L = cross_entropy(Y, A)",
    "param W = [[0.1, 0.2], [0.3, -0.4], [0.5, 0.6]]", "set X = [[1, 2, 3, 4], [0.5, -1, 1, 2]]",
    "set Y = [[1, 0, 0, 1], [0, 1, 0, 0], [0, 0, 1, 0]]",
  ]

  /// By NumPy: A.argmax(0) is 0, 1, 0, 2 and Y.argmax(0) is 0, 1, 2, 0.
  @Test func samplesAreCountedOverWhatTheyAreDividedBy() throws {
    var typist = Typist(Self.axisForgotten)
    #expect(typist.type("accuracy").scalar("accuracy") == 0.5)
    #expect(typist.type("train epochs=1 lr=1e-9").scalar("accuracy") == 0.5)
    for size in 1...4 {
      let report = typist.type("train epochs=2 batch=\(size)")
      let accuracy = try #require(report.scalar("accuracy"))
      #expect(
        (0...1).contains(accuracy) && (accuracy * 4).rounded() == accuracy * 4, "batch=\(size): \(accuracy)")
    }
  }

  @Test(arguments: ["samples", "info", "forward", axisForgotten[0]])
  func aForgottenAxisIsSaid(_ line: String) {
    var typist = Typist(Self.axisForgotten)
    let text = typist.text(line)
    #expect(text.contains("axis=0") && text.contains("columns"), "\(text)")
    #expect(!typist.text("fused").contains("the classes of Y do not sum to 1 for every sample"))
  }

  /// A column, and a softmax over its one entry in every row.
  @Test func aColumnIsOneSampleAndItsSoftmaxIsWarnedOf() {
    var typist = Typist(
      "model z = W @ x; s = softmax(z); L = cross_entropy(y, s)",
      "param W = [[1, 2], [3, 4], [5, 6]]", "set x = [[1], [2]]", "set y = [[0], [1], [0]]")
    #expect(typist.text("forward").contains("axis=0"))
  }

  @Test(arguments: [
    "net 2 4:relu 3:softmax", "net 2 4:relu 3:softmax layout=columns",
    "model Z = X @ W1; A = softmax(Z); O = A @ X; L = mse(Y, O)",
    "model S = softmax(b); L = cross_entropy(Y, S)",
  ])
  func nothingIsWarnedOfWhereTheAxisIsRight(_ line: String) {
    var typist = Typist(line)
    #expect(!typist.text("samples").contains("axis="))
  }

  // MARK: What a person says

  @Test(arguments: [
    ("net 2 4:relu 3:softmax", "columns", "W1"), ("net 2 4:relu 3:softmax layout=columns", "rows", "W1"),
    ("net 2 4:relu 3:softmax", "none", "cross_entropy"),
    ("model S = softmax(X); L = cross_entropy(Y, S)", "columns", "classes"),
    ("model y = w * x; L = mse(t, y)", "columns", "no input"),
  ])
  func whatTheEquationsDoNotAllowIsRefused(_ model: String, _ samples: String, _ reason: String) {
    var typist = Typist(model)
    let before = typist.value("m")
    let refusal = typist.refusal("samples \(samples)")
    #expect(refusal.message.text().contains(reason), "\(refusal.message)")
    #expect(typist.value("m") == before)
  }

  @Test func whatTheEquationsLeaveOpenMayBeSaid() {
    var typist = Typist("model E = X - Y; L = sum(E**2) / m", "set X = ones(2, 3)", "set Y = zeros(2, 3)")
    for (samples, m) in [("columns", 3.0), ("rows", 2), ("none", 1)] {
      typist.type("samples \(samples)")
      expect(typist.value("m"), [m])
    }
    // What already is so may be said.
    typist.type("net 2 4:relu 3:softmax; samples rows")
  }
}
