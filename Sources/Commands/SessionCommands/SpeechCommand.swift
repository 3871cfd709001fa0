import Formulas
import Reports
import Sessions

package enum SpeechCommand: Command, Setting {
  package static let name = "speech"
  package static let shortForms: [String] = []
  package static let usage = "speech [on|off]"
  package static let summary = "sentences for a screen reader in place of drawings"
  package static let help = [
    "A matrix is read row by row, a plot as its numbers, a table as 'header: entry'. 'stepgrad --speech' starts with it."
  ]
  package static let group = CommandGroup.session
  package static let examples = ["speech on; show W1", "speech off"]
  package static let related = ["ascii", "pager"]
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.words(["on", "off"])

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    if !line.rest.isEmpty { workspace.screen.isSpoken = try line.onOrOff(usage) }
    return Report([.text("speech is \(workspace.screen.isSpoken ? "on" : "off")", style: .plain)])
  }
}
