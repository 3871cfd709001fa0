import Formulas
import Reports
import Sessions

package enum LetCommand: Command, ChangesValues, TakesValue {
  package static let name = "let"
  package static let shortForms: [String] = []
  package static let usage = "let NAME = EXPRESSION"
  package static let summary = "a scratch name of your own"
  package static let help = ["let G = S - Y keeps the value under G. It does not follow later changes of S."]
  package static let group = CommandGroup.network
  package static let examples = ["let v = [1, 2]", "let G = A1.T @ dZ2"]
  package static let related = ["set", "show"]
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.names

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    var assignment = try Assignment(line, usage: usage)
    assignment.draw(from: &workspace.session)
    return try ScratchAssignment.run(assignment, line, &workspace)
  }
}
