import Formulas
import Reports
import Sessions

package enum HeatCommand: Command, Setting {
  package static let name = "heat"
  package static let shortForms: [String] = []
  package static let usage = "heat on|off"
  package static let summary = "colour cells from blue (negative) to orange (positive)"
  package static let help = [
    "Symmetric about zero in each matrix; the digits stay. Needs a terminal with colours."
  ]
  package static let group = CommandGroup.session
  package static let examples = ["heat on", "heat off"]
  package static let related = ["theme", "show"]
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.words(["on", "off"])

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    if !line.rest.isEmpty { workspace.session.settings.isHeatOn = try line.onOrOff(usage) }
    let isOn = workspace.session.settings.isHeatOn
    var report = Report([.text("heat is \(isOn ? "on" : "off")", style: .plain)])
    if isOn, let reason = workspace.outside.colorless {
      report.say("nothing is coloured here: \(reason)", .warning)
    }
    return report
  }
}
