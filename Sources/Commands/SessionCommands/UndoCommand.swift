import Formulas
import Reports
import Sessions

package enum UndoCommand: Command, TimeTravel {
  package static let name = "undo"
  package static let shortForms: [String] = []
  package static let usage = "undo"
  package static let summary = "take back the last command that changed something"
  package static let help = ["Steps, set, let, net, update, train: everything that changed the session."]
  package static let group = CommandGroup.session
  package static let examples = ["update; undo", "undo"]
  package static let related = ["redo", "history", "reset"]
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.nothing

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    try line.takesNothing(usage)
    guard workspace.undo() else { throw Diagnostic("there is nothing to take back") }
    return Report([.text("taken back; \(workspace.session.place)", style: .note)])
  }
}
