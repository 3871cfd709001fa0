import Formulas
import Reports
import Sessions

package enum RestartCommand: Command {
  package static let name = "restart"
  package static let shortForms = ["r"]
  package static let usage = "restart"
  package static let summary = "go back to before the first step; values of parameters stay"
  package static let help = ["'reset' brings back the first session instead."]
  package static let group = CommandGroup.pass
  package static let examples = ["restart", "restart; step 2"]
  package static let related = ["back", "reset"]
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.nothing

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    try line.takesNothing(usage)
    workspace.session.rewind(to: 0)
    var report = Report()
    if case .success(let program) = workspace.session.program, let first = program.steps.first {
      report.note("at the start; the next step is \(first)")
    }
    return report
  }
}
