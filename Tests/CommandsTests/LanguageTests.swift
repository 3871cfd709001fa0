import Commands
import Formulas
import LinearAlgebra
import Platform
import Reports
import Sessions
import TestSupport
import Testing

/// What a line means, and what a session remembers.
@Suite struct LanguageTests {
  @discardableResult
  private func run(_ commands: [String], _ workspace: inout Workspace) throws -> [Report] {
    try commands.flatMap { try Interpreter.run($0, in: &workspace).map { try $0.result.get() } }
  }

  private func failure(_ command: String, _ workspace: inout Workspace) -> Diagnostic? {
    for outcome in Interpreter.run(command, in: &workspace) {
      if case .failure(let diagnostic) = outcome.result { return diagnostic }
    }
    return nil
  }

  @Test(arguments: [
    ("f", "forward"), ("b", "backward"), ("s", "step"), ("forw", "forward"), ("backw", "backward"),
    ("sh X", "show X"),
    ("> forward", "forward"), ("stepgrad> forward", "forward"), ("forward  # comment", "forward"),
  ]) func shortFormsMeanTheSame(_ short: String, _ long: String) throws {
    var a = Workspace()
    var b = Workspace()
    let first = try run([short], &a)
    let second = try run([long], &b)
    #expect(first.flatMap(\.tensors).map(\.name) == second.flatMap(\.tensors).map(\.name))
    #expect(!first.flatMap(\.tensors).isEmpty)
    #expect(a.session.cursor == b.session.cursor)
  }

  @Test func anEmptyLineRepeatsStepAndBackButNothingElse() throws {
    var w = Workspace()
    try run(["step", "", ""], &w)
    #expect(w.session.cursor == 3)
    try run(["back", ""], &w)
    #expect(w.session.cursor == 1)
    try run(["show X", ""], &w)
    #expect(w.session.cursor == 1)
  }

  @Test func namesWinOverAbbreviationsButNotOverCommands() throws {
    var w = Workspace()
    try run(["let f = 3"], &w)
    #expect(try run(["f"], &w)[0].tensors[0].value == Tensor(3))
    #expect(w.session.cursor == 0)
    try run(["let step = 5", "step"], &w)
    #expect(w.session.cursor == 1)
    // S is not computed, but it is a name of this network and not short for step.
    #expect(failure("S", &w)?.message == "S is not computed yet: run 'forward' (3 steps away)")
  }

  @Test func aValueThatIsNotThereSaysWhatToDo() throws {
    var w = Workspace()
    try run(["forward"], &w)
    #expect(failure("show dW1", &w)?.message == "dW1 is not computed yet: run 'backward' (6 steps away)")
    #expect(failure("show dX", &w)?.message == "dX is not computed yet: run 'backward' (8 steps away)")
    #expect(failure("show Z3", &w)?.hint != nil)
  }

  @Test func otherNamesFollowTheValue() throws {
    var w = Workspace()
    try run(["fused off", "backward"], &w)
    for (other, name) in [
      ("A0", "X"), ("A2", "S"), ("Yhat", "S"), ("dA2", "dS"), ("dYhat", "dS"), ("dA0", "dX"),
    ] {
      #expect(
        try run(["show \(other)"], &w)[0].tensors[0].value == run(["show \(name)"], &w)[0].tensors[0].value)
    }
  }

  @Test func whatTheFusedStepLeavesOutCanStillBeSeen() throws {
    var fused = Workspace()
    var full = Workspace()
    try run(["backward"], &fused)
    try run(["fused off", "backward"], &full)
    for name in ["dS", "J", "dL"] {
      #expect(try run([name], &fused)[0].tensors[0].value == run([name], &full)[0].tensors[0].value)
    }
    #expect(try run(["dL"], &fused)[0].tensors[0].value == Tensor(1))
  }

  @Test func undoTakesBackAnyCommandAndRedoDoesItAgain() throws {
    var w = Workspace()
    let start = w.session
    for command in [
      "forward", "set W1[0, 1] = 0.7", "update lr=0.5", "net 2 3:tanh 1", "let G = X", "fused off", "step 3",
    ] {
      let before = w.session
      try run([command], &w)
      let after = w.session
      try run(["undo"], &w)
      #expect(
        w.session.leaves == before.leaves && w.session.cursor == before.cursor
          && w.session.model == before.model)
      #expect(w.session.scratch == before.scratch && w.session.isFused == before.isFused)
      try run(["redo"], &w)
      #expect(
        w.session.leaves == after.leaves && w.session.cursor == after.cursor && w.session.model == after.model
      )
    }
    while failure("undo", &w) == nil {}
    #expect(w.session.leaves == start.leaves && w.session.cursor == 0)
  }

  @Test func aSavedSessionComesBackToTheLastBit() throws {
    var w = Workspace()
    try run(
      ["net 2 3:tanh 2:softmax seed=9", "let G = 1 / 3 * X", "set lr = 0.3", "update", "until dZ1"], &w)
    let path = "\(scratch)/stepgrad-test-\(getpid()).sg"
    defer { unlink(path) }
    try run(["save \(path)"], &w)
    var other = Workspace()
    try run(["load \(path)"], &other)
    #expect(other.session.leaves == w.session.leaves && other.session.scratch == w.session.scratch)
    #expect(
      other.session.trace == w.session.trace && other.session.model.equations == w.session.model.equations)
    #expect(other.session.settings.learningRate == 0.3)
    try run(["undo"], &other)
    #expect(other.session.leaves == Session.initial.leaves)
  }

  @Test func aScriptThatFailsNamesItsLineAndChangesNothing() throws {
    let path = "\(scratch)/stepgrad-bad-\(getpid()).sg"
    defer { unlink(path) }
    try FileAccess.write("set lr = 0.7\nset W1 = 0\n\nfrwd\nset lr = 0.9\n", to: path)
    var w = Workspace()
    let diagnostic = try #require(failure("load \(path)", &w))
    #expect(diagnostic.file == path && diagnostic.line == 4)
    #expect(w.session.leaves == Session.initial.leaves && w.session.settings.learningRate == 0.1)
  }

  @Test func aModelIsTypedOnOneLineOrInABlock() throws {
    var line = Workspace()
    var block = Workspace()
    try run(
      ["model Z = X @ W + c; L = sum(Z**2)", "param W = [[1], [2]]", "param c = 0.5", "backward"], &line)
    try run(
      [
        "model", "Z = X @ W + c  # the layer", "", "L = sum(Z**2)", "end", "param W = [[1], [2]]",
        "param c = 0.5", "backward",
      ], &block)
    #expect(line.session.trace == block.session.trace)
    #expect(line.session.computed("dc")?.shape == .scalar)
  }

  @Test func equationsOfANetworkCanBeGivenBack() throws {
    for network in [
      "2 4:relu 3:softmax", "2 3:tanh 1:sigmoid layout=columns", "2 2 loss=half_mse bias=off",
      "1x6x6 conv(2,3x3,pad=1,stride=2):relu maxpool(2) flatten 2:softmax reduction=sum",
    ] {
      var w = Workspace()
      try run(["net \(network)", "backward"], &w)
      let trace = w.session.trace
      let text = "model " + (try run(["equations"], &w)[0].texts.joined(separator: "; "))
      try run([text, "backward"], &w)
      #expect(w.session.trace == trace, "\(text)")
    }
  }

  @Test func columnsGiveTheTransposesOfRows() throws {
    var rows = Workspace()
    var columns = Workspace()
    try run(["backward"], &rows)
    try run(
      [
        "net 2 5:relu 3:softmax layout=columns",
        "set W1 = [[0.5, 0.1], [-0.2, 0.4], [0.3, -0.3], [0.1, 0.2], [-0.4, -0.1]]",
        "set b1 = [0.1, -0.1, 0.2, 0.3, -0.2]",
        "set W2 = [[0.2, -0.3, 0.4, 0.1, -0.2], [-0.1, 0.2, 0.1, -0.4, 0.3], [0.3, 0.1, -0.2, 0.2, -0.4]]",
        "set b2 = [0.1, 0.2, -0.1]", "backward",
      ], &columns)
    for name in ["Z1", "S", "dZ2", "dW2", "db2", "dA1", "dW1", "db1", "dX"] {
      let a = try #require(rows.session.computed(name))
      let b = try #require(columns.session.computed(name)).transposed()
      #expect(a.shape == b.shape)
      #expect(zip(a.elements, b.elements).allSatisfy { abs($0 - $1) < 1e-15 }, "\(name)")
    }
    #expect(columns.session.model.equations[0].text == "Z1 = W1 @ X + b1")
  }

  /// NumPy: D = zeros((3, 3)); D[arange(3), [0, 2, 1]] -= 1 takes 1 from three entries.
  @Test func listsOfPositionsSetAnEntryEach() {
    var w = Workspace()
    for line in ["D = zeros(3, 3)", "D[range(3), [0, 2, 1]] -= 1", "D[[0, -1], 1] = [5, 7]"] {
      _ = Interpreter.run(line, in: &w)
    }
    #expect(w.session.scratch["D"]?.elements == [-1, 5, 0, 0, 0, -1, 0, 7, 0])
    for line in ["D[[0, 3], 1] = 2", "D[[0, 1], [1, 2, 0]] = 2", "D[[0.5, 1], 1] = 2"] {
      guard case .failure? = Interpreter.run(line, in: &w).last?.result else {
        Issue.record("\(line) worked")
        continue
      }
    }
    #expect(w.session.scratch["D"]?.elements == [-1, 5, 0, 0, 0, -1, 0, 7, 0])
  }

  @Test func tuplesOfCommandsStopAtTheFirstMistake() {
    var w = Workspace()
    let outcomes = Interpreter.run("set lr = 0.2; nonsense; set lr = 0.3", in: &w)
    #expect(outcomes.count == 2 && w.session.settings.learningRate == 0.2)
  }
}
