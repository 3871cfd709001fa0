import Commands
import LinearAlgebra
import Sessions
import Testing

/// A line with an open bracket goes on in the next one, in scripts and at the prompt.
@Suite struct OpenBracketTests {
  private func run(_ script: String) -> (workspace: Workspace, outcomes: [Interpreter.Outcome]) {
    var workspace = Workspace(commands: .standard)
    var outcomes: [Interpreter.Outcome] = []
    for (i, line) in script.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      outcomes += Interpreter.run(String(line), at: ScriptPlace(file: "a", line: i + 1), in: &workspace)
    }
    return (workspace, outcomes)
  }

  @Test func aPrintOfSeveralLinesIsOneMatrix() throws {
    let (workspace, outcomes) = run(
      "set X = [[ 0.5 -1. ]  # as NumPy prints\n [ 2.   3.5]]\nlet G = (X +\n 1)")
    #expect(outcomes.count == 2)
    #expect(workspace.session.leaves["X"] == Tensor(unchecked: [2, 2], [0.5, -1, 2, 3.5]))
    #expect(workspace.session.scratch["G"] == Tensor(unchecked: [2, 2], [1.5, 0, 3, 4.5]))
    #expect(workspace.openBlock == nil)
  }

  /// A bracket goes on, the equations of a model follow each other.
  @Test func severalLinesAreToldOfInOne() {
    #expect(Workspace.oneLine("set X = [[1, 2],\n [3, 4]]") == "set X = [[1, 2], [3, 4]]")
    #expect(
      Workspace.oneLine("model\nZ = X @ W\nL = sum(Z *\n Z)\nend") == "model; Z = X @ W; L = sum(Z * Z); end")
  }

  @Test func aMistakeIsToldOfItsLine() throws {
    let (_, outcomes) = run("forward\nset X = [[1, 2],\n  [3, nothing]]")
    guard case .failure(let diagnostic)? = outcomes.last?.result else {
      Issue.record("it worked")
      return
    }
    #expect(diagnostic.line == 3)
    #expect(diagnostic.source == "  [3, nothing]]")
    #expect(diagnostic.marks.first?.lowerBound == 6)
  }

  @Test func aBlankLineAndTheEndOfTheInputSayThatItIsOpen() throws {
    let (_, outcomes) = run("set X = [[1, 2],\n\nforward")
    #expect(outcomes.count == 2)
    guard case .failure(let diagnostic)? = outcomes.first?.result else {
      Issue.record("it worked")
      return
    }
    #expect(diagnostic.message.text() == "this bracket is not closed")
    #expect(
      run("set X = [1, 2").workspace.openBlock?.unclosed.message.text()
        == "the input ends inside an open bracket")
  }

  @Test func insideOfAModelTheEquationGoesOn() throws {
    let (workspace, _) = run("model\nZ = X @ W # a product\nL = sum(\n  Z**2)\nend")
    #expect(workspace.session.model.equations.map(\.name) == ["Z", "L"])
  }

  @Test func namesAreGivenValuesWithoutACommand() throws {
    let (workspace, outcomes) = run("W1[0,1] = 0.25\nlr = 0.5\nG = 2\nG += 3\nW1 *= 2")
    for outcome in outcomes { _ = try outcome.result.get() }
    #expect(workspace.session.leaves["W1"]?.elements[1] == 0.5)
    #expect(workspace.session.scratch["G"] == Tensor(5))
    #expect(outcomes.count == 5)
  }
}
