import Formulas
import Reports
import Sessions

package enum RestartCommand: Command {
  package static let name = "restart"
  package static let shortForms: [String] = []
  package static let usage = "restart [run]"
  package static let summary = "go back to before the first step; values of parameters stay"
  package static let help = [
    "restart run goes on from there to the next break or watch, or to the end, as gdb's run does. 'reset' brings back the first session instead."
  ]
  package static let group = CommandGroup.pass
  package static let examples = ["restart", "restart run"]
  package static let related = ["back", "reset"]
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.words(["run"])

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    let runs = line.rest == "run"
    if !runs { try line.takesNothing(usage) }
    workspace.session.rewind(to: 0)
    if runs {
      let end = try workspace.session.readyProgram().steps.count
      return try PassRunner.advance(&workspace, to: end, shown: .last)
    }
    var report = Report()
    if case .success(let program) = workspace.session.program, let first = program.steps.first {
      report.note("at the start; the next step is \(first)")
    }
    return report
  }
}
