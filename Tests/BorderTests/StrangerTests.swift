import Explanations
import LinearAlgebra
import NeuralNetworks
import Sessions
import Testing

/// Lines of people who met the program for the first time, and what came back wrong.
@Suite struct StrangerTests {
  /// A slice that takes all of an axis, or all of a value, hands the gradient back like any other.
  @Test(arguments: ["P[:]", "P[:, :]", "P[0:2]", "P[-2:]", "P[0:2, 0:2]", "P[0:2][0:1]", "P.T[0:2, :]"])
  func aWholeSliceHasAGradient(_ slice: String) {
    var typist = Typist(
      "model Q = \(slice); L = sum(Q**2)", "param P = [[1, 2], [3, 4]]", "forward; backward")
    #expect(typist.text("gradcheck method=dual").contains("4 entries agree"), "\(slice)")
  }

  @Test(arguments: [
    ("P[0:1]", "[[1, 2, 3]]"), ("P[:, 0:1]", "[[1], [2]]"), ("P[:, :, 0:1]", "[[[1]], [[2]]]"),
  ])
  func aBatchOfOneIsSliced(_ slice: String, _ value: String) {
    var typist = Typist("model Q = \(slice); L = sum(Q**3)", "param P = \(value)", "forward; backward")
    #expect(typist.text("gradcheck method=dual").contains("agree"), "\(slice)")
  }

  /// Σ (logsumexp(Z) - Σ Y·Z) / m is what is typed, also where the classes of Y do not sum to 1: its gradient is
  /// (softmax(Z) - Y)/m whatever Y is.
  @Test(arguments: ["fused on", "fused off"]) func theLossOfLogitsIsDerivedAsTyped(_ setting: String) {
    var typist = Typist(
      "model Z = X @ W; L = sum(logsumexp(Z) - sum(Y*Z, axis=1))/m", "set X = [[1, 2], [3, -4]]",
      "param W = [[0.3, 0.5, 0.1], [0.7, -0.2, 0.4]]", "set Y = [[0.5, 0.2, 0.1], [1, 0.5, 0]]", setting,
      "backward")
    expect(typist.value("dZ"), typist.value("(softmax(Z) - Y) / m")?.elements ?? [])
    #expect(typist.text("gradcheck").contains("agree"))
  }

  /// PyTorch: `P.detach() * P` has the gradient P.
  @Test func detachIsNotDropped() {
    let typist = Typist("model Q = P.detach() * P; L = sum(Q)", "param P = [1, 2, 3]", "backward")
    expect(typist.value("dP"), [1, 2, 3])
  }

  /// ∂S_a/∂Z_b = S_a (δ_ab - S_b) over all four entries together.
  @Test func aSoftmaxOverSeveralAxesIsDense() throws {
    var typist = Typist(
      "model S = softmax(Z, axis=(0, 1)); L = sum(S * G)", "param Z = [[1, 2], [3, 4]]",
      "set G = [[1, 0], [2, 1]]")
    let s = [0.03205860328008499, 0.08714431874203257, 0.23688281808991013, 0.6439142598879722]
    var expected: [Double] = []
    for a in 0..<4 { for b in 0..<4 { expected.append(s[a] * ((a == b ? 1 : 0) - s[b])) } }
    let report = typist.type("jacobian S Z --full")
    let full = try #require(report.tensorBlocks.first { $0.value.count == 16 })
    #expect(zip(full.value.elements, expected).allSatisfy { abs($0 - $1) < 1e-12 })
    #expect(!typist.text("jacobian S Z").contains("entries are 0"))
  }

  /// The loss is nan, or a gradient is: nothing was compared, so nothing is wrong.
  @Test func nanIsNoWrongGradient() {
    var masked = Typist(
      "model S = softmax(where(M, Z, -1/0)); L = sum(S*S)", "param Z = [[1, 2, 3], [4, 5, 6]]",
      "set M = [[1, 1, 0], [0, 0, 0]]")
    #expect(masked.refusal("gradcheck").message.text().contains("L is nan"))
    var flat = Typist("model Q = sqrt(var(P, axis=1)); L = sum(Q)", "param P = [[1, 1], [1, 2]]")
    let text = flat.text("gradcheck")
    #expect(!text.contains("WRONG") && text.contains("no slope"), "\(text)")
  }

  /// tanh is 1 - 7e-8 there, and 1 - tanh² has lost seven digits.
  @Test(arguments: [
    ("model L = 2*tanh(R*R*2)", "param R = 2.07"),
    ("model Q = softmax(P*20); L = sum(Q*tanh(Q))", "param P = [1.3, 0.4, 2.2]"),
    ("model Q = log(1-sigmoid(P*9)); L = sum(Q*tanh(Q))", "param P = [1.3, 0.4, 2.2]"),
  ])
  func roundingIsNoWrongGradient(_ model: String, _ value: String) {
    var typist = Typist(model, value)
    for method in ["dual", "central"] {
      let text = typist.text("gradcheck method=\(method)")
      #expect(!text.contains("WRONG"), "\(text)")
    }
  }

  @Test func roundingIsRoundingBesideWhatHasNoBound() {
    var typist = Typist("set X = X * 3000")
    let text = typist.text("numerics dW2 dW1")
    #expect(!text.contains("more than rounding") && !text.contains("-0.0"), "\(text)")
  }

  /// What `backward` prints is right; the number is an extent and no mistake.
  @Test(arguments: [
    (["net 3 4:elu 2:linear"], "check dZ2 = 2 * (Z2 - Y) / (m * 2)"),
    (["model layernorm"], "check dP = 2 * (P - Y) / (m * 3)"),
  ])
  func aPrintedLineHasNoMistake(_ start: [String], _ line: String) {
    var typist = Typist(start)
    let report = typist.type(line)
    #expect(report.diagnosis == [])
    let text = typist.text(line)
    #expect(text.contains("is right in all") && text.contains("as the count that it is"), "\(text)")
  }

  @Test func mForAnotherCountIsNamed() {
    var typist = Typist(
      "model H = X @ W1; mu = mean(H, axis=1); N = H - mu; L = sum(N**3)", "set X = [[1, 2], [3, -4]]",
      "param W1 = [[0.3, 0.5], [0.7, -0.2]]")
    let text = typist.text("check dH = dN + dmu / m")
    #expect(text.contains("m counts the samples") && !text.contains("constant-statistics"), "\(text)")
  }

  /// A matrix times a vector: X.T @ dp, without a δ on the way.
  @Test(arguments: [
    (
      "model p = X @ w + b; L = mean((p - y)**2)",
      ["set X = [[1, 2], [3, 4], [5, 6]]", "param w = [0.1, 0.2]", "param b = 0.3", "set y = [1, 2, 3]"], "dw"
    ),
    ("model z = W @ x; L = sum(z**2)", ["set x = [1, 2]", "param W = [[1, 2], [3, 4]]"], "dx"),
    ("model z = x @ W; L = sum(z**2)", ["set x = [1, 2]", "param W = [[1, 2], [3, 4]]"], "dx"),
    // Steps that are called as the letters of the rule C = A @ B are.
    (
      "model A = X[0:2] @ W; L = sum(A**2)",
      ["set X = [[1, 2], [3, 4], [5, 6]]", "param W = [[1, 2], [3, 4]]"],
      "dW"
    ),
    (
      "model A = P @ Q; L = sum(A**2)", ["param P = [[1, 2], [0.3, -1]]", "set Q = [[1, 2], [1.3, 1]]"], "dP"
    ),
    (
      "model B = P @ Q; L = sum(B**2)", ["param P = [[1, 2], [0.3, -1]]", "set Q = [[1, 2], [1.3, 1]]"], "dP"
    ),
    (
      "model Z = Q @ A; L = sum(Z**2)", ["param A = [[1, 2], [0.3, -1]]", "set Q = [[1, 2], [1.3, 1]]"], "dA"
    ),
  ])
  func vectorsAreDerived(_ model: String, _ values: [String], _ gradient: String) {
    var typist = Typist([model] + values)
    #expect(typist.text("derive \(gradient)").contains("checked"))
  }

  @Test func aFactorIsNotCopied() {
    var typist = Typist(
      "model z = w.T @ X + b; a = sigmoid(z); J = (-1/m)*sum(Y*log(a)+(1-Y)*log(1-a))",
      "set X = [[1, 2, 3], [0, 1, 0]]", "set Y = [[1, 0, 1]]", "param w = [[0.1], [0.2]]", "param b = 0.3")
    #expect(!typist.text("derive dw").contains("was copied"))
  }

  @Test(arguments: [
    "model repeat t = 1..4: h{t} = tanh(h{t-1} @ W) end; L = sum(h4**2)",
    "model repeat s = 1..2: repeat t = 1..2: h{s}{t} = tanh(X @ W) end end; L = sum(h22**2)",
  ])
  func aRepeatEndsOnItsLine(_ model: String) {
    let typist = Typist(model)
    #expect(typist.session.model.lossName == "L" && typist.session.model.equations.count == 5)
  }

  /// Attention among two tokens of five is another function.
  @Test func samplesThatReadEachOtherStayTogether() {
    var typist = Typist("model attention")
    #expect(typist.refusal("train epochs=1 batch=2").message.text().contains("every pair"))
    typist.type("train epochs=1")
  }

  /// `S[arange(m), y]`: a class number for each sample goes with its row.
  @Test func classNumbersGoWithTheirRows() {
    var typist = Typist(
      "model Z = X@W; S = softmax(Z); L = -mean(log(S[arange(m), y]))",
      "set X = [[1, 2], [3, -4], [0.5, 1], [1, 1]]", "param W = [[0.3, 0.5, 0.1], [0.7, -0.2, 0.4]]",
      "set y = [0, 1, 2, 0]")
    #expect(typist.session.roles.sampleAxes["y"] == 0)
    typist.type("train epochs=2 batch=2")
  }

  /// A vector of targets goes with a vector of predictions, also where two classes look like two samples.
  @Test func aDataSetGoesIntoVectors() {
    let typist = Typist(
      "model z = X @ w + b; p = sigmoid(z); L = -mean(y*log(p)+(1-y)*log(1-p))",
      "set X = [[1, 2], [3, 4], [5, 6]]", "param w = [0.1, -0.2]", "param b = 0.3", "set y = [1, 0, 0]",
      "data moons n=20", "forward")
    #expect(typist.value("y")?.shape == [20] && typist.value("p")?.shape == [20])
  }

  /// Samples are handed on through what is joined and sliced; a gate's share of the columns is none.
  @Test(arguments: [
    (
      "model hx = concat(X, h0, axis=1); h1 = tanh(hx @ W + b); L = sum(h1**2)/m",
      "set X = [[1, 2, 3]]; set h0 = [[0.1, 0.2]]; param W = randn(5, 2); param b = [[0.1, 0.2]]", 1
    ),
    (
      "model a = X @ V + h0 @ U; i = sigmoid(a[:, 0:2]); f = sigmoid(a[:, 2:4]); L = sum((i * f * c0)**2)/m",
      "set X = [[1, 2, 3]]; set h0 = [[0.1, 0.2]]; set c0 = [[0.3, 0.2]]; param V = randn(3, 4); param U = randn(2, 4)",
      1
    ),
    ("model A = cumsum(X, axis=1) @ V; L = sum(A**2)/m", "set X = [[1, 2, 3]]; param V = randn(3, 4)", 1),
    (
      "model Xh = concat(ones(2, 1), D, axis=1); L = sum((Xh @ W)**2)/(2*m)",
      "set D = [[1, 2, 3], [0, 1, 2]]; param W = randn(4, 1)", 2
    ),
    (
      "model Xh = concat(D, ones(m, 1), axis=1); L = sum((Xh @ W)**2)/(2*m)",
      "set D = [[1, 2, 3], [0, 1, 2]]; param W = randn(4, 1)", 2
    ),
    (
      "model Xh = stack(ones(3), x, x**2, axis=1); Z = Xh @ w; L = sum((Z-y)**2)/(2*m)",
      "set x = [1, 2, 3]; set y = [1, 0, 2]; param w = [1, 2, 3]", 3
    ),
  ])
  func samplesAreHandedOn(_ model: String, _ values: String, _ m: Double) {
    let typist = Typist(model, values, "forward")
    expect(typist.value("m"), [m], .scalar, model)
  }

  @Test func joiningSaysWhatItHandsBack() {
    var typist = Typist(
      "model A = concat(P, Q, R); L = sum(A**2)", "param P = [1, 2]; param Q = [3]; param R = [4, 5]")
    let text = typist.text("derive dQ")
    #expect(text.contains("dA = dC[2:3]") && !text.contains("a step"), "\(text)")
  }

  /// A blank in a name was dropped, and another network made of the line.
  @Test(arguments: [
    "model gpt width=16", "let a b = 3", "model A B = X", "check d W1 = 3", "model lr = 3; L = lr * W1",
  ])
  func whatIsNoNameIsRefused(_ line: String) {
    var typist = Typist()
    let before = typist.session.model
    _ = typist.refusal(line)
    #expect(typist.session.model == before)
  }

  /// E[[[0, 1]]] is 1×2×3: a batch of one sentence, and sentences of one word.
  @Test(arguments: [("[[0, 1]]", [1, 2, 3]), ("[[2], [1]]", [2, 1, 3])])
  func positionsMayHaveAnAxisOfOne(_ ids: String, _ shape: [Int]) {
    var typist = Typist(
      "model V = E[ids]; L = sum(V**2)", "param E = randn(6, 3)", "set ids = \(ids)", "forward")
    #expect(typist.value("V")?.shape == Shape(shape))
    #expect(typist.text("gradcheck").contains("18 entries agree"))
  }

  /// With one input the weight and the bias of a layer have the same numbers of entries: their names tell them apart.
  @Test func aBiasIsNoWeight() throws {
    let session = Typist("net 1 3:sigmoid 1").session
    let state: [(String, Shape)] = [
      ("0.bias", [3]), ("0.weight", [3, 1]), ("2.bias", [1]), ("2.weight", [1, 3]),
    ]
    let matching = try WeightMatching(
      session.model, shapes: session.leaves.mapValues(\.shape),
      arrays: state.map { key, shape in .init(key, shape) { Tensor(repeating: 1, shape: shape) } }, asked: [],
      layout: nil)
    let keys = Dictionary(uniqueKeysWithValues: matching.matches.map { ($0.name, $0.key) })
    #expect(keys == ["W1": "0.weight", "b1": "0.bias", "W2": "2.weight", "b2": "2.bias"])
  }

  @Test func whyGoesOnWhereItWas() {
    var typist = Typist("why dW1[0,2]", "2")
    let page = typist.text("why")
    #expect(page.contains("›"), "\(page)")
  }

  /// numpy.array2string of a 2×1×2×2 array: two blank lines between its halves.
  @Test func fourAxesArePasted() throws {
    var typist = Typist()
    let print = "P = [[[[1. 2.]\n   [3. 4.]]]\n\n\n [[[5. 6.]\n   [7. 8.]]]]\n"
    _ = try Script.run(print, file: "pasted", in: &typist.workspace)
    expect(typist.value("P"), [1, 2, 3, 4, 5, 6, 7, 8], [2, 1, 2, 2])
  }

  /// pandas.DataFrame([0.35, 0.9]) behind `B =`, and a number that stands as far right.
  @Test func aTableOfOneColumnIsPasted() throws {
    var typist = Typist()
    _ = try Script.run(
      "B =           0\n0  0.35\n1  0.90\n\nC =          0\nprecision 5\n", file: "pasted",
      in: &typist.workspace)
    expect(typist.value("B"), [0.35, 0.9])
    expect(typist.value("C"), [0], .scalar)
  }
}
