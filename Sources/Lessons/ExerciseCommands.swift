import Formulas
import LinearAlgebra
import Reports
import Sessions

package enum AnswerCommand: Command, LessonFlow {
  package static let name = "answer"
  package static let shortForms: [String] = []
  package static let usage = "answer EXPRESSION"
  package static let summary = "answer the exercise of the lesson, or the question of practice"
  package static let help = [
    "Every formula with the right value counts, or with the right shape, or one that is right for other numbers too, as the exercise asks; in a lesson a formula alone, without 'answer', does it too. Numbers worked by hand count when they are right to two digits or more as written."
  ]
  package static let group = CommandGroup.session
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
    let answer = ExerciseAnswer(exercise, session: session)
    switch try answer.judge(line.rest, at: line.offset, of: line.text) {
    case .right(let remark):
      play.solved.insert(number)
      workspace.lesson = play
      LessonProgress.note(play, workspace)
      var report = Report([.text("right" + (remark.map { ": " + $0 } ?? ""), style: .success)])
      report.note("(Enter goes on)")
      return report
    case .wrong(let report):
      var report = report
      if play.hintsShown < exercise.hints.count { report.note("'hint' helps, 'reveal' shows the answer") }
      return report
    }
  }
}

package enum HintCommand: Command, LessonFlow {
  package static let name = "hint"
  package static let shortForms: [String] = []
  package static let usage = "hint"
  package static let summary = "a hint for the exercise or question; again for the next one"
  package static let help = ["Hints come by degrees; 'reveal' shows the answer."]
  package static let group = CommandGroup.session
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
            : "those were all \(exercise.hints.count) hints; 'reveal' shows the answer", style: .note)
      ])
    }
    workspace.lesson?.hintsShown += 1
    return Report([
      .paragraph(
        "hint \(play.hintsShown + 1) of \(exercise.hints.count): "
          + Markdown.plain(exercise.hints[play.hintsShown]), indent: 0)
    ])
  }
}

package enum RevealCommand: Command, LessonFlow {
  package static let name = "reveal"
  package static let shortForms = ["skip"]
  package static let usage = "reveal"
  package static let summary = "show the right answer of the exercise or question"
  package static let help = [
    "The exercise of a lesson then does not count as answered: type an answer, or go on. Practice goes on with the next question."
  ]
  package static let group = CommandGroup.session
  package static let access = CommandAccess.program
  package static let completes = CompletionKind.nothing

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    try line.takesNothing(usage)
    if PracticePlayer.takes(workspace) { return try PracticePlayer.reveal(&workspace) }
    let (play, _, exercise) = try OpenExercise.of(workspace)
    guard let session = play.states.last?.session else { throw LessonPlayer.noLesson }
    return try ExerciseAnswer(exercise, session: session).revealed()
  }
}

enum OpenExercise {
  static func of(_ workspace: Workspace) throws(Diagnostic) -> (LessonPlay, Int, LessonExercise) {
    guard let play = workspace.lesson else {
      throw workspace.session.practice.map(PracticePlayer.noQuestion) ?? LessonPlayer.noLesson
    }
    guard let (number, exercise) = play.exercise else {
      throw Diagnostic("this page of the lesson has no exercise", hint: "'next' goes on")
    }
    return (play, number, exercise)
  }
}
