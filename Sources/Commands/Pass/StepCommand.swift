import Formulas
import Reports
import Sessions

package enum StepCommand: Command, Repeatable {
  package static let name = "step"
  package static let shortForms = ["s"]
  package static let usage = "step [n]"
  package static let summary = "compute and show the next step (the next n)"
  package static let help = ["An empty line repeats it."]
  package static let group = CommandGroup.pass
  package static let examples = ["step", "step 3"]
  package static let related = ["back", "until", "forward"]
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.nothing

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    let program = try workspace.session.readyProgram()
    let count = try line.count(usage)
    guard workspace.session.cursor < program.steps.count else {
      throw Diagnostic(
        "the pass is done: there is no step after \(program.steps.last.map { "\(name: $0.name)" as Prose } ?? "the last")",
        hint: "'update' takes a step of gradient descent, 'restart' begins again, 'back' goes back")
    }
    let left = program.steps.count - workspace.session.cursor
    return try PassRunner.advance(&workspace, to: workspace.session.cursor + min(count, left))
  }
}
