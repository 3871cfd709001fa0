import Formulas
import Reports
import Sessions

package enum ResetCommand: Command, ChangesValues {
  package static let name = "reset"
  package static let shortForms: [String] = []
  package static let usage = "reset"
  package static let summary = "the session as it was at the start"
  package static let help = ["'undo' takes it back."]
  package static let group = CommandGroup.session
  package static let examples = ["reset", "reset; forward"]
  package static let related = ["undo", "restart"]
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.nothing

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    try line.takesNothing(usage)
    workspace.session = .initial
    return Report([
      .text("the first session again: net \(Session.initialNetwork); 'undo' goes back", style: .note)
    ])
  }
}
