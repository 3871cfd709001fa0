import Commands
import Explanations
import Formulas
import LinearAlgebra
import Reports
import Sessions
import Testing

@Suite struct NotationTests {
  private func equations(_ commands: [String]) throws -> [String] {
    var workspace = Workspace()
    var last = Report()
    for command in commands {
      for outcome in Interpreter.run(command, in: &workspace) { last = try outcome.result.get() }
    }
    return last.texts.map { $0.trimmed }
  }

  @Test(arguments: [
    ("netout", "delta_2 = (out_2 - y) / m"), ("netout", "∂L/∂w_1 = x.T @ delta_1"),
    ("column", "∂e/∂x3 = (y - t) / m"), ("column", "x3 = x2 @ W1 + b1"),
    ("index", "dW1[i,j] = Σ_k X[k,i]·dZ1[k,j]"), ("index", "Z1[i,j] = Σ_k X[i,k]·W1[k,j] + b1[0,j]"),
    ("default", "dZ2 = (S - Y) / m"),
  ]) func equationsInTheSymbolsOfTheSources(_ notation: String, _ expected: String) throws {
    #expect(try equations(["notation \(notation)"]).contains(expected))
  }

  @Test func namesOfTheSessionStayWhatTheyAre() throws {
    var workspace = Workspace()
    for command in ["notation netout", "backward"] {
      for outcome in Interpreter.run(command, in: &workspace) { _ = try outcome.result.get() }
    }
    let report = try Interpreter.run("show dW1 Z1", in: &workspace)[0].result.get()
    #expect(report.tensors.map(\.name) == ["dW1", "Z1"])
    let shown = NotationDisplay(workspace.session).shown(report)
    #expect(shown.tensors.map(\.name) == ["∂L/∂w_1", "net_1"])
    #expect(shown.tensors.map(\.value) == report.tensors.map(\.value))
  }

  @Test func wholeNamesAreReplacedAndNothingElse() {
    #expect(Notation.rename("Z1 + Z11 * AZ1", ["Z1": "net_1"]) == "net_1 + Z11 * AZ1")
  }
}

extension String {
  fileprivate var trimmed: String { String(drop { $0 == " " }) }
}
