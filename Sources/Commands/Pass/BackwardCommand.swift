import Formulas
import Reports
import Sessions

package enum BackwardCommand: Command {
  package static let name = "backward"
  package static let shortForms = ["b"]
  package static let usage = "backward"
  package static let summary = "run to the end of the backward pass, showing every step"
  package static let help = [
    "Runs what is left of the backward pass; the forward pass is run first when it is not done. When the backward pass is done, shows it again from the loss."
  ]
  package static let group = CommandGroup.pass
  package static let examples = ["backward", "fused off; backward"]
  package static let related = ["forward", "gradcheck", "derive"]
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.nothing

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    try line.takesNothing(usage)
    let program = try workspace.session.readyProgram()
    try workspace.session.demandLoss()
    guard !program.backward.isEmpty else {
      throw Diagnostic(
        "there is nothing to differentiate: no parameter and no X reaches \(name: workspace.session.model.lossName)",
        hint: "say which names are trained: param NAME = …")
    }
    var report = Report()
    let start = program.forward.count
    if workspace.session.cursor < start {
      try workspace.session.run(to: start)
      report.note("forward pass run first; 'forward' shows it")
    } else if workspace.session.cursor >= program.steps.count {
      workspace.session.rewind(to: start)
    }
    report.append(try PassRunner.advance(&workspace, to: program.steps.count, endsPass: true))
    return report
  }
}
