import Explanations
import Formulas
import LinearAlgebra
import Operations
import Reports
import Sessions

/// What stands behind `answer`.
package enum AnswerText {
  /// `dW2 = A1.T @ dZ2` answers as `A1.T @ dZ2` does.
  package static func formula(
    _ text: String, at offset: Int, of line: String, naming: Naming
  ) throws(Diagnostic) -> Parsed {
    let reason: Diagnostic
    do throws(Diagnostic) { return try CommandLine.formula(text, at: offset, in: line, naming: naming) } catch
    {
      reason = error
    }
    guard text.contains("=") else { throw reason }
    let right: (text: String, offset: Int)
    do throws(Diagnostic) {
      let parts = try Assignment.split(text, at: offset, in: line, naming: naming)
      right = (parts.formula, parts.formulaOffset)
    } catch {
      // The = is an option's, in a formula that has something else wrong with it.
      throw reason
    }
    return try CommandLine.formula(right.text, at: right.offset, in: line, naming: naming)
  }

  package static func value(
    _ text: String, at offset: Int, of line: String, naming: Naming, in session: Session
  ) throws(Diagnostic) -> Tensor {
    let parsed = try formula(text, at: offset, of: line, naming: naming)
    do { return try Evaluator(SessionEnvironment(session)).checkedValue(of: parsed) } catch {
      var diagnostic = error
      diagnostic.source = diagnostic.source ?? line
      throw diagnostic
    }
  }

  /// Numbers as people write them: `6,400` is a number where one is asked for, `4, -8, 20` and `4 -8 20` a list, and
  /// `784 x 800` a product. Nil for anything else.
  package static func numbers(_ text: String, isNumber: Bool) -> String? {
    var plain = text.trimmed.replacing("−", with: "-")
    if plain.hasPrefix("("), plain.hasSuffix(")") { plain = String(plain.dropFirst().dropLast()) }
    if plain.contains(";") {
      let isMatrix =
        plain.contains(where: \.isNumber)
        && plain.allSatisfy { $0.isASCII && $0.isNumber || "+-.,eE/ ;".contains($0) }
      return isMatrix ? "[\(plain)]" : nil
    }
    guard plain.contains(where: \.isNumber),
      plain.allSatisfy({ $0.isASCII && $0.isNumber || "+-.,eE/ x×_%".contains($0) })
    else { return nil }
    if plain.hasSuffix("%") {
      // Hundredths, with the digits that were typed.
      let number = String(plain.dropLast()).trimmed
      let whole = grouped(number) ?? number
      return isNumber && Double(whole) != nil && !whole.lowercased().contains("e") ? whole + "e-2" : nil
    }
    if plain.contains(where: { $0 == "x" || $0 == "×" }) {
      return isNumber ? plain.replacing("×", with: "*").replacing("x", with: "*") : nil
    }
    if isNumber, let number = grouped(plain) { return number }
    let entries = plain.split { $0 == "," || $0 == " " }
    return entries.count > 1 ? "[" + entries.joined(separator: ", ") + "]" : nil
  }
}

extension AnswerText {
  /// Thousands: one to three digits that begin with another than 0, and behind them three each; the last may have a point.
  private static func grouped(_ text: String) -> String? {
    for separator: Character in [",", " ", "_"] {
      let sign = text.prefix { $0 == "-" || $0 == "+" }
      let groups = text.dropFirst(sign.count).split(separator: separator, omittingEmptySubsequences: false)
      guard groups.count > 1, sign.count < 2, let first = groups.first, let last = groups.last,
        (1...3).contains(first.count), first.allSatisfy(\.isNumber), first.first != "0",
        groups[1...].dropLast().allSatisfy({ $0.count == 3 && $0.allSatisfy(\.isNumber) })
      else { continue }
      let digits = last.prefix { $0.isNumber }
      let rest = last.dropFirst(digits.count)
      guard digits.count == 3, rest.isEmpty || rest.first == "." && rest.dropFirst().allSatisfy(\.isNumber)
      else { continue }
      return sign + groups.joined()
    }
    return nil
  }
}

/// A shape that is asked for: extents as they are written, or any formula of that shape.
struct ShapeQuestion {
  let title: Prose
  let right: Shape

  static func shape(
    _ text: String, _ offset: Int, _ line: String, _ naming: Naming, _ session: Session
  ) throws(Diagnostic) -> Shape {
    if let shape = ShapeAnswer.shape(text) { return shape }
    return try AnswerText.value(text, at: offset, of: line, naming: naming, in: session).shape
  }

  func judge(
    _ text: String, _ offset: Int, _ line: String, _ naming: Naming, _ session: Session
  ) throws(Diagnostic) -> (isRight: Bool, report: Report) {
    let given = try Self.shape(text, offset, line, naming, session)
    guard given != right else {
      return (true, Report([.text("right: \(title) is \(given)", style: .success)]))
    }
    var report = Report([.text("no: not \(given)", style: .failure)])
    if given == right.transposed { report.explain("Rows and columns are the wrong way round.") }
    return (false, report)
  }
}
