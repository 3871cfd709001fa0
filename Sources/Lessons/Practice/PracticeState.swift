import Explanations
import Formulas
import Sessions

/// Questions in their order, how far the student is, and the score. Part of the session, so that `undo` takes an
/// answer back.
package struct PracticeState: Withholding {
  /// What was asked to be practised: a step, "forward", "backward" or "jacobian".
  package let topic: String
  package let questions: [PracticeQuestion]
  /// The program's steps, in order: a question hides its step and all that come after.
  private let steps: [String]
  /// How often a practice was begun in this session, so that the next one asks for other entries.
  package let round: Int

  package private(set) var position = 0
  /// False between `practice leave` and `practice`.
  package var isOpen = true
  package private(set) var score = Score()
  /// Wrong answers to the question that is open.
  package private(set) var tries = 0
  /// Hints shown for the question that is open.
  package private(set) var hintsShown = 0
  package private(set) var hidden: Set<String> = []

  package struct Score: Sendable, Hashable {
    /// Right at the first try and without a hint.
    package var firstTries = 0
    /// Right in the end, the first tries among them.
    package var right = 0
    package var revealed = 0
    package var hints = 0

    package var asked: Int { right + revealed }
  }

  package init(topic: String, questions: [PracticeQuestion], steps: [String], round: Int) {
    self.topic = topic
    self.questions = questions
    self.steps = steps
    self.round = round
    hide()
  }

  package var question: PracticeQuestion? {
    isOpen && questions.indices.contains(position) ? questions[position] : nil
  }

  package var isFinished: Bool { position >= questions.count }

  // MARK: Changes

  package mutating func noteWrong() { tries += 1 }

  package mutating func noteHint() {
    hintsShown += 1
    score.hints += 1
  }

  package mutating func noteRight() {
    score.right += 1
    if tries == 0, hintsShown == 0 { score.firstTries += 1 }
    goOn()
  }

  package mutating func noteRevealed() {
    score.revealed += 1
    goOn()
  }

  package mutating func leave() {
    isOpen = false
    hide()
  }

  package mutating func resume() {
    isOpen = true
    hide()
  }

  private mutating func goOn() {
    position += 1
    (tries, hintsShown) = (0, 0)
    hide()
  }

  // MARK: What is kept back

  private mutating func hide() {
    guard let question else {
      hidden = []
      return
    }
    hidden = [question.name]
    if let index = steps.firstIndex(of: question.name) { hidden.formUnion(steps[index...]) }
  }

  package var planted: [String: Expression] { [:] }

  package func holdsBack(_ command: any Command.Type, _ access: CommandAccess) -> Bool {
    if case .wholePass = access { !hidden.isEmpty } else { false }
  }

  package var reason: String { "practice asks for it" }
  package var place: String? { question.map { _ in "practice \(position + 1)/\(questions.count)" } }

  package func isAnswer(_ text: String) -> Bool {
    question?.kind == .shape && Double(text) == nil && ShapeAnswer.shape(text) != nil
  }

  /// What is said instead of a hidden value.
  package func refusal(of name: String) -> Diagnostic? {
    guard let question else { return nil }
    return Diagnostic(
      name == question.name
        ? "\(name: name) is what practice asks for; 'hint' helps, 'reveal' shows it"
        : "\(name: name) comes after \(name: question.name), which practice asks for; 'practice leave' shows everything"
    )
  }

  package func refusal(ofCommand name: String, at range: Range<Int>) -> Diagnostic {
    Diagnostic(
      "'\(name)' needs values that practice keeps back", at: [range],
      hint: "'practice leave' shows everything, and 'practice' takes it up again")
  }
}

extension Session {
  /// The questions being practised, or nil.
  package internal(set) var practice: PracticeState? {
    get { withheld as? PracticeState }
    set { withheld = newValue }
  }
}
