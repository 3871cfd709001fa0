import Commands
import Formulas
import LinearAlgebra
import Platform
import Reports
import Sessions

/// Is what a student typed the answer of an exercise? Decided by evaluation, never by comparing texts.
package struct ExerciseAnswer {
  package enum Verdict {
    case right(String?)
    /// What is wrong with it.
    case wrong(Report)
  }

  private let exercise: LessonExercise
  private let session: Session

  package init(_ exercise: LessonExercise, session: Session) {
    self.exercise = exercise
    self.session = session
  }

  /// Judges a text that begins at `offset` of the typed line. Throws when it cannot be read or evaluated.
  package func judge(_ text: String, at offset: Int = 0, of line: String? = nil) throws(Diagnostic) -> Verdict
  {
    if exercise.kind == .shape { return try judgeShape(text, offset, line ?? text) }
    let (formula, start) = Self.rightSide(text, at: offset)
    let parsed = try CommandLine.formula(formula, at: start, in: line ?? text)
    let given = try Self.value(parsed, session, line ?? text)
    let right = try rightValue(session)
    let isNumbers = Self.isNumbers(parsed.expression)
    let fits = given.shape == right.shape || given.count == 1 && right.count == 1
    guard fits, isNumbers ? Self.agrees(digits: formula, given, right) : Self.agrees(given, right) else {
      // A formula may have been typed to see its value, and not as an answer.
      var report = Report()
      if !isNumbers { report.show(formula.trimmed, given) }
      report.append(try diagnosis(formula, given, right))
      return .wrong(report)
    }
    guard exercise.kind == .equation else {
      return .right(isNumbers && given != right ? "in full it is \(Self.short(right))" : nil)
    }
    for seed in 1...4 {
      // Far numbers may have no pass: a logarithm's argument, say. Near ones decide then.
      guard let other = try? perturbed(seed: UInt64(seed), isFar: seed > 2) else { continue }
      let there = try Self.value(parsed, other, line ?? text)
      guard there.shape == right.shape, Self.agrees(there, try rightValue(other)) else {
        return .wrong(
          Report([
            .text("right for these numbers, but not for others: a formula is asked for", style: .failure)
          ]))
      }
    }
    return .right(nil)
  }

  package func revealed() throws(Diagnostic) -> Report {
    var report = Report()
    let value = try rightValue(session)
    if exercise.kind == .shape {
      report.say("\(exercise.answer): \(value.shape)", .formula)
    } else {
      report.show(exercise.name ?? "answer", value, formula: exercise.answer)
    }
    return report
  }

  // MARK: The right answer

  private func rightValue(_ session: Session) throws(Diagnostic) -> Tensor {
    if exercise.kind == .shape, let shape = Self.shape(exercise.answer) {
      return Tensor(repeating: 0, shape: shape)
    }
    let (formula, start) = Self.rightSide(exercise.answer, at: 0)
    let parsed = try CommandLine.formula(formula, at: start, in: exercise.answer)
    return try Self.value(parsed, session, exercise.answer)
  }

  private static func value(_ parsed: Parsed, _ session: Session, _ line: String) throws(Diagnostic) -> Tensor
  {
    do { return try Evaluator(SessionEnvironment(session)).checkedValue(of: parsed) } catch {
      var diagnostic = error
      diagnostic.source = diagnostic.source ?? line
      throw diagnostic
    }
  }

  /// `dW2 = A1.T @ dZ2` answers as `A1.T @ dZ2` does.
  static func rightSide(_ text: String, at offset: Int) -> (String, Int) {
    guard let (_, _, formula, start) = try? Assignment.split(text, at: offset, in: text) else {
      return (text, offset)
    }
    return (formula, start)
  }

  /// The same pass with other inputs and parameters: targets stay, since they may have to be one-hot.
  /// Near ones first; far ones switch neurons on and off, so that a forgotten mask shows.
  private func perturbed(seed: UInt64, isFar: Bool) throws(Diagnostic) -> Session {
    var generator = RandomGenerator(seed: seed)
    var other = session
    for name in session.leaves.keys.sorted() where name != session.model.targetName {
      guard let value = session.leaves[name] else { continue }
      let factor = isFar ? (-2.0, 2.0) : (0.7, 1.3)
      other.setLeaf(
        name, value.map { $0 * generator.uniform(factor.0, factor.1) + generator.uniform(-0.1, 0.1) })
    }
    try other.run(to: session.cursor)
    return other
  }

  // MARK: Comparing

  static func agrees(_ a: Tensor, _ b: Tensor) -> Bool {
    let scale = (a.elements + b.elements).map(abs).filter(\.isFinite).max() ?? 0
    return zip(a.elements, b.elements).allSatisfy { x, y in
      x == y || x.isNaN && y.isNaN || abs(x - y) <= 1e-9 * max(scale, 1e-300)
    }
  }

  /// Numbers worked by hand: each right to the digits that are written, two at least, or exactly right.
  static func agrees(digits text: String, _ given: Tensor, _ right: Tensor) -> Bool {
    let units = literalUnits(text)
    guard units.count == given.count else { return agrees(given, right) }
    return given.elements.indices.allSatisfy { i in
      let (x, y) = (given.elements[i], right.elements[i])
      if x == y || abs(x - y) <= 1e-9 * max(abs(x), abs(y)) { return true }
      // Two digits and whole numbers have to be rounded; of more decimals the last may be cut off.
      let isLong = units[i].significant > 2 && units[i].unit < 1
      let tolerance = (isLong ? 1 : 0.5) * units[i].unit
      return units[i].significant >= 2 && abs(x - y) <= tolerance * 1.000001
    }
  }

  /// The unit of the last digit and the number of significant digits of every number in a text.
  private static func literalUnits(_ text: String) -> [(unit: Double, significant: Int)] {
    text.split { !($0.isNumber || $0 == "." || $0 == "e" || $0 == "E") }.compactMap { word in
      let mantissa = word.prefix { $0 != "e" && $0 != "E" }
      let decimals = mantissa.firstIndex(of: ".").map { mantissa[$0...].count - 1 } ?? 0
      let digits = mantissa.filter { $0 != "." }.drop { $0 == "0" }
      let exponent = max(-400, min(400, Int(word.dropFirst(mantissa.count + 1)) ?? 0))
      return (pow(10, Double(exponent - decimals)), digits.count)
    }
  }

  private static func isNumbers(_ expression: Expression) -> Bool {
    switch expression {
    case .number: true
    case .list(let items): items.allSatisfy(isNumbers)
    case .negative(let a): isNumbers(a)
    case .name, .binary, .transpose, .call, .derivative, .index: false
    }
  }

  private static func short(_ value: Tensor) -> String {
    value.scalarValue.map(Printer.number) ?? SessionScript.literal(value)
  }

  // MARK: Shapes

  private func judgeShape(_ text: String, _ offset: Int, _ line: String) throws(Diagnostic) -> Verdict {
    let right = try rightValue(session).shape
    let given: Shape
    if let shape = Self.shape(text) {
      given = shape
    } else {
      let (formula, start) = Self.rightSide(text, at: offset)
      given = try Self.value(try CommandLine.formula(formula, at: start, in: line), session, line).shape
    }
    if given == right { return .right("\(given)") }
    var report = Report([.text("no: not \(given)", style: .failure)])
    if given == right.transposed { report.explain("Rows and columns are the wrong way round.") }
    return .wrong(report)
  }

  /// `3×4`, `3x4`, `(3, 4)`, `[3, 4]`, `3 by 4`, `scalar`.
  static func shape(_ text: String) -> Shape? {
    let text = text.trimmed.lowercased()
    if text == "scalar" { return .scalar }
    guard !text.contains(where: { "+-*/@=.".contains($0) }) else { return nil }
    let inner = text.filter { !"()[]".contains($0) }.split { "x×, ".contains($0) }.filter { $0 != "by" }
    let extents = inner.compactMap { Int($0) }
    guard !extents.isEmpty, extents.count == inner.count, extents.allSatisfy({ $0 > 0 && $0 < 1 << 20 }),
      extents.reduce(1, { $0.multipliedReportingOverflow(by: $1).partialValue }) <= 1 << 20
    else { return nil }
    return Shape(extents)
  }

  // MARK: Which mistake it is

  private func diagnosis(_ formula: String, _ given: Tensor, _ right: Tensor) throws(Diagnostic) -> Report {
    if let name = exercise.name {
      let line = "\(name) = \(formula)"
      // Where the judge of steps cannot say which mistake it is, the words below do.
      if let assignment = try? Assignment(line, at: 0, in: line),
        let check = try? AnswerCheck(assignment, source: line, in: session)
      {
        return CheckReport(check: check, session: session).make()
      }
    }
    var report = Report([.text("not yet", style: .failure)])
    if given.shape != right.shape {
      report.explain("The shape is \(given.shape); the answer's is \(right.shape).")
    } else if Self.agrees(given.map { -$0 }, right) {
      report.explain("The sign is the wrong way round.")
    } else if let first = zip(given.elements, right.elements).enumerated().first(where: {
      abs($0.element.0 - $0.element.1) > 1e-6
    }), given.count > 1 {
      report.explain("The shape is right; the entry \(given.index(at: first.offset)) is not.")
    } else if let x = given.scalarValue, let y = right.scalarValue, y != 0 {
      report.explain(
        abs(x) < abs(y) ? "It is too small in size." : "It is too large in size, or of the wrong sign.")
    }
    return report
  }
}
