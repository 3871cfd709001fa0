import Formulas
import Reports
import Sessions

package enum UntilCommand: Command {
  package static let name = "until"
  package static let shortForms: [String] = []
  package static let usage = "until NAME"
  package static let summary = "run to a step, forwards or back to it"
  package static let help = ["until dZ1 runs every step up to dZ1 and shows each."]
  package static let group = CommandGroup.pass
  package static let examples = ["until dW2", "until Z1"]
  package static let related = ["step", "back"]
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.steps

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    let program = try workspace.session.readyProgram()
    guard !line.rest.isEmpty else { throw line.usageError("until which step?", usage) }
    let name = try StepName.resolve(.init(text: line.rest, range: line.restRange), line, workspace.session)
    guard let index = program.steps.firstIndex(where: { $0.name == name }) else { return Report() }
    if index < workspace.session.cursor { workspace.session.rewind(to: index) }
    return try PassRunner.advance(&workspace, to: index + 1)
  }
}
