import Formulas
import Reports
import Sessions

package enum UndoCommand: Command, TimeTravel, ChangesValues {
  package static let name = "undo"
  package static let shortForms: [String] = []
  package static let usage = "undo [n]"
  package static let summary = "take back the last command that changed something"
  package static let help = [
    "Steps, set, let, net, update, train: everything that changed the session. undo 3 takes back three commands, and says which."
  ]
  package static let group = CommandGroup.session
  package static let examples = ["update; undo", "undo"]
  package static let related = ["redo", "history", "reset"]
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.nothing

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    let count = try line.count(usage)
    var commands: [String] = []
    while commands.count < count, let command = workspace.undo() {
      commands.append("'\(command.prefix(60))'")
    }
    guard !commands.isEmpty else { throw Diagnostic("there is nothing to take back") }
    let all = commands.count < count ? ", and there is nothing before" : ""
    return Report([
      .text("taken back: \(commands.joined(separator: ", "))\(all); \(workspace.session.place)", style: .note)
    ])
  }
}
