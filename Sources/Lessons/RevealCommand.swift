import Formulas
import Reports
import Sessions

package enum RevealCommand: Command, LessonFlow {
  package static let name = "reveal"
  package static let shortForms = ["skip"]
  package static let usage = "reveal"
  package static let summary = "show the right answer of the exercise or question"
  package static let help = [
    "The exercise of a lesson is closed then and does not count as answered; it comes back another day, with 'today'. Practice goes on with the next question."
  ]
  package static let group = CommandGroup.session
  package static let examples = ["reveal", "practice dW1; reveal"]
  package static let related = ["hint", "answer"]
  package static let access = CommandAccess.program
  package static let completes = CompletionKind.nothing

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    try line.takesNothing(usage)
    if PracticePlayer.takes(workspace) { return try PracticePlayer.reveal(&workspace) }
    var (play, number, exercise) = try OpenExercise.of(workspace)
    guard let session = play.states.last?.session else { throw LessonPlayer.noLesson }
    var report = try exercise.revealed(in: session)
    if !play.solved.contains(number), play.closed.insert(number).inserted {
      let origin = play.origins.indices.contains(number) ? play.origins[number] : nil
      MissedQuestions.note(.missed, origin?.lesson ?? play.name, origin?.number ?? number, in: workspace)
      if var hunt = workspace.session.hunt, exercise.kind == .hunt {
        hunt.giveUp()
        workspace.session.withhold(hunt)
      }
      workspace.lesson = play
      report.note("(the question is closed and comes back another day: 'today'; Enter goes on)")
    }
    return report
  }
}
