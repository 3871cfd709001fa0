import Formulas
import Reports
import Sessions

package enum HintCommand: Command, LessonFlow {
  package static let name = "hint"
  package static let shortForms: [String] = []
  package static let usage = "hint"
  package static let summary = "a hint for the exercise or question; again for the next one"
  package static let help = ["Hints come by degrees; 'reveal' shows the answer."]
  package static let group = CommandGroup.session
  package static let examples = ["hint", "practice backward; hint"]
  package static let related = ["reveal", "answer"]
  package static let access = CommandAccess.program
  package static let completes = CompletionKind.nothing

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    try line.takesNothing(usage)
    if PracticePlayer.takes(workspace) { return try PracticePlayer.hint(&workspace) }
    let (play, _, exercise) = try OpenExercise.of(workspace)
    guard exercise.hints.indices.contains(play.hintsShown) else {
      return Report([
        .text(
          exercise.hints.isEmpty
            ? "this exercise has no hints; 'reveal' shows the answer"
            : "\(exercise.hints.count == 1 ? "that was the only hint" : "those were all \(exercise.hints.count) hints"); 'reveal' shows the answer",
          style: .note)
      ])
    }
    workspace.lesson?.hintsShown += 1
    return Report([
      .paragraph(
        "hint \(play.hintsShown + 1) of \(exercise.hints.count): \(Markdown.plain(exercise.hints[play.hintsShown]))",
        indent: 0)
    ])
  }
}
