import LinearAlgebra
import Testing

/// Values that another network or a data set left, under the names of this one's inputs, and names that look trained.
@Suite struct InheritedValueTests {
  // MARK: What is typed is what is meant

  /// X and Y are matrices in the network that a session starts with.
  @Test(arguments: [
    ("model s = softmax(Z); L = cross_entropy(Y, s)", "Z", [1.0, 2, 3], "Y", [0.0, 0, 1]),
    ("model p = w*X + b; L = mse(Y, p)", "X", [1.0, 2, 3], "Y", [2.0, 4, 6]),
  ])
  func aListIsAVectorWhateverWasThere(
    _ model: String, _ input: String, _ x: [Double], _ target: String, _ y: [Double]
  ) {
    var typist = Typist(model)
    typist.type("set \(input) = \(x); set \(target) = \(y)")
    expect(typist.value(input), x, [3])
    expect(typist.value(target), y, [3])
    typist.type("param w = 2; param b = 0", ifKnown: model.contains("w"))
    typist.type("forward")
  }

  @Test func aVectorMeetsAMatrix() {
    let typist = Typist(
      "model z = W @ X; L = sum(z**2)", "set X = [1, 2]", "param W = [[1, 0], [0, 1], [1, 1]]", "forward")
    expect(typist.value("z"), [1, 2, 3], [3])
  }

  @Test func aNumberIsOneNumber() {
    let typist = Typist(
      "model p = w*X + b; L = mse(Y, p)", "set X = 2; set Y = 3; param w = 1; param b = 0", "forward")
    expect(typist.value("X"), [2], .scalar)
    expect(typist.value("L"), [1], .scalar)
    expect(typist.value("m"), [1])
  }

  /// What the equations themselves ask for is filled as before.
  @Test func whatTheEquationsAskForKeepsItsShape() {
    let typist = Typist("model Z1 = X @ W1 + b1; L = sum(Z1**2)", "set b1 = [1, 2, 3, 4, 5]", "set X = 1")
    expect(typist.value("b1"), [1, 2, 3, 4, 5], [1, 5])
    expect(typist.value("X"), [1, 1, 1, 1, 1, 1, 1, 1], [4, 2])
  }

  // MARK: Data first, then the model

  @Test(arguments: [
    ("z = x @ W + b; s = softmax(z); J = cross_entropy(y, s)", "[[0.1, 0.2], [0.3, -0.4]]", "[[0, 0]]", "x"),
    ("Z = X @ W + b; S = softmax(Z); L = cross_entropy(Y, S)", "[[0.1, 0.2], [0.3, -0.4]]", "[[0, 0]]", "X"),
    ("z = x @ W + b; p = sigmoid(z); L = binary_cross_entropy(t, p)", "[[0.1], [0.2]]", "[[0]]", "x"),
    (
      "Z = W @ X + b; S = softmax(Z, axis=0); L = cross_entropy(Y, S, axis=0)", "[[0.1, 0.2], [0.3, -0.4]]",
      "[[0], [0]]", "X"
    ),
  ])
  func theRowsOfTheSetAreTheModelsInput(
    _ equations: String, _ W: String, _ b: String, _ input: String
  ) {
    var typist = Typist("data moons n=20", "model \(equations)", "param W = \(W)", "param b = \(b)")
    expect(typist.value("m"), [20])
    let shape: Shape = equations.contains("W @ X") ? [2, 20] : [20, 2]
    #expect(typist.session.leaves[input]?.shape == shape)
    let info = typist.text("info")
    #expect(!info.contains("rows of its own") && info.contains("20 samples"), "\(info)")
    let report = typist.type("train epochs=1 batch=4")
    #expect(report.scalar("accuracy") != nil)
  }

  @Test func imagesLieInColumnsWhereTheEquationsSaySo() {
    let typist = Typist(
      "data digits", "model Z = W @ X; S = softmax(Z, axis=0); L = cross_entropy(Y, S, axis=0)",
      "param W = zeros(10, 64)", "forward")
    #expect(typist.session.leaves["X"]?.shape == [64, 32] && typist.session.leaves["Y"]?.shape == [10, 32])
    // log 10
    expect(typist.value("L"), [2.302585092994046])
  }

  /// A matrix of a person's own stays.
  @Test func whatWasSetBehindTheDataStays() {
    let typist = Typist(
      "data moons n=20", "set X = [[1, 2], [3, 4]]", "model Z = X @ W1; L = sum(Z**2)", "forward")
    expect(typist.value("X"), [1, 2, 3, 4], [2, 2])
  }

  // MARK: Names that look trained

  @Test func aNameThatIsSetAndHasNoOtherBesideItIsAnInput() throws {
    var typist = Typist(
      "model o = U1 @ W; L = mse(t, o)", "set U1 = [[1, 2], [3, 4], [5, 6]]", "set t = ones(3, 1)",
      "param W = [[0.5], [-0.5]]")
    #expect(typist.session.model.parameters == ["W"] && typist.session.roles.inputs == ["U1"])
    #expect(typist.text("samples").contains("3 samples"))
    let text = typist.text("train epochs=1 lr=0.1")
    #expect(text.contains("3 samples"), "\(text)")
    // By NumPy: U.T @ (U @ W - t) * 2/3.
    expect(typist.value("W"), [0.5 + 0.1 * 9, -0.5 + 0.1 * 12], [2, 1])
    expect(typist.value("U1"), [1, 2, 3, 4, 5, 6])
  }

  @Test(arguments: [
    ("model L = sum((W - 3)**2)", "set W = 2"), ("model Z = K * x * W; L = sum(Z)", "set W = 3"),
    ("model o = U1 @ W; L = mse(t, o)", "param U1 = ones(3, 2); set U1 = zeros(3, 2)"),
    ("net 2 3:relu 3:softmax", "set W1 = ones(2, 3)"),
  ])
  func everyOtherNameStaysTrained(_ model: String, _ line: String) {
    var typist = Typist(model)
    let before = typist.session.model.parameters
    typist.type(line)
    #expect(typist.session.model.parameters == before)
  }

  /// Logits that are trained have a row for every sample: an epoch is all of them at once.
  @Test func samplesThatCannotBeDividedAreTakenTogether() {
    var typist = Typist(
      "model S = softmax(b); L = cross_entropy(Y, S)", "param b = zeros(4, 3)",
      "set Y = [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 0, 0]]")
    #expect(typist.text("train epochs=1").contains("4 samples"))
    #expect(typist.refusal("train batch=2").message.text().contains("b"))
  }

  // MARK: Layouts

  @Test(arguments: ["2 4:relu 3:softmax", "5 3:tanh 1:sigmoid init=uniform", "4 2"])
  func aSeedGivesTheSameNetworkInBothLayouts(_ words: String) {
    let rows = Typist("net \(words) seed=5", "backward")
    let columns = Typist("net \(words) seed=5 layout=columns", "backward")
    for name in rows.session.model.parameters + ["X", "Y"] {
      #expect(rows.value(name)?.transposed() == columns.value(name), "\(name)")
    }
    expect(columns.value("L"), rows.value("L")?.elements ?? [])
  }
}

extension Typist {
  fileprivate mutating func type(_ line: String, ifKnown isKnown: Bool) { if isKnown { type(line) } }
}
