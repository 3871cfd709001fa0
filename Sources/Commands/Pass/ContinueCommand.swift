import Formulas
import Reports
import Sessions

package enum ContinueCommand: Command {
  package static let name = "continue"
  package static let shortForms = ["c", "cont"]
  package static let usage = "continue"
  package static let summary = "run to the next break or watch, or to the end"
  package static let help = [
    "Shows the step at which it stops; 'until NAME' shows every step on the way. 'break NAME' and 'watch NAME' say where it stops."
  ]
  package static let group = CommandGroup.pass
  package static let examples = ["continue", "break dZ1; continue"]
  package static let related = ["break", "watch", "finish"]
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.nothing

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    try line.takesNothing(usage)
    let program = try workspace.session.readyProgram()
    guard workspace.session.cursor < program.steps.count else {
      throw Diagnostic("the pass is done", hint: "'restart' begins again, 'update' moves the parameters")
    }
    return try PassRunner.advance(&workspace, to: program.steps.count, shown: .last)
  }
}
