import Commands
import Explanations
import Formulas
import LinearAlgebra
import NeuralNetworks
import Operations
import Reports
import Sessions
import Testing

/// A right formula is tried at other numbers and other sizes.
@Suite struct OtherNumbersTests {
  /// The loss written out: random targets must be distributions as the present ones are, or S − Y has no reason to be
  /// right.
  @Test(
    arguments: ["-sum(Y*log(S))/m", "sum(-sum(Y*log(S), axis=1))/m"],
    ["onehot([0, 1, 2, 1], 3)", "softmax(randn(4, 3, seed=7))"])
  func targetsStayDistributions(_ loss: String, _ targets: String) {
    var c = Conversation(
      "model Z = X @ W + b; S = softmax(Z); L = \(loss)", "set X = randn(4, 2, seed=1)", "set Y = \(targets)",
      "param W = randn(2, 3, seed=2)", "param b = [[0.1, 0.2, 0.3]]")
    #expect(scalar("general", c.run("check dZ = (S - Y) / m")) == 1)
    #expect(scalar("correct", c.run("check dZ = S - Y")) == 0)
    #expect(scalar("correct", c.run("check dZ = (Y - S) / m")) == 0)
  }

  @Test func drawnTargetsKeepTheirProperty() throws {
    var c = Conversation("model Z = X @ W; S = softmax(Z); L = -sum(T*log(S))/m")
    c.run("param W = randn(2, 3, seed=2)")
    let model = c.workspace.session.model
    var generator = RandomGenerator(seed: 5)
    let X = generator.normal(shape: [4, 2])
    func drawn(_ T: Tensor, _ shape: Shape? = nil) throws -> [Tensor] {
      try (0..<10).map { seed in
        let leaves = ["X": X, "T": T]
        let roles = Roles(model, shapes: leaves.mapValues(\.shape))
        let drawn = OtherLeaves(leaves, roles, model).drawn(
          seed: seed, shapes: shape.map { ["T": $0] } ?? [:])
        return try #require(drawn["T"])
      }
    }
    func sums(_ T: Tensor, by axis: Int) -> [Double] {
      let lines = axis == 1 ? T.rows : T.transposed().rows
      return lines.map { line in line.reduce(0, +) }
    }
    let oneHot = try #require(Tensor(rows: [[1, 0, 0], [0, 0, 1], [0, 0, 1], [1, 0, 0]]))
    for T in try drawn(oneHot, [6, 5]) {
      #expect(
        T.shape == [6, 5] && T.elements.allSatisfy { $0 == 0 || $0 == 1 }
          && sums(T, by: 1).allSatisfy { $0 == 1 })
    }
    // Samples in columns.
    for T in try drawn(oneHot.transposed()) {
      #expect(T.elements.allSatisfy { $0 == 0 || $0 == 1 } && sums(T, by: 0).allSatisfy { $0 == 1 })
    }
    for T in try drawn(#require(Tensor(rows: [[0.2, 0.8], [0.5, 0.5], [1, 0]]))) {
      #expect(sums(T, by: 1).allSatisfy { abs($0 - 1) < 1e-12 } && T.elements.allSatisfy { $0 > 0 })
    }
    for T in try drawn(#require(Tensor(rows: [[0, 1], [1, 1], [0, 0]]))) {
      #expect(T.elements.allSatisfy { $0 == 0 || $0 == 1 })
    }
    #expect(try Set(drawn(oneHot)).count > 5)
  }

  @Test func numbersThatStandForSizesAreFoundOut() {
    var c = Conversation()
    for (formula, isGeneral) in [
      ("ones(1, 4) @ dZ2", 0.0), ("ones(1, m) @ dZ2", 1), ("[[1, 1, 1, 1]] @ dZ2", 0),
      ("sum(dZ2, axis=0)", 1),
      ("4 * mean(dZ2, axis=0)", 0), ("m * mean(dZ2, axis=0)", 1), ("sum(dZ2 @ eye(3), axis=0)", 0),
    ] {
      let report = c.run("check db2 = \(formula)")
      #expect(scalar("correct", report) == 1, "\(formula)")
      #expect(scalar("general", report) == isGeneral, "\(formula)")
    }
    #expect(c.text("check db2 = ones(1, 4) @ dZ2").contains("4 is written where m is meant"))
    #expect(!c.text("check db2 = [[1, 1, 1, 1]] @ dZ2").contains("is written where m is meant"))
    #expect(c.text("check db2 = sum(dZ2 @ eye(3), axis=0)").contains("only for these sizes"))
    #expect(c.text("check db2 = sum(dZ2 @ eye(3), axis=0)").contains("Y 4×"))
  }

  @Test func sizesOfVectorsAndImages() {
    var c = Conversation(
      "model z = w*x + b; L = mean((z - t)**2)", "set x = [1, 2, 3, 4.5]", "set t = [2, 3, 4, 6.5]",
      "param w = 0.5", "param b = 0.1")
    #expect(scalar("general", c.run("check dw = sum(2 * (z - t) * x) / 4")) == 0)
    #expect(scalar("general", c.run("check dw = mean(2 * (z - t) * x)")) == 1)
    c = Conversation("net 1x6x6 conv(2,3x3):relu maxpool(2) flatten 3:softmax")
    // Pixels, channels and classes change where they can: the length of F1 follows from them.
    #expect(!c.text("check dW2 = F1.T @ dZ2").contains("not tried"))
    #expect(scalar("general", c.run("check dW2 = F1.T @ dZ2")) == 1)
    #expect(scalar("general", c.run("check dW2 = F1.T @ dZ2 @ eye(3)")) == 0)
  }

  /// What has no value at the other numbers is said, and not passed over.
  @Test func aFormulaWithoutAValueElsewhereIsReported() {
    var c = Conversation()
    let text = c.text("check db2 = ones(X[0, 0], m) @ dZ2")
    #expect(text.contains("only by coincidence") && text.contains("has no value"))
    #expect(text.contains("a size is a whole number"))
  }

  /// A mistake that fits in shape and has no value is no mistake that does not fit: it is thrown, to be reported.
  @Test func aMistakeWithoutAValueIsThrown() throws {
    let session = Workspace(commands: .standard).session
    let pass = try #require(
      try MistakePass.passes(
        to: "dZ2", model: session.model, leaves: session.leaves, learningRate: 0.1, isFused: true,
        mayFuse: true
      ).first)
    #expect(try pass.value(with: [pass.target: Parser.parse("X @ X").expression]) == nil)
    #expect(throws: Diagnostic.self) {
      try pass.value(with: [pass.target: Parser.parse("onehot([0, 9, 1], 3)").expression])
    }
  }

  /// Far from these numbers the logarithm has no value and labels are none: there the numbers stay near.
  @Test func numbersAreFoundWhereThePassHasAValue() {
    var c = Conversation("model L = sum(log(X - 2))", "set X = [3, 4.5, 7.25]")
    #expect(scalar("general", c.run("check dX = 1 / (X - 2)")) == 1)
    c = Conversation(
      "model S = softmax(X @ W); L = cross_entropy(onehot(t, 3), S)", "set X = randn(4, 2, seed=1)",
      "set t = [0, 2, 1, 1]", "param W = randn(2, 3, seed=3)")
    #expect(scalar("general", c.run("check dW = X.T @ (S - onehot(t, 3)) / m")) == 1)
  }

  /// Axes are tied by the equations and not by being equally long: here everything is 3.
  @Test(arguments: [
    "net 2 4:relu 5:softmax", "net 3 3:relu 3:softmax", "net 3 3:relu 3:softmax layout=columns",
  ])
  func formulasAreTriedInEverySize(_ network: String) {
    var c = Conversation(network)
    let isColumns = network.hasSuffix("columns")
    let right = isColumns ? "dZ2 @ A1.T" : "A1.T @ dZ2"
    let text = c.text("check dW2 = \(right)").split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(text.contains("with m = ") && text.contains("all other sizes changed"))
    let classes = c.workspace.session.leaves["Y"].map { isColumns ? $0.shape.rows : $0.shape.columns } ?? 0
    let literal = isColumns ? "eye(\(classes)) @ dZ2 @ A1.T" : "A1.T @ dZ2 @ eye(\(classes))"
    #expect(c.text("check dW2 = \(literal)").contains("only for these sizes"))
  }
}

/// Only what is right is proposed.
@Suite struct ProposalTests {
  func failure(_ line: String, _ c: inout Conversation) -> Diagnostic? {
    guard case .failure(let error)? = Interpreter.run(line, in: &c.workspace).last?.result else { return nil }
    return error
  }

  @Test(arguments: [
    ("dA1", "W2.T @ dZ2", "dZ2 @ W2.T"), ("dW2", "A1 @ dZ2", "A1.T @ dZ2"), ("dW1", "dZ1 @ X", "X.T @ dZ1"),
    ("Z1", "W1 @ X + b1", "X @ W1"), ("dZ1", "dA1 * (Z1 > 0).T", "dA1 * (Z1 > 0)"),
  ])
  func theProposalIsRight(_ name: String, _ formula: String, _ meant: String) {
    var c = Conversation()
    let hint = failure("check \(name) = \(formula)", &c)?.hint?.text()
    #expect(hint?.hasPrefix(meant + " is (") == true, "\(hint ?? "no hint")")
  }

  /// dZ2 @ W2 does not fit, and nothing made of these two is dW2.
  @Test(arguments: [
    "check dW2 = dZ2 @ W2", "check dA1 = X @ dZ2", "check dW1 = W1.T + dZ1", "check dA1 = W2.T @ dZ2 * 2",
  ])
  func nothingIsProposedThatIsNotRight(_ command: String) {
    var c = Conversation()
    let error = failure(command, &c)
    #expect(error != nil && error?.hint == nil)
  }

  @Test func otherHintsStay() {
    var c = Conversation()
    #expect(failure("check dW1 = X.T @ dZ11", &c)?.hint?.text().contains("dZ1") == true)
    #expect(failure("check db2 = sum(dZ2, axis=7)", &c)?.hint?.text().contains("axes") == true)
  }

  @Test func practiceAndLessonsProposeNothing() {
    var c = Conversation("practice dA1")
    c.run("skip")
    let error = failure("answer W2.T @ dZ2", &c)
    #expect(error?.message.text().hasPrefix("cannot multiply") == true && error?.hint == nil)
  }

  @Test func remediesAreRight() {
    var c = Conversation()
    #expect(c.text("check dW1 = dZ1.T @ X").contains("turn it round with .T"))
    #expect(c.text("check dW1 = [[0, 0], [0, 0], [0, 0], [0, 0]]").contains("turn it round") == false)
    #expect(c.text("check dW1 = 2 * dZ1.T @ X").contains("turn it round") == false)
    #expect(c.text("check db2 = dZ2").contains("sum(…, axis=0)"))
    #expect(c.text("check db2 = 2 * dZ2").contains("sum(…, axis=0)") == false)
  }
}
