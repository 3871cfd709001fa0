import LinearAlgebra
import Sessions
import Testing

/// `m` is written where samples are counted, and nowhere else.
@Suite struct SampleExtentTests {
  /// Three samples and three features. By NumPy: N = H - H.mean(1, keepdims=True); dN = 3*N**2;
  /// dH = dN - dN.mean(1, keepdims=True).
  @Test func aMeanOverFeaturesIsNotDividedByM() {
    let typist = Typist(
      "model H = X @ W1; mu = mean(H, axis=1); N = H - mu; L = sum(N**3)",
      "param W1 = [[0.5, -0.2, 0.3], [0.1, 0.4, -0.6]]", "set X = [[1, 2], [3, -1], [0.5, 1]]", "backward")
    expect(
      typist.value("dH"),
      [
        -0.6433333333333333, -0.9533333333333329, 1.596666666666666, -2.2433333333333336, 3.996666666666667,
        -1.7533333333333334, -0.1608333333333333, -0.2383333333333332, 0.3991666666666665,
      ], [3, 3])
    let equation = typist.equation("dH") ?? ""
    #expect(!equation.contains("m)") && !equation.hasSuffix("m") && equation.contains("3"), "\(equation)")
  }

  /// Models whose backward equations must read the same whatever the number of samples, with values for any number.
  static let models: [(equations: String, values: @Sendable (_ m: Int) -> [String])] = [
    (
      "Z = X @ W; S = softmax(Z); ell = -sum(Y*log(S), axis=1); L = sum(ell)/m",
      { ["set X = randn(\($0), 2)", "set Y = softmax(randn(\($0), 3))", "param W = randn(2, 3, seed=1)"] }
    ),
    (
      "Z = X @ W; S = softmax(Z); ell = -sum(Y*log(S), axis=1); L = mean(ell)",
      { ["set X = randn(\($0), 2)", "set Y = softmax(randn(\($0), 3))", "param W = randn(2, 3, seed=1)"] }
    ),
    (
      "H = tanh(X @ W + b); r = sum((H - Y)**2, axis=1); L = sum(r)",
      {
        [
          "set X = randn(\($0), 2)", "set Y = randn(\($0), 3)", "param W = randn(2, 3, seed=1)",
          "param b = randn(1, 3, seed=2)",
        ]
      }
    ),
    (
      "H = W @ X + b; r = mean((H - Y)**2, axis=0); L = mean(r)",
      {
        [
          "set X = randn(2, \($0))", "set Y = randn(3, \($0))", "param W = randn(3, 2, seed=1)",
          "param b = randn(3, 1, seed=2)",
        ]
      }
    ),
    (
      "H = X @ W; mu = mean(H, axis=0); v = mean((H - mu)**2, axis=0); L = sum((H - mu) / sqrt(v + 0.1) * Y)",
      { ["set X = randn(\($0), 2)", "set Y = randn(\($0), 3)", "param W = randn(2, 3, seed=1)"] }
    ),
    (
      "y = w * x + b; L = mse(t, y)",
      { ["set x = randn(\($0))", "set t = randn(\($0), seed=3)", "param w = 2", "param b = 1"] }
    ),
  ]

  /// 3 is also the number of classes, 2 that of features, and 1 hides every sum.
  @Test(arguments: models.indices) func equationsDoNotDependOnTheNumberOfSamples(_ number: Int) throws {
    let (equations, values) = Self.models[number]
    func backward(_ m: Int) throws -> [String] {
      let typist = Typist(["model " + equations] + values(m) + ["backward"])
      #expect(typist.value("m") == Tensor(Double(m)))
      return try typist.session.readyProgram().backward.map(\.text)
    }
    let equationsOfFive = try backward(5)
    for m in [1, 2, 3, 7] { #expect(try backward(m) == equationsOfFive, "m = \(m)") }
  }

  /// Where m equals the number of features, only the samples are m.
  @Test func theSameNumberSomewhereElseStaysANumber() {
    let typist = Typist(
      "model Z = X @ W; L = sum(mean(Z, axis=1)**2)", "set X = randn(3, 2)", "param W = randn(2, 3)")
    let equation = typist.equation("dZ") ?? ""
    #expect(equation.contains("/ 3") && !equation.contains("/ m"), "\(equation)")
  }

  /// How many entries a part of the samples has, or the samples with a row more, is no multiple of m: what is divided by is
  /// the count at hand. By PyTorch in float64: `loss.backward(); W.grad`; the last is
  /// `F.cross_entropy(E[ids][:-1] @ U, ids[1:])`.
  static let partsOfTheSamples: [(String, name: String, gradient: [Double])] = [
    (
      "P = X @ W; D = P[1:] - P[:-1]; L = mean(D**2)", "W",
      [
        39.111111111111114, 52.888888888888886, 66.66666666666666, 63.55555555555554, 85.77777777777779, 108,
      ]
    ),
    (
      "P = X @ W; L = mean(P[1:]**2)", "W",
      [
        49.55555555555555, 67.77777777777777, 86, 68.22222222222221, 93.11111111111111, 117.99999999999999,
      ]
    ),
    (
      "P = concat(ones(1, 2), X, axis=0) @ W; L = mean(P**2)", "W",
      [31.6, 43.2, 54.800000000000004, 44, 60, 76]
    ),
    (
      "H = E[ids]; S = softmax(H[:-1] @ U); L = cross_entropy(onehot(ids[1:], 3), S)", "E",
      [
        0.2702151007392774, 0.010874910405941504, 0.33343917073193285, 0.04896769730256988,
        0.09189281826444988, 0.04536916396814652,
      ]
    ),
  ]

  @Test(arguments: partsOfTheSamples.indices) func aPartOfTheSamplesIsCountedAsItIs(_ index: Int) throws {
    let (equations, name, gradient) = Self.partsOfTheSamples[index]
    var typist = Typist("model \(equations)")
    let values =
      name == "W"
      ? ["set X = [1 2; 3 4; 5 7; 1 0]", "param W = [1 2 3; 4 5 6]"]
      : [
        "param E = [0.1 0.2; 0.3 -0.4; 0.5 0.6]", "param U = [1 0 -1; 0.5 0.2 0.3]",
        "set ids = [0, 2, 1, 1, 2]",
      ]
    for line in values { typist.type(line) }
    typist.type("backward")
    expect(typist.value("d\(name)"), gradient)
    #expect(try #require(typist.type("gradcheck").scalar("max_relative_error")) < 1e-6)
    let before = try #require(typist.value(name)).elements
    typist.type("train epochs=1 lr=0.5")
    expect(typist.value(name), zip(before, gradient).map { $0 - 0.5 * $1 })
  }

  /// A G for every sample goes with the samples, as X does. A = X @ w is linear, so that the loss of a batch is the
  /// mean of its entries, and an epoch in batches of 1 moves w by -lr * sum of G_i x_i.
  @Test(arguments: [1, 2, 4]) func valuesOfASampleGoWithTheSample(_ batch: Int) {
    var typist = Typist(
      "model A = X @ w; L = mean(G * A)", "param w = [[0.5], [-1]]",
      "set X = [[1, 2], [0.5, -1], [-1.5, 0.3], [2, -0.7]]",
      "set G = [[1], [2], [3], [4]]")
    typist.type("train epochs=1 batch=\(batch) lr=0.1")
    // Σ G_i x_i = (1 + 1 - 4.5 + 8, 2 - 2 + 0.9 - 2.8) = (5.5, -1.9), divided by the size of a batch.
    let step = 0.1 / Double(batch)
    expect(typist.value("w"), [0.5 - step * 5.5, -1 + step * 1.9])
  }

  /// A number for every feature is no sample, whatever its extent.
  @Test func whatIsNoSampleIsNotCut() {
    var typist = Typist(
      "model A = (X * c) @ w; L = mean((A - Y)**2)", "param w = [[0.5], [-1]]", "set X = [[1, 2], [0.5, -1]]",
      "set c = [[2, 3]]", "set Y = [[1], [0]]")
    typist.type("train epochs=1 batch=1 lr=0")
    #expect(typist.value("c")?.shape == [1, 2])
    // A = (1 - 6, 0.5 + 3): squared errors 36 and 12.25.
    #expect(typist.session.losses.last == 24.125)
  }
}
