import Commands
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

  /// The words of a prediction's kind; nil where a shape is predicted.
  private var predicted: [(word: String, said: Set<String>)]? {
    let answer = exercise.answer.lowercased()
    return [Self.changes, Self.signs].first { Self.word(answer, $0) != nil }
  }

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
      // What the right answer is one of.
      if let words = predicted { return Self.word(text, words) }
      return ShapeAnswer.shape(text).map { "\($0)" }
    case .hunt:
      let words = Self.huntWords(text)
      return words.count == 2 && Mistake.named(words[1]) != nil ? words.joined(separator: " ") : nil
    case .value, .shape, .equation: return nil
    }
  }

  /// Whether a line is an answer, if perhaps one that cannot count: of an order a few of its letters, of a choice a letter
  /// that is not there, of a hunt a line of the pass with words that are no mistake.
  func isMeant(_ text: String, in session: Session) -> Bool {
    if canonical(text) != nil { return true }
    switch exercise.kind {
    case .choice, .order:
      if isSomeLetter(text, in: session) { return true }
      let letters = text.lowercased().filter { !" ,;)(.>-".contains($0) }
      let all = Set(LettersOf(exercise).lines.map(\.letter).joined())
      return exercise.kind == .order && letters.count > 1 && letters.allSatisfy { all.contains($0) }
    case .hunt:
      let words = text.split(whereSeparator: \.isWhitespace).map(String.init)
      guard let first = words.first, first.allSatisfy(Lexer.continuesName) || Mistake.named(first) != nil
      else { return false }
      if Mistake.named(first) != nil { return true }
      let step = session.model.resolve(session.naming.name(first))
      guard let program = try? session.readyProgram(), program.backward.contains(where: { $0.name == step })
      else { return false }
      // Alone it asks for the value, where there is one.
      return words.count > 1 ? words[1].first?.isLetter == true : session.computed(step) == nil
    case .predict where exercise.choices.isEmpty:
      let text = text.trimmed.lowercased()
      return Self.word(text, Self.changes) ?? Self.word(text, Self.signs) != nil
    case .predict, .sign, .value, .shape, .equation: return false
    }
  }

  /// A letter that is neither a value nor what goes on, helps or leaves.
  private func isSomeLetter(_ text: String, in session: Session) -> Bool {
    guard text.count == 1, text.first?.isLetter == true, !session.isKnown(session.naming.name(text)) else {
      return false
    }
    return !(NextCommand.shortForms + HelpCommand.shortForms + QuitCommand.shortForms).contains(text)
  }

  private static func huntWords(_ text: String) -> [String] {
    let words = text.split { $0 == " " || $0 == "," }.filter { $0 != "accuse" }.map(String.init)
    return words.count == 2 && Mistake.named(words[0]) != nil ? words.reversed() : words
  }

  /// An order that is typed as its lines, each of one word or of several.
  private func letters(ofLines text: String) -> String? {
    let lines = LettersOf(exercise).lines.map { ($0.letter, Self.bare($0.text)) }
      .sorted { $0.1.count > $1.1.count }
    var rest = Self.bare(text)[...]
    var found: [String] = []
    while true {
      rest = rest.drop { " ,;".contains($0) }
      if rest.isEmpty { break }
      guard
        let line = lines.first(where: { _, line in
          rest.hasPrefix(line) && rest.dropFirst(line.count).first.map { " ,;".contains($0) } ?? true
        })
      else { return nil }
      found.append(line.0)
      rest = rest.dropFirst(line.1.count)
    }
    return found.count == lines.count && Set(found).count == lines.count ? found.joined() : nil
  }

  /// As it is typed: without marks of emphasis and of code.
  private static func bare(_ text: String) -> String {
    Markdown.plain(text).lowercased().filter { $0 != "`" }
  }

  private func letter(_ text: String) -> String? {
    let letter = text.filter { !"().".contains($0) }
    return LettersOf(exercise).lines.first { $0.letter == letter || Self.bare($0.text) == Self.bare(text) }?
      .letter
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
      guard let words = predicted else { return "a shape: 3x4" }
      return words[0].word == Self.changes[0].word
        ? "bigger, smaller or the same" : "positive, negative or zero"
    case .value, .shape, .equation: return ""
    }
  }

  /// - Throws: for what is no answer, which does not count as a try.
  func judge(
    _ text: String, at offset: Int, in session: Session
  ) throws(Diagnostic) -> (isRight: Bool, report: Report) {
    guard let given = canonical(text) else {
      if exercise.kind == .hunt, Self.huntWords(text).count == 1 {
        throw Diagnostic(
          "and which mistake?", at: [offset..<offset + max(1, text.count)],
          hint: "\(text.trimmed) missing-mean, for example; 'help hunt' lists the mistakes")
      }
      throw Diagnostic("this is answered by \(forms)", at: [offset..<offset + max(1, text.count)])
    }
    let right = try right(in: session)
    guard given != right else { return (true, Report([.text("right", style: .success)])) }
    var report = Report([.text("\(refusal(given, right, typed: text))", style: .failure)])
    if let reason = exercise.wrong.first(where: { canonical($0.answer) == given })?.reason {
      report.explain("\(Markdown.plain(reason))")
    }
    return (false, report)
  }

  private func refusal(_ given: String, _ right: String, typed: String) -> String {
    switch exercise.kind {
    case .order:
      let count = zip(given, right).prefix { $0 == $1 }.count
      return count == 0
        ? "no: the first is another" : "no: up to \(given.prefix(count).last ?? "?") it is right"
    case .hunt:
      return given.split(separator: " ").first == right.split(separator: " ").first
        ? "the line is right, the mistake is another" : "no: that line does what its formula says"
    case .predict where exercise.waits: return "noted: \(given). See what comes"
    default:
      // Who answered in words did not choose a letter.
      let isLetter = typed.count { $0.isLetter || $0.isNumber } <= 1
      return exercise.choices.isEmpty || isLetter ? "no: not \(given)" : "no: not that, which is \(given)"
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
