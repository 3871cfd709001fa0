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
    /// One of the lettered choices.
    case choice
    /// positive, negative or zero.
    case sign
    /// The lettered lines in their right order.
    case order
    /// What the next command will show: bigger, smaller or the same, a sign, a shape, or one of the choices. The lesson
    /// waits for it.
    case predict
    /// A mistake is planted in the backward pass: the line and the mistake.
    case hunt
  }

  /// An answer that must be refused, and why it is wrong.
  package struct Wrong: Sendable {
    package var answer: String
    package var reason: String?
    /// It is known to have no value: shapes that do not meet.
    package var fails = false
    package var line: Int
  }

  package var question: [String] = []
  package var kind = Kind.value
  /// The step that is asked for, which `check` knows how to diagnose; nil when it is no step of the pass.
  package var name: String?
  package var answer = ""
  /// Other ways to write the answer.
  package var others: [(text: String, line: Int)] = []
  /// The formula that gives an answer which is written as numbers; of a prediction what must hold behind the command.
  package var because: String?
  /// Names, functions and signs that the answer may not use, and those that it must.
  package var without: [String] = []
  package var with: [String] = []
  /// Of a choice or a prediction: what there is to choose from. Of an order: the lines as they belong.
  package var choices: [String] = []
  package var hints: [String] = []
  package var wrong: [Wrong] = []
  /// What a right answer shows.
  package var right: String?
  /// What its answers are worth in an assignment: points, carried, mistake, digits, each as written.
  package var marking: [String: (text: String, line: Int)] = [:]
  /// The line of the fence in the file, from 1.
  package var line = 0
  package var answerLine = 0

  /// Of a prediction: the command that shows it does not come behind it.
  package var isAlone = false

  /// A prediction that the page goes on to resolve.
  package var waits: Bool { kind == .predict && !isAlone }

  package init() {}
}
