import Formulas
import LinearAlgebra
import Reports
import Sessions

package enum ForwardCommand: Command {
  package static let name = "forward"
  package static let shortForms = ["f"]
  package static let usage = "forward"
  package static let summary = "run to the end of the forward pass, showing every step"
  package static let help = [
    "Runs what is left of the forward pass; when it is done, shows it again from the start."
  ]
  package static let group = CommandGroup.pass
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.nothing

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    try line.takesNothing(usage)
    let program = try workspace.session.readyProgram()
    let end = program.forward.count
    if workspace.session.cursor >= end { workspace.session.rewind(to: 0) }
    return try PassRunner.advance(&workspace, to: end)
  }
}

package enum BackwardCommand: Command {
  package static let name = "backward"
  package static let shortForms = ["b"]
  package static let usage = "backward"
  package static let summary = "run to the end of the backward pass, showing every step"
  package static let help = [
    "Runs what is left of the backward pass; the forward pass is run first when it is not done. When the backward pass is done, shows it again from the loss."
  ]
  package static let group = CommandGroup.pass
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.nothing

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    try line.takesNothing(usage)
    let program = try workspace.session.readyProgram()
    guard !program.backward.isEmpty else {
      throw Diagnostic(
        "there is nothing to differentiate: no parameter and no X reaches \(workspace.session.model.lossName)",
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
    report.append(try PassRunner.advance(&workspace, to: program.steps.count))
    return report
  }
}

/// Runs steps and reports each.
enum PassRunner {
  static func advance(_ workspace: inout Workspace, to end: Int) throws(Diagnostic) -> Report {
    var report = Report()
    while workspace.session.cursor < end, let (equation, value) = try workspace.session.advance() {
      StepReport.add(equation, value, to: &report, in: workspace.session)
    }
    return report
  }
}
