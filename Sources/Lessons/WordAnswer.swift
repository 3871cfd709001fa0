import Explanations
import Formulas
import LinearAlgebra
import Reports
import Sessions

/// Answers that are words and letters: a choice, a sign, an order, a prediction, the line and the name of a mistake.
struct WordAnswer {
  private let exercise: LessonExercise

  /// Nil for questions that are answered by a formula.
  init?(_ exercise: LessonExercise) {
    switch exercise.kind {
    case .choice, .sign, .order, .predict, .hunt: self.exercise = exercise
    case .value, .shape, .equation: return nil
    }
  }

  private static let signs: [(word: String, said: Set<String>)] = [
    ("positive", ["positive", "pos", "+", "plus", "> 0", ">0", "above 0"]),
    ("negative", ["negative", "neg", "-", "−", "minus", "< 0", "<0", "below 0"]),
    ("zero", ["zero", "0", "0.0", "= 0", "none", "vanishes"]),
  ]
  private static let changes: [(word: String, said: Set<String>)] = [
    ("bigger", ["bigger", "larger", "greater", "more", "up", "grows", "rises", "increases", ">"]),
    ("smaller", ["smaller", "less", "lower", "down", "shrinks", "falls", "decreases", "<"]),
    ("same", ["same", "the same", "equal", "unchanged", "no change", "stays", "as before", "="]),
  ]

  private static func word(_ text: String, _ table: [(word: String, said: Set<String>)]) -> String? {
    table.first { $0.said.contains(text) }?.word
  }

  /// The answer in one way of writing; nil for what is no answer to such a question.
  func canonical(_ text: String) -> String? {
    let text = text.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
    switch exercise.kind {
    case .choice: return letter(text)
    case .sign: return Self.word(text, Self.signs)
    case .order:
      let letters = text.filter { !" ,;)(.>-".contains($0) }
      let all = LettersOf(exercise).lines.map(\.letter).joined()
      return letters.sorted() == all.sorted() ? letters : self.letters(ofLines: text)
    case .predict:
      if !exercise.choices.isEmpty { return letter(text) }
      return Self.word(text, Self.changes) ?? Self.word(text, Self.signs)
        ?? ShapeAnswer.shape(text).map { "\($0)" }
    case .hunt:
      let words = text.split { $0 == " " || $0 == "," }.filter { $0 != "accuse" }
      return words.count == 2 && Mistake.named(String(words[1])) != nil ? words.joined(separator: " ") : nil
    case .value, .shape, .equation: return nil
    }
  }

  /// Whether a line is an answer, if perhaps a short one: of an order a few of its letters.
  func isMeant(_ text: String) -> Bool {
    if canonical(text) != nil { return true }
    guard exercise.kind == .order else { return false }
    let letters = text.lowercased().filter { !" ,;)(.>-".contains($0) }
    let all = Set(LettersOf(exercise).lines.map(\.letter).joined())
    return letters.count > 1 && letters.allSatisfy { all.contains($0) }
  }

  /// An order that is typed as its lines.
  private func letters(ofLines text: String) -> String? {
    let lines = LettersOf(exercise).lines.map { ($0.letter, $0.text.lowercased()) }
    let words = text.split { $0 == " " || $0 == "," || $0 == ";" }.map(String.init)
    let found = words.compactMap { word in lines.first { $0.1 == word }?.0 }
    return found.count == lines.count && Set(found).count == lines.count ? found.joined() : nil
  }

  private func letter(_ text: String) -> String? {
    let letter = text.filter { !"().".contains($0) }
    return LettersOf(exercise).lines.first { $0.letter == letter || $0.text.lowercased() == text }?.letter
  }

  /// What may be typed.
  var forms: String {
    let letters = LettersOf(exercise).lines.map(\.letter)
    switch exercise.kind {
    case .choice: return letters.joined(separator: ", ")
    case .sign: return "positive, negative or zero"
    case .order: return "the letters in their order: \(letters.joined(separator: " "))"
    case .hunt: return "the line and the mistake: dZ1 missing-mean ('help hunt' lists the mistakes)"
    case .predict where !exercise.choices.isEmpty: return letters.joined(separator: ", ")
    case .predict:
      let answer = canonical(exercise.answer) ?? ""
      if Self.changes.contains(where: { $0.word == answer }) { return "bigger, smaller or the same" }
      return Self.signs.contains { $0.word == answer } ? "positive, negative or zero" : "a shape: 3x4"
    case .value, .shape, .equation: return ""
    }
  }

  /// - Throws: for what is no answer, which does not count as a try.
  func judge(
    _ text: String, at offset: Int, in session: Session
  ) throws(Diagnostic) -> (isRight: Bool, report: Report) {
    guard let given = canonical(text) else {
      throw Diagnostic("this is answered by \(forms)", at: [offset..<offset + max(1, text.count)])
    }
    let right = try right(in: session)
    guard given != right else { return (true, Report([.text("right", style: .success)])) }
    var report = Report([.text("\(refusal(given, right))", style: .failure)])
    if let reason = exercise.wrong.first(where: { canonical($0.answer) == given })?.reason {
      report.explain("\(Markdown.plain(reason))")
    }
    return (false, report)
  }

  private func refusal(_ given: String, _ right: String) -> String {
    switch exercise.kind {
    case .order:
      let count = zip(given, right).prefix { $0 == $1 }.count
      return count == 0
        ? "no: the first is another" : "no: up to \(given.prefix(count).last ?? "?") it is right"
    case .hunt:
      return given.split(separator: " ").first == right.split(separator: " ").first
        ? "the line is right, the mistake is another" : "no: that line does what its formula says"
    case .predict: return "noted: \(given). See what comes"
    default: return "no: not \(given)"
    }
  }

  /// A sign may be given by a formula.
  func right(in session: Session) throws(Diagnostic) -> String {
    if let word = canonical(exercise.answer) { return word }
    guard exercise.kind == .sign else {
      throw Diagnostic("'\(exercise.answer)' is no answer to this: it takes \(forms)")
    }
    let value = try AnswerText.value(
      exercise.answer, at: 0, of: exercise.answer, naming: session.naming, in: session)
    guard let number = value.scalarValue else {
      throw Diagnostic("the sign of a number is asked for, and this is \(value.shape)")
    }
    return number > 0 ? "positive" : number < 0 ? "negative" : "zero"
  }
}
