import Formulas
import Reports
import Sessions

package enum ForwardCommand: Command {
  package static let name = "forward"
  package static let shortForms = ["f"]
  package static let usage = "forward"
  package static let summary = "run to the end of the forward pass, showing every step"
  package static let help = [
    "Runs what is left of the forward pass; when it is done, shows it again from the start."
  ]
  package static let group = CommandGroup.pass
  package static let examples = ["forward", "net 2 4:tanh 3:softmax; forward"]
  package static let related = ["step", "backward", "show"]
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.nothing

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    try line.takesNothing(usage)
    let program = try workspace.session.readyProgram()
    let end = program.forward.count
    if workspace.session.cursor >= end { workspace.session.rewind(to: 0) }
    return try PassRunner.advance(&workspace, to: end, endsPass: true)
  }
}
