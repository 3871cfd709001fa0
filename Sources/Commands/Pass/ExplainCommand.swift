import Formulas
import Reports
import Sessions

package enum ExplainCommand: Command {
  package static let name = "explain"
  package static let shortForms: [String] = []
  package static let usage = "explain on|off"
  package static let summary = "whether every step says where its formula comes from"
  package static let help = [
    "With it each step shows the shapes that meet, and each backward step the forward equation and the rule that gave it. 'step why' does so once."
  ]
  package static let group = CommandGroup.pass
  package static let examples = ["explain on", "explain on; step 6"]
  package static let related = ["step", "why", "derive"]
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.words(["on", "off"])

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    if !["", "on", "off"].contains(line.rest) {
      throw Diagnostic(
        "explain is on or off, for every step", at: [line.restRange],
        hint: "of one thing: derive \(line.rest), why \(line.rest) or help \(line.rest)")
    }
    if !line.rest.isEmpty { workspace.session.settings.isExplaining = try line.onOrOff(usage) }
    return Report([
      .text("explain is \(workspace.session.settings.isExplaining ? "on" : "off")", style: .plain)
    ])
  }
}
