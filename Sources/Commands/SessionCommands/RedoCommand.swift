import Formulas
import Reports
import Sessions

package enum RedoCommand: Command, TimeTravel, ChangesValues {
  package static let name = "redo"
  package static let shortForms: [String] = []
  package static let usage = "redo [n]"
  package static let summary = "do again what undo took back"
  package static let help = ["Until something else is changed."]
  package static let group = CommandGroup.session
  package static let examples = ["undo; redo", "update; undo; redo"]
  package static let related = ["undo", "history"]
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.nothing

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    let count = try line.count(usage)
    var commands: [String] = []
    while commands.count < count, let command = workspace.redo() {
      commands.append("'\(command.prefix(60))'")
    }
    guard !commands.isEmpty else { throw Diagnostic("there is nothing to do again") }
    return Report([
      .text("done again: \(commands.joined(separator: ", ")); \(workspace.session.place)", style: .note)
    ])
  }
}
