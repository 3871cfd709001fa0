import LinearAlgebra
import Testing

/// Cross-entropy of class numbers, by which entries are gathered, is the loss that it is of one-hot rows: the figures are
/// those of `LossSpellingTests`, whose targets have their 1 at these classes.
@Suite struct ClassNumberTests {
  static let values = LossSpellingTests.values.filter { !$0.hasPrefix("set Y") } + ["set y = [0, 2, 0, 2]"]

  static let spellings = [
    "S = softmax(Z); L = -mean(log(S[arange(m), y]))",
    "S = softmax(Z); p = S[arange(m), y]; L = -sum(log(p)) / m",
    "L = mean(logsumexp(Z)[:, 0] - Z[arange(m), y])",
    "G = log(softmax(Z)); L = -mean(G[arange(m), y])",
    "S = exp(Z) / sum(exp(Z), axis=1); L = -sum(log(S[arange(4), y])) / 4",
  ]

  @Test(arguments: spellings) func theyAreRecognised(_ spelling: String) throws {
    var typist = Typist([LossSpellingTests.line + spelling] + Self.values + ["backward"])
    expect(typist.value("L"), [0.5034704204423675])
    expect(typist.value("dZ"), LossSpellingTests.gradient, [4, 3])
    expect(typist.value("dW"), LossSpellingTests.weightGradient, [2, 3])
    #expect(typist.backwardNames == ["dZ", "dW", "db", "dX"])
    #expect(typist.equation("dZ")?.contains("- onehot(y, 3)) / ") == true, "\(typist.equation("dZ") ?? "")")
    #expect(typist.type("accuracy").scalar("accuracy") == 0.75)
    #expect(try #require(typist.type("compare softmax").scalar("max_difference")) < 1e-15)
    #expect(try #require(typist.type("gradcheck").scalar("max_relative_error")) < 1e-7)
    #expect(typist.text("info").contains("y     4      target"))
    #expect(typist.text("check dZ = softmax(Z) - onehot(y, 3)").contains("missing-mean"))
    typist.type("fused off; backward")
    expect(typist.value("dZ"), LossSpellingTests.gradient, [4, 3])
  }

  /// Positions that are listed hold for this batch alone.
  @Test func listedSamplesAreCounted() {
    var typist = Typist(
      [LossSpellingTests.line + "S = softmax(Z); L = -mean(log(S[[0, 1, 2, 3], y]))"] + Self.values + [
        "backward"
      ])
    expect(typist.value("dZ"), LossSpellingTests.gradient, [4, 3])
    #expect(typist.type("accuracy").scalar("accuracy") == 0.75)
  }

  /// A column of labels goes with every sample, as in NumPy: sixteen entries, and no cross-entropy of four.
  @Test func aColumnOfNumbersIsAnotherFunction() throws {
    var typist = Typist(
      [LossSpellingTests.line + "S = softmax(Z); L = -sum(log(S[arange(m), y]))"] + Self.values
        + ["set y = [[0], [2], [0], [2]]", "backward"])
    #expect(typist.equation("dZ")?.contains("onehot") == false)
    #expect(try #require(typist.type("gradcheck").scalar("max_relative_error")) < 1e-7)
  }

  /// Batches of two samples, as one-hot rows give them with the same seed.
  @Test func batchesTakeTheirNumbers() {
    let train = "train epochs=3 batch=2 lr=0.5 seed=4"
    let numbers = Typist([LossSpellingTests.line + Self.spellings[0]] + Self.values + [train])
    let rows = Typist(
      [LossSpellingTests.line + LossSpellings.crossEntropy[0]] + LossSpellingTests.values + [train])
    expect(numbers.value("W"), rows.value("W")?.elements ?? [], [2, 3])
  }

  /// Samples in columns, and one sample as a vector. By NumPy, of z = [0.2, -1, 0.7] and class 2: S - [0, 0, 1].
  @Test func theClassesMayLieAlongAnyAxis() {
    let columns = Typist(
      [
        "model Z = V @ X + c; S = softmax(Z, axis=0); L = -mean(log(S[y, arange(m)]))",
        "param V = [[0.3, 0.7], [-0.2, 0.1], [0.5, -0.4]]", "param c = [[0.1], [-0.3], [0.2]]",
        "set X = [[1, 0.5, -1.5, 2], [2, -1, 0.3, -0.7]]", "set y = [0, 2, 0, 2]", "backward",
      ])
    expect(columns.value("dZ.T"), LossSpellingTests.gradient, [4, 3])
    #expect(columns.equation("dZ") == "dZ = (S - onehot(y, 3).T) / m")
    let vector = Typist(
      "model s = softmax(z); L = -log(s[y])", "param z = [0.2, -1, 0.7]", "set y = 2", "backward")
    expect(vector.value("L"), [0.5817765199793885])
    expect(vector.value("dz"), [0.33899276297720876, 0.1021026580888603, -0.441095421066069])
  }

  /// The numbers of classes of a data set, where the model reads those.
  @Test func aDataSetGivesNumbers() throws {
    var typist = Typist(
      LossSpellingTests.line + Self.spellings[0], "param W = zeros(64, 10)", "param b = zeros(1, 10)",
      "data digits batch=50")
    expect(typist.value("y"), typist.value("y")?.elements.map { $0.rounded() } ?? [], [50])
    #expect(try #require(typist.type("train epochs=1").scalar("accuracy")) > 0.5)
  }
}

/// A loss is one step with its softmax only where its targets are distributions, whatever formula they are.
@Suite struct TargetFormulaTests {
  /// By NumPy, Y = 1/(1 + np.exp(-C)), S the softmax of Z: -np.sum(Y*np.log(S))/2, (S*Y.sum(1, keepdims=True) - Y)/2.
  @Test(arguments: [
    "L = cross_entropy(sigmoid(C), softmax(Z))", "Y = sigmoid(C); S = softmax(Z); L = cross_entropy(Y, S)",
    "k = cross_entropy(sigmoid(C), softmax(Z)); L = 2 * k - k",
  ]) func targetsThatAreNoDistributionsAreDifferentiatedAsTyped(_ spelling: String) {
    let typist = Typist(
      "model " + spelling, "set C = [[1, -2, 0.5], [0.3, 2, -1]]",
      "param Z = [[0.2, -1, 0.7], [1.5, 0.1, -0.4]]",
      "backward")
    expect(typist.value("L"), [1.8722417624405872])
    let expected = [
      -0.11590843737286596, 0.015582894766505498, 0.10032554260636051, 0.3302488457675908,
      -0.28813228597506824, -0.04211655979252245,
    ]
    expect(typist.value("dZ"), expected, [2, 3])
  }

  @Test func distributionsThatAreComputedStayFused() {
    let typist = Typist(
      "model L = cross_entropy(softmax(C), softmax(Z))", "set C = [[1, -2, 0.5], [0.3, 2, -1]]",
      "param Z = [[0.2, -1, 0.7], [1.5, 0.1, -0.4]]", "backward")
    #expect(typist.equation("dZ") == "dZ = (softmax(Z) - softmax(C)) / m")
  }
}
