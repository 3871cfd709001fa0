import Commands
import Sessions
import LinearAlgebra
import Platform
import Reports
import TestSupport
import Testing

/// Inputs and targets of any name in the commands that feed, measure and draw them.
@Suite struct AnyNameTests {
  struct Naming: CustomTestStringConvertible, Sendable {
    let input, target: String
    let isColumns: Bool
    var testDescription: String { "\(input), \(target)\(isColumns ? " in columns" : "")" }

    /// Two inputs, three classes.
    var model: String {
      isColumns
        ? "model Z = W @ \(input) + b; S = softmax(Z, axis=0); L = cross_entropy(\(target), S, axis=0)"
        : "model Z = \(input) @ W + b; S = softmax(Z); L = cross_entropy(\(target), S)"
    }
    var parameters: String {
      isColumns
        ? "param W = [[1, -1], [-0.5, 0.5], [0.2, 0.3]]; param b = [[0.1], [-0.1], [0.2]]"
        : "param W = [[1, -0.5, 0.2], [-1, 0.5, 0.3]]; param b = [[0.1, -0.1, 0.2]]"
    }
    func shape(_ m: Int, _ width: Int) -> Shape { isColumns ? [width, m] : [m, width] }
  }

  static let namings = [
    Naming(input: "x", target: "y", isColumns: false), Naming(input: "x", target: "t", isColumns: false),
    Naming(input: "features", target: "labels", isColumns: false),
    Naming(input: "Y", target: "X", isColumns: false),
    Naming(input: "x", target: "y", isColumns: true), Naming(input: "dx", target: "dy", isColumns: true),
  ]

  private func typist(_ naming: Naming, _ lines: String...) -> Typist {
    Typist([naming.model, naming.parameters] + lines)
  }

  /// The first 8 rows are a batch, whatever the leaves are called.
  @Test(arguments: namings) func aDataSetFillsThem(_ naming: Naming) throws {
    var typist = typist(naming, "data blobs n=20 batch=8 test=0.2")
    #expect(typist.value(naming.input)?.shape == naming.shape(8, 2))
    #expect(typist.value(naming.target)?.shape == naming.shape(8, 3))
    let set = try #require(typist.session.data?.set)
    let rows = set.inputs(set.trainingIndices.prefix(8))
    expect(typist.value(naming.input), naming.isColumns ? rows.transposed().elements : rows.elements)
    #expect(
      typist.text("batch").contains("\(naming.input) (\(naming.shape(8, 2)))")
        || typist.text("batch").contains(naming.input))
    typist.type("batch 5; forward")
    #expect(typist.value(naming.target)?.shape == naming.shape(5, 3))
    expect(typist.value("m"), [5])
    typist.type("batch next; shuffle seed=3; batch test; batch rows 3 4; backward")
    expect(typist.value("m"), [2])
  }

  /// The data set may come before the values of the parameters, and before the model.
  @Test(arguments: namings) func theOrderOfTypingIsFree(_ naming: Naming) {
    let first = Typist(
      "data blobs n=20 batch=8", naming.model, naming.parameters, "batch next", "forward")
    let second = Typist(
      naming.model, "data blobs n=20 batch=8", naming.parameters, "batch next", "forward")
    #expect(first.value(naming.input)?.shape == naming.shape(8, 2))
    #expect(first.value(naming.input) == second.value(naming.input))
    #expect(first.value("L") == second.value("L"))
  }

  /// Separable blobs: a linear classifier gets them right, and says so.
  @Test(arguments: namings) func trainingWithASet(_ naming: Naming) throws {
    var typist = typist(naming, "data blobs n=40 noise=0.1 test=0.25")
    let report = typist.type("train epochs=60 batch=8 lr=0.5")
    #expect(try #require(report.scalar("accuracy")) > 0.95)
    #expect(try #require(report.scalar("test_accuracy")) > 0.95)
    #expect(typist.text("accuracy").contains("test"))
    #expect(try #require(typist.type("accuracy test").scalar("accuracy")) > 0.95)
    #expect(try #require(typist.type("loss test").scalar("loss")) < 0.3)
  }

  /// Values of one's own in batches of two: five samples are three batches, and `batch=2` is what was asked for.
  @Test(arguments: namings) func trainingWithValuesOfOnesOwn(_ naming: Naming) throws {
    let (x, y) = (
      "[[1, 2], [0.5, -1], [-1.5, 0.3], [2, -0.7], [0, 1]]",
      "[[1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 1, 0], [1, 0, 0]]"
    )
    let turn = naming.isColumns ? ".T" : ""
    let lines = [
      "let p = \(x)", "let q = \(y)", "set \(naming.input) = p\(turn)", "set \(naming.target) = q\(turn)",
    ]
    var whole = Typist([naming.model, naming.parameters] + lines)
    var batches = whole
    var updated = whole
    whole.type("train epochs=1 lr=0.5")
    updated.type("update lr=0.5")
    for name in ["W", "b"] { expect(whole.value(name), updated.value(name)?.elements ?? []) }
    #expect(batches.text("train epochs=3 batch=2 lr=0.5").contains("batches of 2"))
    #expect(batches.session.losses.count == 3)
    #expect(batches.value(naming.input) == updated.value(naming.input))
  }

  @Test(arguments: namings) func everyCommandThatAsksForSamples(_ naming: Naming) throws {
    var typist = typist(naming, "data blobs n=20 batch=8")
    #expect(try #require(typist.type("accuracy").scalar("accuracy")).isFinite)
    #expect(try #require(typist.type("plot boundary").scalar("samples")) == 20)
    #expect(try #require(typist.type("plot data").scalar("samples")) == 20)
    #expect(typist.text("fused").contains("(S - \(naming.target)) / m"))
    #expect(try #require(typist.type("compare softmax").scalar("max_difference")) < 1e-15)
    let info = typist.text("info")
    #expect(info.contains("input") && info.contains("target"))
    typist.type("backward")
    #expect(typist.backwardNames.last == "d\(naming.input)")
    #expect(typist.text("show \(naming.target)").contains("[target]"))
    #expect(typist.text("show \(naming.input)").contains("[input]"))
  }

  @Test(arguments: namings) func aSavedSessionComesBack(_ naming: Naming) throws {
    let path = "\(scratch)/stepgrad-border-\(getpid())-\(naming.input)\(naming.target)\(naming.isColumns).sg"
    defer { unlink(path) }
    let typist = typist(
      naming, "data blobs n=20 batch=8 seed=2", "batch next", "forward", "save \(path)")
    let other = Typist("load \(path)")
    #expect(other.session.leaves == typist.session.leaves && other.value("L") == typist.value("L"))
    #expect(other.session.chosenRows == typist.session.chosenRows)
  }

  /// A loss that has no name: what it compares with is still the target of a data set.
  @Test func aLossOfOnesOwnIsFedToo() {
    var typist = Typist(
      "model P = x @ W; L = mean(abs(t - P))", "param W = ones(1, 1)", "data parabola n=9 noise=0")
    #expect(typist.value("x")?.shape == [9, 1] && typist.value("t")?.shape == [9, 1])
    #expect(typist.type("train epochs=2 batch=4 lr=0.1").scalar("loss")?.isFinite == true)
  }

  /// Two inputs: the gradients of both stand at the end of the backward list.
  @Test func everyInputHasAGradient() throws {
    var typist = Typist(
      "model A = tanh(x1 @ U); B = tanh(x2 @ V); L = mse(t, A * B)", "param U = ones(2, 3)",
      "param V = ones(4, 3)",
      "set x1 = randn(5, 2)", "set x2 = randn(5, 4)", "set t = zeros(5, 3)", "backward")
    #expect(Set(typist.backwardNames.suffix(2)) == ["dx1", "dx2"])
    expect(typist.value("m"), [5])
    #expect(try #require(typist.type("gradcheck x1 x2").scalar("max_relative_error")) < 1e-7)
    typist.type("train epochs=2 batch=2")
    #expect(typist.session.losses.count == 2)
  }

  /// `train` refuses batches where there is one sample, instead of ignoring what was asked.
  @Test func oneSampleIsOneBatch() {
    var typist = Typist(
      "model z = W @ x; L = 0.5 * sum((z - t)**2)", "param W = [[1, -1, 0.5], [2, 0.3, -0.2]]",
      "set x = [1, 2, -1]",
      "set t = [0.5, 1]")
    #expect(typist.text("train epochs=1 lr=0.1").contains("batches of 1"))
    // W - 0.1 * outer(z - t, x) with z - t = (-2, 1.8)
    expect(typist.value("W"), [1.2, -0.6, 0.3, 1.82, -0.06, -0.02])
  }

  /// Five points in vectors: two batches of two and one of one.
  @Test func vectorsAreCutToo() {
    var typist = Typist(
      "model y = w * x + b; L = mse(t, y)", "param w = 0.5", "param b = 1", "set x = [0, 1, 2, 3, 4]",
      "set t = [1, 3, 2, 5, 4]")
    #expect(typist.text("train epochs=1 batch=2 lr=0.05").contains("batches of 2"))
    #expect(typist.value("x")?.shape == [5])
    // Three steps in one batch by NumPy, from w = 0.5, b = 1 with gradients np.mean(2*(y - t)*x), np.mean(2*(y - t)).
    typist.type("param w = 0.5; param b = 1; train epochs=3 lr=0.05")
    expect(typist.value("w"), [0.87], .scalar)
    expect(typist.value("b"), [1.1554], .scalar)
  }
}
