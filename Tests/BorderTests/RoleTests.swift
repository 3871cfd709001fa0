import Formulas
import LinearAlgebra
import NeuralNetworks
import Operations
import Testing

/// What follows from the equations alone.
@Suite struct RoleTests {
  private func model(_ text: String, _ parameters: [String]) throws -> Model {
    let equations = try text.split(separator: ";").map { part in
      let sides = part.split(separator: "=", maxSplits: 1).map { $0.trimmed }
      return Equation(sides[0], try Parser.parse(sides[1]).expression)
    }
    return Model(equations: equations, parameters: parameters)
  }

  private func roles(
    _ text: String, _ parameters: [String], _ shapes: [String: Shape], samples: Roles.Samples? = nil
  ) throws -> Roles {
    var model = try model(text, parameters)
    model.samples = samples
    return Roles(model, shapes: shapes)
  }

  // MARK: Where samples lie

  @Test func rowsOfAClassifier() throws {
    let found = try roles(
      "Z = x @ W + b; S = softmax(Z); L = cross_entropy(y, S)", ["W", "b"],
      ["x": [4, 2], "W": [2, 3], "b": [1, 3], "y": [4, 3]])
    #expect(found.inputs == ["x"] && found.targets == ["y"] && found.parameters == ["W", "b"])
    #expect(found.sampleAxes == ["x": 0, "y": 0, "Z": 0, "S": 0] && found.sampleCount == 4)
  }

  @Test func columnsOfAClassifier() throws {
    let found = try roles(
      "Z = W @ x + b; S = softmax(Z, axis=0); L = -sum(y*log(S))/m", ["W", "b"],
      ["x": [2, 4], "W": [3, 2], "b": [3, 1], "y": [3, 4]])
    #expect(found.sampleAxes == ["x": 1, "y": 1, "Z": 1, "S": 1] && found.sampleCount == 4)
  }

  /// Every extent is 2, or 3, or 1: what decides is where they stand in the equations.
  @Test(arguments: [1, 2, 3, 5]) func theNumberDoesNotMatter(_ m: Int) throws {
    let rows = try roles(
      "H = tanh(x @ W + b); P = H @ V; L = mse(t, P)", ["W", "b", "V"],
      ["x": [m, 3], "W": [3, 3], "b": [1, 3], "V": [3, 1], "t": [m, 1]])
    #expect(rows.sampleAxes["x"] == 0 && rows.sampleAxes["t"] == 0 && rows.sampleCount == m)
    let columns = try roles(
      "H = tanh(W @ x + b); P = V @ H; L = mse(t, P)", ["W", "b", "V"],
      ["x": [3, m], "W": [3, 3], "b": [3, 1], "V": [1, 3], "t": [1, m]])
    #expect(columns.sampleAxes["x"] == 1 && columns.sampleAxes["t"] == 1 && columns.sampleCount == m)
  }

  @Test func vectors() throws {
    let line = "y = w * x + b; L = sum((y - t)**2) / m"
    let many = try roles(line, ["w", "b"], ["x": [5], "t": [5], "w": [], "b": []])
    #expect(many.sampleAxes["x"] == 0 && many.sampleCount == 5)
    let one = try roles("z = W @ x; L = sum((z - t)**2)", ["W"], ["W": [2, 3], "x": [3], "t": [2]])
    #expect(one.sampleAxes == [:] && one.sampleCount == 1 && one.inputs == ["x"])
    let classes = try roles("s = softmax(z); L = cross_entropy(y, s)", [], ["z": [3], "y": [3]])
    #expect(classes.sampleAxes == [:] && classes.sampleCount == 1)
    let weights = try roles("z = w.T @ x + b; L = z**2", ["w", "b"], ["w": [3, 1], "x": [3], "b": []])
    #expect(weights.sampleAxes == [:] && weights.sampleCount == 1)
  }

  @Test func logitsThatAreTrained() throws {
    let rows = try roles("S = softmax(Z); L = cross_entropy(Y, S)", ["Z"], ["Z": [5, 7], "Y": [5, 7]])
    #expect(rows.sampleAxes["Y"] == 0 && rows.sampleCount == 5 && rows.batched.isEmpty)
    let columns = try roles(
      "E = exp(Z); A = E / sum(E, axis=0); L = -sum(Y*log(A))/m", ["Z"], ["Z": [3, 2], "Y": [3, 2]])
    #expect(columns.sampleAxes["Y"] == 1 && columns.sampleCount == 2)
  }

  @Test func valuesOfASampleAndOfAFeature() throws {
    let found = try roles(
      "A = (X * c) @ w; L = mean(G * A) + lambda * sum(w**2)", ["w"],
      ["X": [4, 2], "c": [1, 2], "w": [2, 1], "G": [4, 1], "lambda": []])
    #expect(found.batched == ["X", "G"] && found.constants == ["c", "G", "lambda"])
    #expect(found.inputs == ["X"])
  }

  /// dv/dx = 2 (x - mu)/3 for three numbers: the mean's own derivative adds up to 0.
  @Test func aVarianceIsAFunctionOfItsData() throws {
    let typist = Typist(
      "model mu = mean(X); v = mean((X - mu)**2)", "set X = [1, 2, 6]", "forward", "backward")
    expect(typist.value("v"), [14.0 / 3])
    expect(typist.value("dX"), [-4.0 / 3, -2.0 / 3, 2], [3])
  }

  /// Keys and queries are both made of X: the scores are samples by samples, and softmax runs along one of them.
  @Test func attention() throws {
    let found = try roles(
      "Q = X @ U; K = X @ V; A = softmax(Q @ K.T); O = A @ (X @ W); L = mse(Y, O)", ["U", "V", "W"],
      ["X": [4, 3], "U": [3, 2], "V": [3, 2], "W": [3, 5], "Y": [4, 5]])
    #expect(found.sampleAxes["X"] == 0 && found.sampleCount == 4)
  }

  @Test func imagesLieAlongTheFirstAxis() throws {
    for m in [1, 3] {
      let found = try roles(
        "Z1 = conv2d(X, W1) + b1; F = flatten(relu(Z1)); Z2 = F @ W2; S = softmax(Z2); L = cross_entropy(Y, S)",
        ["W1", "b1", "W2"],
        ["X": [m, 1, 6, 6], "W1": [2, 1, 3, 3], "b1": [1, 2, 1, 1], "W2": [32, 3], "Y": [m, 3]])
      #expect(found.sampleAxes["X"] == 0 && found.sampleAxes["F"] == 0 && found.sampleCount == m)
    }
    let filtered = try roles(
      "Z = conv2d(X, W); L = sum(Z**2)", ["W"], ["X": [1, 1, 6, 6], "W": [2, 1, 3, 3]])
    #expect(filtered.sampleAxes["X"] == 0 && filtered.sampleCount == 1)
  }

  /// Before any value is there: x and y have the axes that the products give them.
  @Test func beforeThereAreValues() throws {
    let rows = try roles("S = softmax(x @ W + b); L = cross_entropy(y, S)", ["W", "b"], [:])
    #expect(rows.sampleAxes["x"] == 0 && rows.sampleAxes["y"] == 0)
    let columns = try roles(
      "S = softmax(W @ x + b, axis=0); L = cross_entropy(y, S, axis=0)", ["W", "b"], [:])
    #expect(columns.sampleAxes["x"] == 1 && columns.sampleAxes["y"] == 1)
  }

  @Test func aPersonMaySayIt() throws {
    let line = "E = X - Y; L = sum(E**2) / m"
    let shapes: [String: Shape] = ["X": [2, 3], "Y": [2, 3]]
    #expect(try roles(line, [], shapes).sampleCount == 2)
    #expect(try roles(line, [], shapes, samples: .columns).sampleAxes == ["X": 1, "Y": 1, "E": 1])
    #expect(try roles(line, [], shapes, samples: .columns).sampleCount == 3)
    #expect(try roles(line, [], shapes, samples: Roles.Samples.none).sampleCount == 1)
  }

  /// ones(m, 1) counts samples, whatever else is as long.
  @Test func whatMCounts() throws {
    let found = try roles(
      "Z = W @ X; r = Z @ ones(m, 1); L = sum(r**2)", [], ["W": [2, 2], "X": [2, 2]])
    #expect(found.sampleAxes["X"] == 1)
  }

  /// Half of six entries goes with three others, which are no six samples.
  @Test func whatSkipsIsNoSample() throws {
    let found = try roles(
      "B = z[::2]; F = w * B; L = sum(F * C)", ["w"], ["z": [6], "C": [3], "w": .scalar])
    #expect(found.sampleAxes["C"] == nil && found.sampleAxes["F"] == nil)
    let turned = try roles(
      "B = z[::-1]; F = w * B; L = sse(C, F)", ["w"], ["z": [6], "C": [6], "w": .scalar])
    #expect(turned.sampleAxes["z"] == 0 && turned.sampleCount == 6)
  }

  // MARK: What the loss is

  private func reading(_ text: String, _ parameters: [String] = ["W", "b"]) throws -> LossReading? {
    LossReader(try model(text, parameters)) { $0 == "m" ? 0 : nil }.reading
  }

  @Test(arguments: LossSpellings.crossEntropy) func crossEntropy(_ spelling: String) throws {
    let found = try #require(try reading("Z = X @ W + b; " + spelling))
    #expect(
      found.function == "cross_entropy" && found.target == "Y" && found.logits == "Z" && found.classAxis == -1
    )
    #expect(found.divisor == (spelling.contains("/ 4") ? .nothing : .samples))
    #expect(found.factor == (spelling.contains("/ 4") ? 0.25 : 1))
    #expect(
      "\(found.predictions)" == (spelling.contains("S = ") ? "S" : "softmax(Z)")
        || !spelling.contains("softmax"))
  }

  @Test(arguments: LossSpellings.binary) func binaryCrossEntropy(_ spelling: String) throws {
    let found = try #require(try reading("Z = X @ W + b; " + spelling))
    #expect(found.function == "binary_cross_entropy" && found.target == "Y" && found.logits == "Z")
    #expect(found.output == (spelling.contains("P = ") ? "P" : nil))
  }

  @Test(arguments: [
    ("L = mean((Z - Y)**2)", "mse", 1), ("D = Y - Z; L = mean(D**2) / 2", "half_mse", 1),
    ("L = sum((Z - Y)**2)", "sse", 1), ("D = Z - Y; L = sum(D * D) / (2*m)", "half_sse", 1),
    ("L = 3 * sum((Y - Z)**2) / m", "sse", 3), ("L = sum(Y**2 - 2*Y*Z + Z**2)", "sse", 1),
  ]) func squares(_ spelling: String, _ function: String, _ factor: Double) throws {
    let found = try #require(try reading("Z = X @ W + b; " + spelling))
    #expect(
      found.function.name == function && found.factor == factor && found.predictions == "Z"
        && found.target == "Y")
  }

  @Test(arguments: [
    "L = sum(Z**3)", "S = softmax(Z); L = -sum(Y*S)/m",
    "S = softmax(Z); L = -sum(Y*log(S)*[[1, 2, 3]])/m", "L = sum(abs(Z - Y))", "L = mean(Z)",
    "L = mean(Z * (Y > 1.95))",
  ]) func whatIsNone(_ spelling: String) throws {
    #expect(try reading("Z = X @ W + b; " + spelling) == nil)
  }

  /// Predictions that are no softmax: a cross-entropy, and nothing to fuse it with.
  @Test func otherPredictions() throws {
    let found = try #require(try reading("S = softmax(Z); L = -sum(Y*log(S + 0.1))/m", []))
    #expect(found.function == "cross_entropy" && "\(found.predictions)" == "S + 0.1" && found.logits == nil)
  }

  @Test func labelsMadeOneHotInPlace() throws {
    let found = try #require(try reading("S = softmax(X @ W); L = -sum(onehot(labels, 3)*log(S))/m"))
    #expect(
      found.function == "cross_entropy" && "\(found.target)" == "onehot(labels, 3)" && found.output == "S")
  }

  @Test func aPenaltyIsLeftOut() throws {
    let found = try #require(
      try reading("S = softmax(X @ W); data = -sum(Y*log(S))/m; L = data + 0.5 * lambda * sum(W**2)", ["W"]))
    #expect(found.equation == "data" && found.function == "cross_entropy" && found.output == "S")
    #expect("\(found.logits ?? 0)" == "X @ W")
  }
}

extension Substring {
  fileprivate var trimmed: String { split(separator: " ").joined(separator: " ") }
}
