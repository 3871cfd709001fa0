import Explanations
import Formulas
import Lessons
import LinearAlgebra
import Operations
import Platform
import Sessions

/// Marks one student's answers, question by question: later ones may follow from earlier ones.
struct Marking {
  /// What somebody else has written is worked on for so long, in seconds of computing: an honest answer takes a hundredth.
  static let longest = 0.8
  /// Entries of any part of an answer, parts of a formula and operations among them.
  static let (largestValue, mostParts, mostOperations) = (1 << 14, 3000, 300)

  private(set) var marks: [Mark] = []
  private var earlier: [OwnNumbers] = []

  static func marks(of answers: Answers, on sheet: Sheet) -> [Mark] {
    var marking = Marking()
    for question in sheet.questions {
      marking.marks.append(marking.mark(question, answers.given[question.number]))
    }
    return marking.marks
  }

  private mutating func mark(_ question: AssignedQuestion, _ given: Answers.Given?) -> Mark {
    let form: AnswerForm
    switch given {
    case nil: return Mark(.missing, 0, ["no answer"])
    case .text(let text):
      guard text.utf8.count <= AnswerForm.longest else { return Self.tooLong }
      let isValue = question.exercise.kind == .value
      form = AnswerForm(
        text, columns: isValue ? question.shape?.columns : nil,
        isNumber: isValue && question.right?.count == 1)
    case .cells(let cells):
      guard cells.reduce(0, { $0 + $1.reduce(0) { $0 + $1.utf8.count } }) <= AnswerForm.longest else {
        return Self.tooLong
      }
      form = AnswerForm(cells: cells)
    }
    guard !form.isBlank else { return Mark(.missing, 0, ["no answer"]) }
    // A number of bytes above what is held anyway: no answer asks for more.
    let limit = MemoryBudget.limit
    MemoryBudget.limit = min(limit, MemoryBudget.used + (64 << 20))
    defer { MemoryBudget.limit = limit }
    let result = Interruption.within(seconds: Self.longest) { () -> (mark: Mark, isLate: Bool) in
      var (mark, reason): (Mark?, Diagnostic?)
      var readings = [form.text] + [form.otherText].compactMap { $0 }
      while mark?.kind != .right, !readings.isEmpty, !Interruption.isRequested {
        do throws(Diagnostic) {
          let new = try self.mark(question, readings.removeFirst(), form)
          if mark.map({ $0.points < new.points }) ?? true { mark = new }
        } catch {
          // As it is set, where it is nothing as it is typed.
          let isFormula = question.exercise.kind == .value || question.exercise.kind == .equation
          if reason == nil, isFormula { readings += form.otherReadings(of: given, isValue(of: question)) }
          reason = reason ?? error
        }
      }
      return (mark ?? Self.unread(reason, question.session.naming), Interruption.isRequested)
    }
    return result.isLate
      ? Mark(.unread, 0, ["it takes too long to work out"], mistakes: ["unreadable"]) : result.mark
  }

  private static func unread(_ reason: Diagnostic?, _ naming: Naming) -> Mark {
    let words =
      ["it cannot be read as an answer: " + (reason?.message.text(naming) ?? "")]
      + [reason?.hint.map { $0.text(naming) }].compactMap { $0 }
    return Mark(.unread, 0, words.map(MarkWords.clean), mistakes: ["unreadable"])
  }

  /// Whether a name has a single number as its value; nil where it has none.
  private func isValue(of question: AssignedQuestion) -> (String) -> Bool? {
    let environment = SessionEnvironment(question.session, showsHidden: true)
    return { word in
      let name = question.session.model.resolve(question.session.naming.name(word))
      if name == .sampleCount { return true }
      return environment.value(of: name).map { $0.count == 1 }
    }
  }

  private static var tooLong: Mark {
    Mark(.unread, 0, ["it is longer than \(AnswerForm.longest) characters"], mistakes: ["unreadable"])
  }

  private mutating func mark(
    _ question: AssignedQuestion, _ text: String, _ form: AnswerForm
  ) throws(Diagnostic) -> Mark {
    switch question.exercise.kind {
    case .hunt: return try hunted(question, text)
    case .choice, .sign, .order, .predict, .shape: return try plain(question, text)
    case .value, .equation: break
    }
    guard form.isComplete else { return try incomplete(question, form) }
    let chain = AnswerForm.chain(text)
    if chain.count > 1 { return try self.chain(question, chain, form) }
    let naming = question.session.naming
    let (parsed, line) = try Self.read(text, naming, isNumber: question.right?.count == 1)
    try Self.checkSize(parsed, in: question.session)
    let own = parsed.expression.names.map(question.session.model.resolve)
    if let name = own.first(where: question.circular.contains) {
      let words =
        name == question.exercise.name.map(question.session.model.resolve)
        ? "\(name) is what is asked for, and cannot stand in the answer"
        : "\(name) is itself made of what is asked for, and cannot stand in the answer"
      return Mark(.wrong, 0, [words], mistakes: ["circular"])
    }
    if question.exercise.kind == .equation { return try formula(question, line) }
    if let numbers = TypedNumber.all(in: parsed, line: line, computed: true) {
      let value = try Evaluator(SessionEnvironment(question.session)).checkedValue(of: parsed)
      return try self.numbers(question, GivenValue(value, numbers: numbers), line)
    }
    guard parsed.expression.names.isEmpty else { return try formulaForNumbers(question, line) }
    // 1/3, exp(2): worked out, to all digits or to those that are asked for.
    let judged = try formula(question, line)
    guard judged.kind != .right, let digits = question.worth.digits else { return judged }
    let value = try Evaluator(SessionEnvironment(question.session)).checkedValue(of: parsed)
    let scale = pow(10, Double(digits))
    let numbers = value.elements.map { x in
      let units = Int(clamping: (abs(x) * scale).rounded())
      return TypedNumber(
        (x < 0 ? -1 : 1) * Double(units) / scale, literal: Draws.decimal(units, digits))
    }
    return try self.numbers(question, GivenValue(value, numbers: numbers), line)
  }

  /// `A1.T @ dZ2 = A1.T @ (S - Y) / m`: all of it must be right, and numbers stand at its end.
  private mutating func chain(
    _ question: AssignedQuestion, _ parts: [String], _ form: AnswerForm
  ) throws(Diagnostic) -> Mark {
    var worst: Mark?
    for part in parts { _ = try Self.read(part, question.session.naming, isNumber: false) }
    for part in question.exercise.kind == .value ? parts.suffix(1) : parts.prefix(8) {
      let mark = try mark(question, part, form)
      if worst.map({ mark.points < $0.points }) ?? true { worst = mark }
    }
    return worst ?? Mark(.missing, 0, ["no answer"])
  }

  // MARK: Reading

  static func read(_ text: String, _ naming: Naming, isNumber: Bool) throws(Diagnostic) -> (
    Parsed, line: String
  ) {
    let reason: Diagnostic
    do throws(Diagnostic) {
      return (try AnswerText.formula(text, at: 0, of: text, naming: naming), text)
    } catch {
      reason = error
    }
    guard let plain = AnswerText.numbers(text, isNumber: isNumber) else { throw reason }
    return (try AnswerText.formula(plain, at: 0, of: plain, naming: naming), plain)
  }

  /// - Throws: for what opens files, and for what is too large, before any of it is computed.
  static func checkSize(_ parsed: Parsed, in session: Session) throws(Diagnostic) {
    guard parsed.expression.files.isEmpty else { throw Diagnostic("an answer opens no files") }
    var (parts, operations) = (0, 0)
    var pending = [parsed.expression]
    let shapes = ShapeInference(SessionEnvironment(session))
    while let part = pending.popLast() {
      try Interruption.check()
      pending += part.children
      parts += 1
      switch part {
      case .number, .name, .negative, .transpose, .list, .index: break
      case .call, .derivative, .binary:
        operations += 1
        guard let count = try shapes.shape(of: part).checkedCount, count <= largestValue else {
          throw Diagnostic("a part of it has more than \(largestValue) entries")
        }
      }
      guard parts <= mostParts, operations <= mostOperations else {
        throw Diagnostic("it is longer than any answer that was worked by hand")
      }
    }
  }

  // MARK: Words

  private func plain(_ question: AssignedQuestion, _ typed: String) throws(Diagnostic) -> Mark {
    let text = question.exercise.kind == .shape ? ShapeWords.plain(typed) ?? typed : typed
    if question.exercise.kind == .shape, ShapeAnswer.shape(text) == nil {
      let (parsed, _) = try Self.read(text, question.session.naming, isNumber: false)
      try Self.checkSize(parsed, in: question.session)
      guard
        !parsed.expression.names.map(question.session.model.resolve).contains(
          where: question.circular.contains)
      else {
        return Mark(.wrong, 0, ["the extents are asked for"], mistakes: ["circular"])
      }
    }
    let (isRight, report) = try question.exercise.judge(text, in: question.session)
    let words = MarkWords.of(report, question.session.naming)
    return isRight
      ? Mark(.right, question.worth.points, words) : Mark(.wrong, 0, words, mistakes: ["other-answer"])
  }

  /// The line and the mistake, with whatever stands between them; what gives the same numbers is the same mistake.
  private func hunted(_ question: AssignedQuestion, _ text: String) throws(Diagnostic) -> Mark {
    let plant = try LessonHunt.planted(question.exercise, in: question.session).open
    let words = text.split { $0.isWhitespace || ",;:()".contains($0) }.map(String.init)
    let lines = words.map { question.session.model.resolve(question.session.naming.name($0)) }
    let steps = try question.session.readyProgram().backward.map(\.name).filter(lines.contains)
    let said = words.joined(separator: "-").lowercased()
    // Of names that are parts of others the longest.
    let ids = Mistake.all.map(\.id).filter { ("-" + said + "-").contains("-" + $0 + "-") }
    let longest = ids.filter { id in !ids.contains { $0 != id && $0.contains(id) } }
    guard let step = steps.first, steps.count == 1, longest.count <= 1 else {
      return Mark(
        .unread, 0, ["the answer is one line and one mistake, for example: dW2 transposed"],
        mistakes: ["unreadable"])
    }
    guard let hidden = plant.first(where: { $0.step == step }) else {
      return Mark(.wrong, 0, ["\(step) does what its formula says"], mistakes: ["other-line"])
    }
    if let id = longest.first, hidden.ids.contains(id) {
      return Mark(.right, question.worth.points, ["right"])
    }
    return Mark(
      .partial, question.worth.share(0.5),
      ["the line is right" + (longest.isEmpty ? "; the mistake is not named" : ", the mistake is another")],
      mistakes: ["other-mistake"])
  }

  // MARK: Formulas

  private func formula(_ question: AssignedQuestion, _ text: String) throws(Diagnostic) -> Mark {
    let judged = try question.exercise.examined(text, in: question.session)
    let words = MarkWords.of(judged.report, question.session.naming)
    if judged.isRight { return Mark(.right, question.worth.points, words) }
    let mistakes = Self.single(judged.judgement)
    switch judged.judgement?.verdict {
    case .rightHereOnly, .right:
      return Mark(.partial, question.worth.share(0.5), words, mistakes: mistakes + ["not-general"])
    case .rightToTheDigits:
      return Mark(
        .partial, question.worth.share(0.5), ["these numbers are right, and a formula is asked for"],
        mistakes: ["not-general"])
    default: return wrong(question, judged.judgement, words)
    }
  }

  /// The formula that numbers would come from.
  private func formulaForNumbers(_ question: AssignedQuestion, _ text: String) throws(Diagnostic) -> Mark {
    let judged = try question.exercise.examined(text, in: question.session)
    guard judged.isRight else {
      return Mark(
        .wrong, 0, MarkWords.of(judged.report, question.session.naming),
        mistakes: Self.single(judged.judgement) + ["not-worked-out"])
    }
    return Mark(
      .partial, question.worth.share(0.5), ["a formula that is right; the numbers are asked for"],
      mistakes: ["not-worked-out"])
  }

  /// Ids of what alone explains the answer.
  private static func single(_ judgement: Judgement?) -> [String] {
    let diagnosis: Diagnosis? =
      switch judgement?.verdict {
      case .wrong(let deviation): deviation.diagnosis
      case .otherShape(_, let diagnosis): diagnosis
      case .rightHereOnly(let limit): limit.diagnosis
      case .right, .rightToTheDigits, .tooFewDigits, .notFinite, nil: nil
      }
    return diagnosis?.findings.first { $0.ids.count == 1 }?.ids ?? []
  }

  /// - Parameter isCoarse: with fewer digits than are asked for.
  private func wrong(
    _ question: AssignedQuestion, _ judgement: Judgement?, _ words: [String], isCoarse: Bool = false
  ) -> Mark {
    var mistakes = Self.single(judgement)
    var points = mistakes.isEmpty ? 0 : question.worth.mistake
    switch judgement?.verdict {
    case .otherShape(.transpose?, _):
      points = question.worth.mistake
      if mistakes.isEmpty { mistakes = ["transposed"] }
    case .otherShape: if mistakes.isEmpty { mistakes = ["other-shape"] }
    case .wrong(let deviation):
      switch deviation.size {
      case .negated? where mistakes.isEmpty && question.exercise.name != nil:
        (points, mistakes) = (question.worth.mistake, ["wrong-sign"])
      case .lastDigit?: (points, mistakes) = (isCoarse ? 0 : question.worth.share(0.75), ["last-digit"])
      default: break
      }
    default: break
    }
    points = min(points, question.worth.points)
    return Mark(
      points > 0 ? .partial : .wrong, points, words, mistakes: mistakes.isEmpty ? ["unknown"] : mistakes)
  }

  // MARK: Numbers

  private mutating func numbers(
    _ question: AssignedQuestion, _ given: GivenValue, _ line: String
  ) throws(Diagnostic) -> Mark {
    guard let right = question.right, let fitted = given.blocks(right.shape) else {
      let judged = try question.exercise.examined(line, in: question.session)
      return wrong(question, judged.judgement, MarkWords.of(judged.report, question.session.naming))
    }
    let comparison = NumberComparison(fitted, right, digits: question.worth.digits)
    defer { remember(question, fitted, comparison) }
    let count = right.count
    if comparison.right == count { return Mark(.right, question.worth.points, ["right"]) }
    if let carried = carried(question, fitted) { return carried }
    if comparison.right + comparison.tooFew == count {
      let asked = question.worth.digits.map { "\($0) decimals are" } ?? "two digits that count, or more, are"
      return Mark(
        .partial, question.worth.share(0.5), ["right as far as it goes; \(asked) asked for"],
        mistakes: ["too-few-digits"])
    }
    let judged = try question.exercise.examined(line, in: question.session)
    let words = MarkWords.of(judged.report, question.session.naming)
    if judged.isRight { return Mark(.right, question.worth.points, words) }
    let named = wrong(question, judged.judgement, words, isCoarse: comparison.isCoarse)
    let entries = question.worth.share(comparison.share)
    guard entries > named.points else { return named }
    return Mark(
      .partial, entries, ["\(comparison.right) of \(count) entries are right"] + words,
      mistakes: named.mistakes)
  }

  /// Some entries of a matrix, and gaps that were left open.
  private func incomplete(_ question: AssignedQuestion, _ form: AnswerForm) throws(Diagnostic) -> Mark {
    guard let right = question.right, let rows = form.rows else {
      throw Diagnostic("a gap was left open")
    }
    let cells = rows.flatMap { $0 }
    guard cells.count == right.count, question.exercise.kind == .value else {
      throw Diagnostic("\(cells.count) gaps, and \(right.count) numbers are asked for")
    }
    let numbers = cells.map { cell in
      Double(cell).map {
        TypedNumber($0, literal: cell.filter { !"+-".contains($0) || cell.lowercased().contains("e") })
      }
    }
    let comparison = NumberComparison(numbers, right, digits: question.worth.digits)
    let points = question.worth.share(comparison.share)
    return Mark(
      points > 0 ? .partial : .wrong, points,
      [
        "\(comparison.right) of \(right.count) entries are right, \(cells.count { $0.isEmpty }) were left open"
      ],
      mistakes: ["left-open"])
  }

  // MARK: Carried errors

  private mutating func remember(
    _ question: AssignedQuestion, _ given: GivenValue, _ comparison: NumberComparison
  ) {
    guard let name = question.exercise.name.map(question.session.model.resolve), let right = question.right
    else { return }
    earlier.removeAll { $0.name == name }
    earlier.append(
      OwnNumbers(name: name, given: given, right: right, isRight: comparison.right == right.count))
  }

  private func carried(_ question: AssignedQuestion, _ given: GivenValue) -> Mark? {
    let rounded = earlier.filter { $0.isRight }
    if OwnNumbers.explain(given, question, rounded, by: rounded) {
      return Mark(.right, question.worth.points, ["right with your own rounded numbers"])
    }
    let wrong = earlier.filter { !$0.isRight && $0.carries }
    guard !wrong.isEmpty,
      OwnNumbers.explain(given, question, earlier.filter { $0.isRight || $0.carries }, by: wrong)
    else {
      return nil
    }
    return Mark(
      .carried, question.worth.carried,
      ["right with your own earlier answer (\(wrong.map(\.name).joined(separator: ", "))), which was not"],
      mistakes: ["carried"])
  }
}
