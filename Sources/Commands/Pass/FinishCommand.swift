import Formulas
import Reports
import Sessions

package enum FinishCommand: Command {
  package static let name = "finish"
  package static let shortForms = ["fin"]
  package static let usage = "finish"
  package static let summary = "run to the end of this pass, and show its last value"
  package static let help = ["In the forward pass to the loss, behind it to the end of the backward pass."]
  package static let group = CommandGroup.pass
  package static let examples = ["finish", "step; finish"]
  package static let related = ["continue", "until"]
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.nothing

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    try line.takesNothing(usage)
    let program = try workspace.session.readyProgram()
    let cursor = workspace.session.cursor
    guard cursor < program.steps.count else {
      throw Diagnostic("the pass is done", hint: "'restart' begins again, 'update' moves the parameters")
    }
    let end = cursor < program.forward.count ? program.forward.count : program.steps.count
    return try PassRunner.advance(&workspace, to: end, shown: .last)
  }
}
