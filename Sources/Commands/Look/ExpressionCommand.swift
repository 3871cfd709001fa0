import Formulas
import Reports
import Sessions

/// A line that begins with no command: its value is printed.
package enum ExpressionCommand: Command {
  package static let name = "(expression)"
  package static let shortForms: [String] = []
  package static let usage = "EXPRESSION"
  package static let summary = "its value"
  package static let help = ["A line that does not begin with a command is a formula."]
  package static let group = CommandGroup.look
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.names

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    var report = Report()
    try ValueReport.add(line.rest, at: line.offset, line.text, false, workspace.session, &report)
    return report
  }
}
