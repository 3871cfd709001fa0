import Formulas
import Reports
import Sessions

package enum AsciiCommand: Command, Setting {
  package static let name = "ascii"
  package static let shortForms: [String] = []
  package static let usage = "ascii [on|off]"
  package static let summary = "nothing beyond ASCII: x for ×, sum for Σ, plain brackets"
  package static let help = [
    "On by itself where the locale has no UTF-8; 'stepgrad --ascii' starts with it. What is printed can be typed."
  ]
  package static let group = CommandGroup.session
  package static let examples = ["ascii on; show W1", "ascii off"]
  package static let related = ["speech", "theme"]
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.words(["on", "off"])

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    if !line.rest.isEmpty { workspace.screen.isASCII = try line.onOrOff(usage) }
    return Report([.text("ascii is \(workspace.screen.isASCII ? "on" : "off")", style: .plain)])
  }
}
