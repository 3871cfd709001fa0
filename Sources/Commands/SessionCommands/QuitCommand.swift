import Formulas
import Reports
import Sessions

package enum QuitCommand: Command {
  package static let name = "quit"
  package static let shortForms = ["q", "exit"]
  package static let usage = "quit"
  package static let summary = "leave (also Ctrl-D)"
  package static let help = [
    "What 'save FILE' has not written is kept when a conversation at a terminal ends, and said to be; 'load last' brings it back."
  ]
  package static let group = CommandGroup.session
  package static let examples = ["quit", "save session.sg; quit"]
  package static let related = ["save"]
  package static let access = CommandAccess.program
  package static let completes = CompletionKind.nothing

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    try line.takesNothing(usage)
    workspace.isQuitting = true
    return Report()
  }
}
