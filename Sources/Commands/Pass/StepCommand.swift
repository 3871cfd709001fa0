import Formulas
import LinearAlgebra
import Reports
import Sessions

package enum StepCommand: Command, Repeatable {
  package static let name = "step"
  package static let shortForms = ["s"]
  package static let usage = "step [n]"
  package static let summary = "compute and show the next step (the next n)"
  package static let help = ["An empty line repeats it."]
  package static let group = CommandGroup.pass
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.nothing

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    let program = try workspace.session.readyProgram()
    let count = try line.count(usage)
    guard workspace.session.cursor < program.steps.count else {
      throw Diagnostic(
        "the pass is done: there is no step after \(program.steps.last?.name ?? "the last")",
        hint: "'update' takes a step of gradient descent, 'restart' begins again, 'back' goes back")
    }
    let left = program.steps.count - workspace.session.cursor
    return try PassRunner.advance(&workspace, to: workspace.session.cursor + min(count, left))
  }
}

package enum BackCommand: Command, Repeatable {
  package static let name = "back"
  package static let shortForms: [String] = []
  package static let usage = "back [n]"
  package static let summary = "go one step back (n steps) and show the step before the cursor"
  package static let help = [
    "What lies behind the cursor is not computed any more. An empty line repeats it.",
    "Right behind a page of a lesson it goes back to the page before; 'lesson back' always does.",
  ]
  package static let group = CommandGroup.pass
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.nothing

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    let program = try workspace.session.readyProgram()
    let count = try line.count(usage)
    guard workspace.session.cursor > 0 else { throw Diagnostic("this is the start: nothing is computed yet") }
    let target = max(0, workspace.session.cursor - min(count, workspace.session.cursor))
    workspace.session.rewind(to: target)
    var report = Report()
    if target == 0 {
      report.note("at the start; the next step is \(program.steps[0].text)")
    } else if let value = workspace.session.computed(program.steps[target - 1].name) {
      StepReport.add(program.steps[target - 1], value, to: &report, in: workspace.session)
    }
    return report
  }
}

package enum UntilCommand: Command {
  package static let name = "until"
  package static let shortForms: [String] = []
  package static let usage = "until NAME"
  package static let summary = "run to a step, forwards or back to it"
  package static let help = ["until dZ1 runs every step up to dZ1 and shows each."]
  package static let group = CommandGroup.pass
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.steps

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    let program = try workspace.session.readyProgram()
    guard !line.rest.isEmpty else { throw line.usageError("until which step?", usage) }
    let name = workspace.session.model.resolve(line.rest)
    guard let index = program.steps.firstIndex(where: { $0.name == name }) else {
      let guess = Suggestions.nearest(to: line.rest, in: program.steps.map(\.name))
      throw Diagnostic(
        "'\(line.rest.prefix(40))' is not a step of this pass", at: [line.restRange],
        hint: guess.map { "did you mean \($0)?" } ?? "'trace' lists the steps")
    }
    if index < workspace.session.cursor { workspace.session.rewind(to: index) }
    return try PassRunner.advance(&workspace, to: index + 1)
  }
}

package enum RestartCommand: Command {
  package static let name = "restart"
  package static let shortForms = ["r"]
  package static let usage = "restart"
  package static let summary = "go back to before the first step; values of parameters stay"
  package static let help = ["'reset' brings back the first session instead."]
  package static let group = CommandGroup.pass
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.nothing

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    try line.takesNothing(usage)
    workspace.session.rewind(to: 0)
    var report = Report()
    if case .success(let program) = workspace.session.program, let first = program.steps.first {
      report.note("at the start; the next step is \(first.text)")
    }
    return report
  }
}
