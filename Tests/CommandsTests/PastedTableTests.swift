import Commands
import LinearAlgebra
import Sessions
import Testing

/// Rows of numbers behind `set X =`, as programs print them.
@Suite struct PastedTableTests {
  private func run(_ script: String) -> (workspace: Workspace, outcomes: [Interpreter.Outcome]) {
    var workspace = Workspace(commands: .standard)
    var outcomes: [Interpreter.Outcome] = []
    for (i, line) in script.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      outcomes += Interpreter.run(String(line), at: ScriptPlace(file: "a", line: i + 1), in: &workspace)
    }
    outcomes += Interpreter.end(in: &workspace)
    return (workspace, outcomes)
  }

  private func words(_ outcome: Interpreter.Outcome?) -> String {
    guard case .failure(let diagnostic)? = outcome?.result else { return "" }
    return "\(diagnostic.message.text()) \(diagnostic.hint?.text() ?? "")"
  }

  private func note(_ outcome: Interpreter.Outcome?) throws -> String {
    var said = ""
    for case .text(let text, _) in try #require(outcome).result.get().blocks { said += text.text() + "\n" }
    return said
  }

  @Test func everyTableIsReadAsItsNumbersOrRefused() throws {
    let text = String(pastedTables.map { $0 == "⇥" ? "\t" : $0 })
    var count = 0
    for part in ("\n" + text).split(separator: "\n=== ", omittingEmptySubsequences: true) {
      let (head, table) = (part.prefix { $0 != "\n" }, part.drop { $0 != "\n" }.dropFirst())
      let fields = head.split(separator: "|", maxSplits: 2, omittingEmptySubsequences: false)
      try #require(fields.count == 3)
      let (workspace, outcomes) = run("let Q =\n\(table)\n")
      if fields[1].contains("refused") {
        #expect(outcomes.map(words).joined().contains(fields[2].drop { $0 == " " }), "\(head): \(outcomes)")
        #expect(workspace.session.scratch["Q"] == nil, "\(head)")
      } else {
        let shape = fields[1].split(separator: " ").compactMap { Int($0) }
        let numbers = fields[2].split(separator: " ").compactMap { Double($0) }
        #expect(
          workspace.session.scratch["Q"] == Tensor(unchecked: Shape(shape), numbers), "\(head): \(outcomes)")
        #expect(outcomes.count == 1, "\(head)")
      }
      count += 1
    }
    #expect(count > 80)
  }

  @Test func whatWasLeftOutIsSaid() throws {
    let (_, outcomes) = run("set X =\n     a     b\n0  0.5 -0.25\n1  1.0  2.00\n2  3.5 -4.00\n3  0.0  1.00\n")
    #expect(try note(outcomes.first).contains("left out: the names a, b and the index"))
  }

  /// The rows end where something else begins, and the next line is run.
  @Test(arguments: ["", "\n", "\n\n"]) func theNextCommandIsOne(_ gap: String) throws {
    let (workspace, outcomes) = run("W1[0, :] =\n1 2 3 4 5\n\(gap)set lr = 0.5\nG =\n\n  7  8\n")
    #expect(outcomes.count == 3)
    #expect(workspace.session.leaves["W1"]?.elements.prefix(5) == [1, 2, 3, 4, 5])
    #expect(workspace.session.settings.learningRate == 0.5)
    #expect(workspace.session.scratch["G"] == Tensor(unchecked: [2], [7, 8]))
  }

  /// The first row, or the title that a program prints, may stand behind the sign.
  @Test(arguments: [
    "set X = 1 2\n3 4\n5 6\n7 8", "set X = 4×2 Matrix{Int64}:\n 1  2\n 3  4\n 5  6\n 7  8",
    "set X = Parameter containing:\ntensor([[1., 2.],\n        [3., 4.], [5., 6.], [7., 8.]])",
    "set X =      [,1] [,2]\n[1,]    1    2\n[2,]    3    4\n[3,]    5    6\n[4,]    7    8",
    "set X =  True False\nTrue False\nTrue False\nTrue False\n\nset X = [1, 2; ...\n 3, 4; ...\n 5, 6; ...\n 7, 8]",
    "set X = \\begin{pmatrix}\n1 & 2 \\\\\n3 & 4 \\\\ 5 & 6 \\\\\n7 & 8\n\\end{pmatrix}",
    "set X =    a  b\n0  1  2\n1  3  4\n2  5  6\n3  7  8", "set X =  # of my own\n1 2\n3 4\n# half\n5 6\n7 8",
    ">>> set X =\n1 2; \n3 4; \n5 6; \n7 8",
  ]) func theFirstLineMayHoldIt(_ script: String) {
    let (workspace, outcomes) = run(script)
    #expect(
      workspace.session.leaves["X"] == Tensor(unchecked: [4, 2], (1...8).map(Double.init)), "\(outcomes)")
  }

  /// Behind the sign the titles stand as far to the right as their columns, or as the print's first line does.
  @Test func noColumnIsTakenForAnIndex() {
    let (workspace, outcomes) = run("P =     a     b\n True False\nFalse  True\n")
    #expect(workspace.session.scratch["P"] == Tensor(unchecked: [2, 2], [1, 0, 0, 1]), "\(outcomes)")
  }

  @Test func aMistakeIsToldOfItsLine() throws {
    let (_, outcomes) = run("forward\nset X =\n 1 2\n 3 oops\n")
    guard case .failure(let diagnostic)? = outcomes.last?.result else {
      Issue.record("it worked")
      return
    }
    #expect(diagnostic.line == 4 && diagnostic.source == " 3 oops" && diagnostic.marks == [3..<7])
  }

  @Test func nothingBehindTheSignIsSaid() {
    #expect(words(run("set X =").outcomes.last).contains("the input ends behind '='"))
    #expect(words(run("set X =\n\n\nforward").outcomes.first).contains("the input ends behind '='"))
    // What has another meaning waits for nothing.
    for line in ["train lr=", "x ==", "print(x=", "set lr = 2"] {
      #expect(run(line).workspace.openBlock == nil)
    }
  }

  /// Where no lines follow, a row is refused with what to type.
  @Test func aRowWithoutBracketsIsAnswered() {
    var workspace = Workspace(commands: .standard)
    #expect(words(Interpreter.run("set X = 1 2 3", in: &workspace).last).contains("[1 2 3]"))
  }
}
