import LinearAlgebra
import Testing

/// Samples that a person types as columns, without `net … layout=columns`. Figures by NumPy:
/// `A = np.exp(Z)/np.exp(Z).sum(0)`, `-np.sum(Y*np.log(A))/2`, `(A - Y)/2`.
@Suite struct ColumnSampleTests {
  static let logits = [
    "param Z = [[3, 1], [2, 3], [1, 2]]", "set Y = [[1, 0], [0, 1], [0, 0]]",
  ]
  static let spellings = [
    "A = softmax(Z, axis=0); L = (1/m)*sum(-sum(Y*log(A), axis=0))",
    "A = softmax(Z, axis=0); L = cross_entropy(Y, A, axis=0)",
    "A = softmax(Z, axis=0); L = -sum(Y*log(A))/m",
    "A = softmax(Z, axis=0); L = mean(-sum(Y*log(A), axis=0))",
    "E = exp(Z); A = E / sum(E, axis=0); L = -sum(Y*log(A))/m",
  ]
  static let gradient = [
    -0.1673795221125891, 0.04501528658519023, 0.12236423552739882, -0.1673795221125891, 0.04501528658519023,
    0.12236423552739882,
  ]

  @Test(arguments: spellings) func twoColumnsAreTwoSamples(_ equations: String) {
    var typist = Typist(["model " + equations] + Self.logits + ["backward"])
    expect(typist.value("m"), [2])
    expect(typist.value("L"), [0.40760596444438046])
    expect(typist.value("dZ"), Self.gradient, [3, 2])
    #expect(typist.equation("dZ") == "dZ = (A - Y) / m")
    // Z's largest entries stand where Y's do, column by column.
    #expect(typist.type("accuracy").scalar("accuracy") == 1)
    #expect(!typist.text("fused").contains("do not sum to 1"))
    #expect((typist.type("compare softmax").scalar("max_difference") ?? 1) < 1e-15)
  }

  /// Along the rows every second label would be missed: three classes, four samples of which three are right.
  @Test func accuracyCountsColumns() {
    var typist = Typist(
      "model A = softmax(W @ x, axis=0); L = cross_entropy(y, A, axis=0)",
      "param W = [[1, 0], [0, 1], [-1, -1]]",
      "set x = [[2, 0, -1, 1], [1, 3, -2, 0]]", "set y = [[1, 0, 0, 0], [0, 1, 0, 1], [0, 0, 1, 0]]")
    #expect(typist.type("accuracy").scalar("accuracy") == 0.75)
  }

  /// By NumPy: e = W @ x - t; np.sum(e**2)/4; 2*e @ x.T/4.
  @Test func fourColumnsDivideByFour() {
    let typist = Typist(
      "model P = W @ X; L = sum((P - Y)**2) / m", "param W = [[0.5, -1]]",
      "set X = [[1, 2, 3, 4], [0.5, -1, 2, 0]]", "set Y = [[1, 0, -1, 2]]", "backward")
    expect(typist.value("m"), [4])
    expect(typist.value("L"), [1.3125])
    expect(typist.value("dW"), [2.25, -0.75], [1, 2])
  }

  /// One epoch in one batch is one step: W - lr * dW with the dW above.
  @Test func trainingTakesColumns() {
    var typist = Typist(
      "model P = W @ X; L = sum((P - Y)**2) / m", "param W = [[0.5, -1]]",
      "set X = [[1, 2, 3, 4], [0.5, -1, 2, 0]]", "set Y = [[1, 0, -1, 2]]")
    let report = typist.type("train epochs=1 lr=0.1")
    expect(typist.value("W"), [0.275, -0.925])
    #expect(report.scalar("loss").map { abs($0 - 1.3125) < 1e-14 } == true)
    typist.type("train epochs=2 batch=3")
    #expect(typist.session.losses.count == 3)
  }

  /// A hidden layer in columns: the bias is a column, and its gradient the sum over the samples.
  @Test func aNetworkTypedInColumns() {
    let typist = Typist(
      "model Z1 = W1 @ X + b1; A1 = relu(Z1); Z2 = W2 @ A1 + b2; S = softmax(Z2, axis=0); L = -sum(Y*log(S))/m",
      "param W1 = [[0.5, 0.1], [-0.2, 0.4], [0.3, -0.3], [0.1, 0.2], [-0.4, -0.1]]",
      "param b1 = [[0.1], [-0.1], [0.2], [0.3], [-0.2]]",
      "param W2 = [[0.2, -0.3, 0.4, 0.1, -0.2], [-0.1, 0.2, 0.1, -0.4, 0.3], [0.3, 0.1, -0.2, 0.2, -0.4]]",
      "param b2 = [[0.1], [0.2], [-0.1]]", "set X = [[1, 2, -1, -2], [2, -1, 1, -3]]",
      "set Y = [[1, 0, 0, 0], [0, 0, 1, 1], [0, 1, 0, 0]]", "backward")
    // The same network in rows is what a session starts with.
    let rows = Typist("backward")
    for name in ["L", "dW1", "dW2", "db1", "db2", "dX"] {
      expect(typist.value(name), rows.value(name)?.transposed().elements ?? [], nil, name)
    }
    #expect(typist.equation("dZ2") == "dZ2 = (S - Y) / m")
  }

  // MARK: Saying how samples lie

  @Test func mMayBeSetToWhatItIs() {
    var typist = Typist("model P = W @ X; L = sum((P - Y)**2) / m", "param W = [[0.5, -1]]")
    typist.type("set X = [[1, 2, 3, 4], [0.5, -1, 2, 0]]; set Y = [[1, 0, -1, 2]]; set m = 4; forward")
    expect(typist.value("L"), [1.3125])
    let refusal = typist.refusal("set m = 2")
    #expect(
      refusal.message.text().contains("follows X")
        && refusal.hint?.text().contains("4, one in every column") == true)
  }

  @Test(arguments: ["model layout=columns", "set layout = columns"])
  func aLayoutThatIsAskedForIsAnsweredWithTheWayToIt(_ line: String) {
    var typist = Typist()
    let refusal = typist.refusal(line)
    #expect(refusal.hint?.text().contains("samples columns") == true, "\(refusal.message)")
  }

  /// X 2×3 and Y 2×3 with nothing between them but entries: both axes could be samples, and rows are taken.
  @Test func samplesSaysAndSets() {
    var typist = Typist("model E = X - Y; L = sum(E**2) / m", "set X = ones(2, 3)", "set Y = zeros(2, 3)")
    expect(typist.value("m"), [2])
    #expect(typist.text("samples").contains("rows"))
    typist.type("samples columns; forward")
    expect(typist.value("m"), [3])
    expect(typist.value("L"), [2])
    #expect(typist.text("samples").contains("columns") && typist.text("info").contains("columns"))
    typist.type("samples none; forward")
    expect(typist.value("m"), [1])
    expect(typist.value("L"), [6])
    typist.type("undo; undo; undo; undo")
    expect(typist.value("m"), [2])
    #expect(typist.refusal("samples diagonal").hint?.text().contains("rows") == true)
  }
}
