import Formulas
import Reports
import Sessions

/// A line that begins with no command: its value is printed.
package enum ExpressionCommand: Command {
  package static let name = "(expression)"
  package static let shortForms: [String] = []
  package static let usage = "EXPRESSION | NAME = EXPRESSION | NAME += EXPRESSION"
  package static let summary = "its value, or a value for a name"
  package static let help = [
    "A line that does not begin with a command is a formula.",
    "NAME = EXPRESSION is 'set' for an input, target, parameter or lr, else 'let'.",
  ]
  package static let group = CommandGroup.look
  package static let examples = ["A1.T @ dZ2", "Q = X @ W1"]
  package static let related = ["show", "let"]
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.names

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    if Assignment.isMeant(by: line.rest) { return try assign(line, &workspace) }
    var report = Report()
    try ValueReport.add(line.rest, at: line.offset, line.text, false, &workspace.session, &report)
    return report
  }

  /// `NAME = formula`: which of the two it was is said.
  private static func assign(_ line: CommandLine, _ workspace: inout Workspace) throws(Diagnostic) -> Report {
    var assignment = try Assignment(line, usage: usage)
    assignment.draw(from: &workspace.session)
    let session = workspace.session
    let name = session.model.resolve(assignment.target.name)
    let isLeaf =
      session.leaves[name] != nil || session.isKnown(name) || name == .learningRate || name == .sampleCount
    var report =
      isLeaf
      ? try LeafAssignment.run(assignment, line, &workspace)
      : try ScratchAssignment.run(assignment, line, &workspace)
    report.note(isLeaf ? "as 'set \(name: name) = …'" : "as 'let \(name: name) = …': a name of your own")
    return report
  }
}
