import Formulas
import Reports
import Sessions

package enum RedoCommand: Command, TimeTravel {
  package static let name = "redo"
  package static let shortForms: [String] = []
  package static let usage = "redo"
  package static let summary = "do again what undo took back"
  package static let help = ["Until something else is changed."]
  package static let group = CommandGroup.session
  package static let examples = ["undo; redo", "update; undo; redo"]
  package static let related = ["undo", "history"]
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.nothing

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    try line.takesNothing(usage)
    guard workspace.redo() else { throw Diagnostic("there is nothing to do again") }
    return Report([.text("done again; \(workspace.session.place)", style: .note)])
  }
}
