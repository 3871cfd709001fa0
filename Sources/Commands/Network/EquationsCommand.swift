import Formulas
import Reports
import Sessions

package enum EquationsCommand: Command {
  package static let name = "equations"
  package static let shortForms: [String] = []
  package static let usage = "equations"
  package static let summary = "the equations, to be edited and given back to 'model'"
  package static let help = [
    "One a line, as 'model' takes them: between model and end, or on one line with ';' between them."
  ]
  package static let group = CommandGroup.network
  package static let examples = ["equations", "net 2 4:tanh 1; equations"]
  package static let related = ["model", "shapes", "info"]
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.nothing

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    try line.takesNothing(usage)
    return EquationList.report(workspace.session)
  }
}
