import Formulas
import Reports
import Sessions

package enum RevealCommand: Command, LessonFlow {
  package static let name = "reveal"
  package static let shortForms = ["skip"]
  package static let usage = "reveal"
  package static let summary = "show the right answer of the exercise or question"
  package static let help = [
    "The exercise of a lesson then does not count as answered: type an answer, or go on. Practice goes on with the next question."
  ]
  package static let group = CommandGroup.session
  package static let examples = ["reveal", "practice dW1; reveal"]
  package static let related = ["hint", "answer"]
  package static let access = CommandAccess.program
  package static let completes = CompletionKind.nothing

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    try line.takesNothing(usage)
    if PracticePlayer.takes(workspace) { return try PracticePlayer.reveal(&workspace) }
    let (play, _, exercise) = try OpenExercise.of(workspace)
    guard let session = play.states.last?.session else { throw LessonPlayer.noLesson }
    return try exercise.revealed(in: session)
  }
}
