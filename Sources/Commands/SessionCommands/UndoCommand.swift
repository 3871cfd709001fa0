import Formulas
import LinearAlgebra
import Reports
import Sessions

package enum UndoCommand: Command, TimeTravel {
  package static let name = "undo"
  package static let shortForms: [String] = []
  package static let usage = "undo"
  package static let summary = "take back the last command that changed something"
  package static let help = ["Steps, set, let, net, update, train: everything that changed the session."]
  package static let group = CommandGroup.session
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.nothing

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    try line.takesNothing(usage)
    guard workspace.undo() else { throw Diagnostic("there is nothing to take back") }
    return Report([.text("taken back; \(workspace.session.place)", style: .note)])
  }
}

package enum RedoCommand: Command, TimeTravel {
  package static let name = "redo"
  package static let shortForms: [String] = []
  package static let usage = "redo"
  package static let summary = "do again what undo took back"
  package static let help = ["Until something else is changed."]
  package static let group = CommandGroup.session
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.nothing

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    try line.takesNothing(usage)
    guard workspace.redo() else { throw Diagnostic("there is nothing to do again") }
    return Report([.text("done again; \(workspace.session.place)", style: .note)])
  }
}

package enum ResetCommand: Command {
  package static let name = "reset"
  package static let shortForms: [String] = []
  package static let usage = "reset"
  package static let summary = "the session as it was at the start"
  package static let help = ["'undo' takes it back."]
  package static let group = CommandGroup.session
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
