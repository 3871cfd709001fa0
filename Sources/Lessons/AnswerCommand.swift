import Formulas
import Reports
import Sessions

package enum AnswerCommand: Command, LessonFlow {
  package static let name = "answer"
  package static let shortForms: [String] = []
  package static let usage = "answer EXPRESSION"
  package static let summary = "answer the exercise of the lesson, or the question of practice"
  package static let help = [
    "Questions of a lesson are answered by a formula, a shape, a letter, a sign, an order of letters, or the line and the mistake, as each asks.",
    "Every formula with the right value counts, or with the right shape, or one that is right for other numbers too, as the exercise asks; in a lesson a formula alone, without 'answer', does it too. Numbers worked by hand count when they are right to two digits or more as written.",
  ]
  package static let group = CommandGroup.session
  package static let examples = ["answer X.T @ dZ1", "answer 0.1644"]
  package static let related = ["hint", "reveal", "practice"]
  package static let access = CommandAccess.program
  package static let completes = CompletionKind.names

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    guard !line.rest.isEmpty else { throw line.usageError("answer what?", usage) }
    if PracticePlayer.takes(workspace) { return try PracticePlayer.answer(line, &workspace) }
    var (play, number, exercise) = try OpenExercise.of(workspace)
    // The lesson's own numbers, with names that the student made beside them.
    var session = play.states.last?.session ?? workspace.session
    for (name, value) in workspace.session.scratch where SessionEnvironment(session).value(of: name) == nil {
      session.letName(name, value)
    }
    var (isRight, report) = try exercise.judge(
      line.rest, at: line.offset, of: line.text, naming: line.naming, in: session)
    let origin = play.origins.indices.contains(number) ? play.origins[number] : nil
    MissedQuestions.note(
      isRight ? .answered : .missed, origin?.lesson ?? play.name, origin?.number ?? number, in: workspace)
    if isRight || exercise.waits {
      if isRight { play.solved.insert(number) } else { play.closed.insert(number) }
      if exercise.kind == .hunt, var hunt = workspace.session.hunt {
        for plant in hunt.open { HuntCommand.tell(plant, &report) }
        hunt.giveUp()
        workspace.session.withhold(hunt)
      }
      workspace.lesson = play
      LessonProgress.note(play, workspace)
      report.note("(Enter goes on)")
    } else if play.hintsShown < exercise.hints.count {
      report.note("'hint' helps, 'reveal' shows the answer")
    }
    return report
  }
}
