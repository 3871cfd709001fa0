/// A question whose answer is checked by evaluation.
package struct LessonExercise: Sendable {
  /// What the answer is compared as.
  package enum Kind: String, Sendable, CaseIterable {
    /// Its value with the numbers at hand.
    case value
    /// Its shape: 3×4, (3, 4), or any formula of that shape.
    case shape
    /// A formula that is right for other numbers and sizes too, not only for those at hand.
    case equation
  }

  package var question: [String] = []
  package var kind = Kind.value
  /// The step that is asked for, which `check` knows how to diagnose; nil when it is no step of the pass.
  package var name: String?
  package var answer = ""
  package var hints: [String] = []
  /// Answers that must be refused, so that a check can see that the question tells right from wrong.
  package var wrong: [String] = []
  /// The line of the fence in the file, from 1.
  package var line = 0
  package var answerLine = 0

  package init() {}
}
