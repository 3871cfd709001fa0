import Formulas
import Reports
import Sessions

package enum PagerCommand: Command, Setting {
  package static let name = "pager"
  package static let shortForms: [String] = []
  package static let usage = "pager [on|off]"
  package static let summary = "stop at the foot of the window, or let long output run through"
  package static let help = [
    "At --more-- any key goes on and q ends. What goes to a file or a pipe never stops, nor does anything while keys are typed ahead."
  ]
  package static let group = CommandGroup.session
  package static let examples = ["pager off", "set pager on"]
  package static let related = ["theme", "speech"]
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.words(["on", "off"])

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    if !line.rest.isEmpty { workspace.screen.stopsAtWindow = try line.onOrOff(usage) }
    return Report([.text("the pager is \(workspace.screen.stopsAtWindow ? "on" : "off")", style: .plain)])
  }
}
