import Formulas
import Reports
import Sessions

package enum FusedCommand: Command, Setting {
  package static let name = "fused"
  package static let shortForms: [String] = []
  package static let usage = "fused on|off"
  package static let summary = "softmax + cross-entropy as (S - Y)/m, or through dS and J"
  package static let help = [
    "fused off steps through dS = -Y / S / m and the Jacobian J of every sample; fused on (the default) takes both at once, and computes the loss from the logits by log-sum-exp. The same goes for sigmoid with binary cross-entropy. The pass begins again."
  ]
  package static let group = CommandGroup.differentiate
  package static let examples = ["fused off; backward", "fused on"]
  package static let related = ["compare", "jacobian"]
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.words(["on", "off"])

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    var report = Report()
    if !line.rest.isEmpty {
      workspace.session.setFused(try line.onOrOff(usage))
    }
    report.say("fused is \(workspace.session.isFused ? "on" : "off")")
    if workspace.session.isFused, let reason = workspace.session.brokenShortcut {
      report.say(
        "\(reason), so the shortcut does not hold and the pass goes through the Jacobian", .warning)
    }
    if case .success(let program) = workspace.session.program {
      for equation in program.backward.prefix(3) { report.say("  \(equation)", .formula) }
    }
    return report
  }
}
