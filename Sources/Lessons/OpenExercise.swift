import Formulas
import Sessions

enum OpenExercise {
  static func of(_ workspace: Workspace) throws(Diagnostic) -> (LessonPlay, Int, LessonExercise) {
    guard let play = workspace.lesson else {
      if workspace.session.hunt?.isOver == false {
        throw Diagnostic(
          "a hunt has no hints",
          hint:
            "gradcheck says which gradients are wrong and show what they are; 'accuse NAME' when you know, 'hunt off' gives up and tells"
        )
      }
      throw workspace.session.practice.map(PracticePlayer.noQuestion) ?? LessonPlayer.noLesson
    }
    guard let (number, exercise) = play.exercise else {
      throw Diagnostic("this page of the lesson has no exercise", hint: "'next' goes on")
    }
    return (play, number, exercise)
  }
}
