import Commands
import Explanations
import Formulas
import LinearAlgebra
import Operations
import Reports
import Sessions

// Answers to an exercise, judged as `check` judges them, with the right values kept back.

extension LessonExercise {
  /// Judges a text that begins at `offset` of the typed line, in the lesson's session.
  /// - Throws: when it cannot be read, has no value or uses what the question forbids. That is no try.
  package func judge(
    _ text: String, at offset: Int = 0, of line: String? = nil, naming: Naming? = nil, in session: Session
  ) throws(Diagnostic) -> (isRight: Bool, report: Report) {
    let judged = try examined(text, at: offset, of: line, naming: naming, in: session)
    return (judged.isRight, judged.report)
  }

  /// The same with what the judge said of a formula or of numbers; nil for answers of other kinds.
  package func examined(
    _ text: String, at offset: Int = 0, of line: String? = nil, naming: Naming? = nil, in session: Session
  ) throws(Diagnostic) -> (isRight: Bool, report: Report, judgement: Judgement?) {
    var (isRight, report): (Bool, Report)
    var judgement: Judgement?
    if let word = WordAnswer(self) {
      (isRight, report) = try word.judge(text, at: offset, in: session)
    } else {
      let typed = TypedLine(text, offset, line ?? text, naming ?? session.naming)
      let reason = reason(for: typed, in: session)
      do throws(Diagnostic) {
        (isRight, report, judgement) = try judgeFormula(typed, isExplained: reason != nil, in: session)
      } catch {
        // Foreseen just so, with words of its own; another formula of that value has not made that mistake.
        guard let reason, reason.isSame else { throw error }
        (isRight, report) = (false, Report([.text("no: \(error.message)", style: .failure)]))
        report.explain("\(Markdown.plain(reason.text))")
        return (false, report, nil)
      }
      // Nothing speaks against it yet, unless it is foreseen just as it stands.
      let isOpen = report.scalars.contains { $0.name == "undecided" }
      let isWrongHere = judgement.map { $0.isRight == false } ?? true
      if !isRight, let reason, reason.isSame || isWrongHere && !isOpen {
        if isOpen { report = Report([.text("no", style: .failure)]) }
        report.explain("\(Markdown.plain(reason.text))")
      }
    }
    if isRight, let right { report.explain("\(Markdown.plain(right))") }
    return (isRight, report, judgement)
  }

  /// A line with the place of the answer in it.
  struct TypedLine {
    let text: String
    let offset: Int
    let line: String
    let naming: Naming

    init(_ text: String, _ offset: Int, _ line: String, _ naming: Naming) {
      (self.text, self.offset, self.line, self.naming) = (text, offset, line, naming)
    }
  }

  private func judgeFormula(
    _ typed: TypedLine, isExplained: Bool, in session: Session
  ) throws(Diagnostic) -> (isRight: Bool, report: Report, judgement: Judgement?) {
    if kind == .shape {
      if typed.text.trimmed == name { throw bareName(typed) }
      let judged = try ShapeQuestion(title: name.map { "\(name: $0)" } ?? "it", right: try shape(in: session))
        .judge(typed.text, typed.offset, typed.line, typed.naming, session)
      return (judged.isRight, judged.report, nil)
    }
    // The answer is one way to write the step that is asked for, and may be tied to this session's sizes.
    var right = try AnswerText.formula(answer, at: 0, of: answer, naming: session.naming).expression
    let step = name.map(session.model.resolve)
    if let step, session.computed(step) != nil { right = .name(step) }
    let (parsed, line) = try read(typed, as: right, in: session)
    if let step, parsed.expression == .name(step) { throw bareName(typed) }
    try checkConditions(parsed.expression, typed, session)
    let question = Question(
      name.map { "\(name: $0)" } ?? "the answer", right: right, step: step, isGeneral: kind == .equation)
    let judgement = try Judge.judge(
      parsed, line: line, as: question, in: SessionScene(session), mayPropose: false)
    let isRight = (kind == .equation ? judgement.isGeneral : judgement.isRight) ?? false
    var report = Report()
    if isRight {
      let inFull = judgement.right.scalarValue.map(Printer.number) ?? SessionScript.literal(judgement.right)
      if case .rightToTheDigits = judgement.verdict {
        report.say("right: in full it is \(inFull)", .success)
      } else {
        report.say("right", .success)
      }
      return (true, report, judgement)
    }
    // A formula may have been typed to see its value, and not as an answer.
    if TypedNumber.all(in: parsed, line: line) == nil {
      report.show("\(parsed.expression)", judgement.given)
    }
    if case .right(.here(let reason?)) = judgement.verdict {
      report.say("right for these numbers, but a formula is asked for: \(reason)", .failure)
    } else {
      report.append(
        CheckReport(
          judgement, model: session.model, mayShowValues: false, isExplained: isExplained
        ).make())
    }
    return (false, report, judgement)
  }

  /// Bare lists and grouped digits are read as what fits the question.
  private func read(
    _ typed: TypedLine, as right: Expression, in session: Session
  ) throws(Diagnostic) -> (Parsed, line: String) {
    let reason: Diagnostic
    do throws(Diagnostic) {
      let parsed = try AnswerText.formula(
        typed.text, at: typed.offset, of: typed.line, naming: typed.naming)
      return (parsed, typed.line)
    } catch {
      reason = error
    }
    let isNumber = (try? Evaluator(SessionEnvironment(session)).value(of: right))?.count == 1
    guard let plain = AnswerText.numbers(typed.text, isNumber: isNumber) else { throw reason }
    if isNumber, plain.hasPrefix("["), typed.text.count(where: { $0 == "," }) == 1 {
      throw Diagnostic(
        "one number is asked for", at: [typed.offset..<typed.offset + typed.text.count],
        hint: "with a decimal point: \(typed.text.trimmed.replacing(",", with: ".").filter { $0 != " " })")
    }
    return (try AnswerText.formula(plain, at: 0, of: plain, naming: typed.naming), plain)
  }

  private func bareName(_ typed: TypedLine) -> Diagnostic {
    Diagnostic(
      "\(name: name ?? "this") is what is asked for", at: [typed.offset..<typed.offset + typed.text.count],
      hint: "say how it comes about, from the names that stand in its equation")
  }

  /// What the question says of how it is to be answered.
  private func checkConditions(
    _ typed: Expression, _ line: TypedLine, _ session: Session
  ) throws(Diagnostic) {
    let place = [line.offset..<line.offset + max(1, line.text.count)]
    for word in without where typed.uses(word, resolve: session.model.resolve) {
      throw Diagnostic("this question is to be answered without \(word)", at: place)
    }
    for word in with where !typed.uses(word, resolve: session.model.resolve) {
      throw Diagnostic("this question is to be answered with \(word)", at: place)
    }
  }

  /// The file's own words for a wrong answer that it foresees: the same formula, else one of the same value.
  private func reason(for typed: TypedLine, in session: Session) -> (text: String, isSame: Bool)? {
    guard wrong.contains(where: { $0.reason != nil }) else { return nil }
    if kind == .shape {
      let given = try? ShapeQuestion.shape(typed.text, typed.offset, typed.line, typed.naming, session)
      guard let given else { return nil }
      return wrong.first { item in
        (try? ShapeQuestion.shape(item.answer, 0, item.answer, session.naming, session)) == given
      }?.reason.map { ($0, true) }
    }
    func formula(_ text: String) -> Expression? {
      (try? AnswerText.formula(text, at: 0, of: text, naming: session.naming))?.expression
    }
    guard let right = formula(answer), let (parsed, line) = try? read(typed, as: right, in: session) else {
      return nil
    }
    if let same = wrong.first(where: { formula($0.answer) == parsed.expression }) {
      return same.reason.map { ($0, true) }
    }
    guard let value = try? Evaluator(SessionEnvironment(session)).checkedValue(of: parsed) else { return nil }
    let given =
      TypedNumber.all(in: parsed, line: line, computed: true).map { GivenValue(value, numbers: $0) }
      ?? GivenValue(value, formula: parsed.expression)
    return wrong.first { item in
      guard !item.fails,
        let other = try? AnswerText.value(
          item.answer, at: 0, of: item.answer, naming: session.naming, in: session)
      else { return false }
      return given.isCertainly(other) || given.fitted(to: other.shape)?.isCertainly(other) == true
    }?.reason.map { ($0, false) }
  }

  /// The worked solution.
  package func revealed(in session: Session) throws(Diagnostic) -> Report {
    var report = Report()
    if let word = WordAnswer(self) {
      let right = try word.right(in: session)
      let text = kind == .order ? nil : LettersOf(self).lines.first { $0.letter == right }?.text
      report.say("\(right)\(text.map { ": \($0)" } ?? "")", .formula)
      if kind == .order { for line in choices { report.say("  \(Markdown.plain(line))", .formula) } }
    } else if kind == .shape {
      report.say("\(answer): \(try shape(in: session))", .formula)
    } else {
      report.show(
        name.map { "\(name: $0)" } ?? "answer",
        try AnswerText.value(answer, at: 0, of: answer, naming: session.naming, in: session),
        formula: "\(try AnswerText.formula(answer, at: 0, of: answer, naming: session.naming).expression)")
      if let because { report.say("\(because)", .formula) }
    }
    if let right { report.explain("\(Markdown.plain(right))") }
    return report
  }

  package func shape(in session: Session) throws(Diagnostic) -> Shape {
    try ShapeQuestion.shape(answer, 0, answer, session.naming, session)
  }
}

extension Expression {
  /// - Parameter word: a name, a function, or the sign of an operation.
  fileprivate func uses(_ word: String, resolve: (String) -> String) -> Bool {
    contains { part in
      switch part {
      case .name(let name): name == word || resolve(name) == resolve(word)
      case .call(let function, _, _), .derivative(let function, _, _): function.name == word
      case .binary(let operation, _, _): operation.rawValue == word
      case .transpose: word == ".T"
      default: false
      }
    }
  }
}
