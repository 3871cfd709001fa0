import Commands
import Formulas
import Reports
import Sessions

package enum NextCommand: Command, LessonFlow, Repeatable {
  package static let name = "next"
  package static let shortForms = ["n"]
  package static let usage = "next [n]"
  package static let summary = "go on with the lesson (also Enter); without a lesson the next step"
  package static let help = [
    "What you typed since the last page does not disturb the lesson: it goes on with its own numbers. 'back' goes to the page before, 'lesson' tells where you are."
  ]
  package static let group = CommandGroup.session
  package static let examples = ["next", "load softmax-jacobian; next"]
  package static let related = ["lesson", "back", "load"]
  package static let access = CommandAccess.program
  package static let completes = CompletionKind.nothing

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    guard workspace.lesson == nil else {
      guard line.rest.isEmpty else {
        throw line.usageError("a lesson goes on page by page", usage, at: line.restRange)
      }
      return try LessonPlayer.next(&workspace)
    }
    let before = workspace.session
    let report = try PassRunner.step(line, usage, in: &workspace)
    workspace.remember(before)
    return report
  }
}
