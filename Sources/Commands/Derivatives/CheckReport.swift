import Explanations
import Formulas
import LinearAlgebra
import Platform
import Reports
import Sessions

/// What a judged answer is told as.
package struct CheckReport {
  private let check: AnswerCheck
  private let session: Session
  /// False while practising: places are named, right values are not.
  private let mayShowValues: Bool

  package init(check: AnswerCheck, session: Session, mayShowValues: Bool = true) {
    self.check = check
    self.session = session
    self.mayShowValues = mayShowValues
  }

  package func make() -> Report {
    var report = Report()
    if check.isRight {
      sayRight(&report)
      report.diagnosis = []
    } else {
      if check.answer == nil { sayShapes(&report) } else { sayDifferences(&report) }
      sayDiagnosis(check.diagnosis, &report)
      report.diagnosis = check.diagnosis.ids
    }
    report.scalar("correct", check.isRight ? 1 : 0)
    if check.answer != nil { report.scalar("max_difference", check.largestDifference) }
    if case .coincidence = check.reach { report.scalar("general", 0) }
    if case .onlyThisSampleCount = check.reach { report.scalar("general", 0) }
    if check.isRight, case .everywhere = check.reach { report.scalar("general", 1) }
    return report
  }

  // MARK: Right

  private func sayRight(_ report: inout Report) {
    let difference = Self.figure(check.largestDifference)
    let size = check.right.shape.isScalar ? "" : " in all \(Self.entries(check.right.count))"
    switch check.reach {
    case .theseNumbers(let reason):
      report.say("\(check.title) is right\(size)", .success)
      if reason == "typed numbers" {
        report.explain("Largest difference \(difference): within the digits you typed.", indent: 2)
      } else {
        report.explain("Largest difference \(difference).", indent: 2)
        if !reason.isEmpty {
          report.explain("Checked with these numbers only, since \(reason).", indent: 2)
        }
      }
    case .everywhere(let draws, let counts):
      report.say("\(check.title) is right\(size)", .success)
      var text = "Largest difference \(difference) with these numbers."
      if draws > 0 {
        text += " Equal too in \(draws) sessions of the same shapes with random numbers"
        text +=
          counts.isEmpty ? "." : ", and with m = \(counts.map(String.init).joined(separator: " and m = "))."
      }
      report.explain(text, indent: 2)
    case .coincidence(let diagnosis):
      report.say("\(check.title) is right here, but only by coincidence", .warning)
      report.explain(
        "It is equal for these numbers (largest difference \(difference)) and differs for random ones of the same shapes.",
        indent: 2)
      sayDiagnosis(diagnosis, &report, lead: "With other numbers it shows")
    case .onlyThisSampleCount(let m, let other, let diagnosis):
      report.say("\(check.title) is right here, but only because m = \(m)", .warning)
      report.explain(
        "It is equal for these numbers and for random ones (largest difference \(difference)); with m = \(other) it is not.",
        indent: 2)
      sayDiagnosis(diagnosis, &report, lead: "With m = \(other) it shows")
      if diagnosis.ids.isEmpty, m > 1 {
        report.explain("Write m for the number of samples, and it holds for every batch.", indent: 2)
      }
    }
  }

  // MARK: Wrong

  private func sayShapes(_ report: inout Report) {
    let (given, right) = (check.given.shape, check.right.shape)
    let like =
      check.name.hasPrefix("d") && check.title == check.name
      ? ", the shape of \(check.name.dropFirst())" : ""
    report.say("\(check.title) is \(Self.shape(right))\(like); yours is \(Self.shape(given))", .failure)
    if given == right.transposed, given.rank == 2 {
      report.explain("That is the shape of the transpose: turn it round with .T.", indent: 2)
    } else if given.count > right.count, right.rank == 2, given.rank == 2,
      (right.rows == 1 && given.columns == right.columns)
        || (right.columns == 1 && given.rows == right.rows)
    {
      let axis = right.rows == 1 ? 0 : 1
      report.explain(
        "Sum it along axis \(axis), and it has the right shape: sum(…, axis=\(axis)).", indent: 2)
    }
  }

  private func sayDifferences(_ report: inout Report) {
    guard let first = check.differing.first, let answer = check.answer else { return }
    let count = check.differing.count
    let total = check.right.count
    if total == 1 {
      report.say("\(check.title) is not right", .failure)
    } else {
      let what = count == total ? "all \(Self.entries(total)) differ" : "\(count) of \(total) entries differ"
      report.say("\(check.title) is not right: \(what)", .failure)
    }
    let own = Self.figure(answer.value.elements[first])
    let entry = total == 1 ? check.title : check.title + place(first)
    if mayShowValues {
      report.explain(
        "\(entry) is \(Self.figure(check.right.elements[first])), and yours is \(own).", indent: 2)
    } else {
      report.explain(
        "\(total == 1 ? "Yours" : "First at " + entry + ": yours"), \(own), is not it.", indent: 2)
    }
    if count > 1, count < total {
      let shown = check.differing.dropFirst().prefix(8).map(place)
      let more = count - 1 - shown.count
      report.explain(
        "The others: \(shown.joined(separator: " "))\(more > 0 ? " and \(more) more" : "").", indent: 2)
    }
    if check.diagnosis.ids.isEmpty {
      if total > 3, count * 4 <= total {
        report.explain("The rest is right, so look for a slip in the arithmetic there.", indent: 2)
      } else if let factor {
        report.explain("Every entry is \(factor) times the right one.", indent: 2)
      }
    } else if mayShowValues {
      report.explain("Largest difference \(Self.figure(check.largestDifference)).", indent: 2)
    }
  }

  /// The one number by which the whole answer is off, as it is written: nil when there is none.
  private var factor: String? {
    guard let answer = check.answer, check.right.count > 1 else { return nil }
    let pairs = zip(answer.value.elements, check.right.elements)
    guard let most = pairs.max(by: { abs($0.1) < abs($1.1) }), most.1 != 0, most.0 != 0 else { return nil }
    let ratio = most.0 / most.1
    guard ratio.isFinite, answer.matches(check.right.map { $0 * ratio }) else { return nil }
    return Self.figure(ratio)
  }

  private func sayDiagnosis(_ diagnosis: Diagnosis, _ report: inout Report, lead: String? = nil) {
    let findings = diagnosis.findings
    guard !findings.isEmpty else {
      if lead == nil { report.explain("It matches none of the usual mistakes.", indent: 2) }
      return
    }
    if let lead { report.say("\(lead):") }
    if findings.count > 1 {
      report.say("Looks like one of these; they give the same numbers here:")
    }
    for finding in findings.prefix(4) {
      report.say("  \(finding.ids.joined(separator: " and "))", .heading)
      for id in finding.ids {
        if let mistake = Mistake.named(id) { report.explain(mistake.explanation, indent: 4) }
      }
      for (wrong, right) in finding.equations.prefix(3) {
        report.say("    with  \(wrong.text)", .formula)
        if mayShowValues { report.say("    for   \(right.text)", .formula) }
      }
    }
    if findings.count > 4 { report.note("  and \(findings.count - 4) more pairs that give the same numbers") }
  }

  // MARK: Words

  private func place(_ position: Int) -> String {
    let index = check.right.index(at: position)
    return index.isEmpty ? "" : "[" + index.map(String.init).joined(separator: ",") + "]"
  }

  static func entries(_ count: Int) -> String { count == 1 ? "1 entry" : "\(count) entries" }
  package static func shape(_ shape: Shape) -> String { shape.isScalar ? "a number" : "\(shape)" }

  /// Six significant digits: enough to see where two values part.
  package static func figure(_ value: Double) -> String {
    guard value.isFinite, value != 0 else { return value == 0 ? "0" : "\(value)" }
    let magnitude = abs(value)
    if magnitude < 1e-5 || magnitude >= 1e7 {
      let exponent = Int(log10(magnitude).rounded(.down))
      let mantissa = (value / pow(10, Double(exponent)) * 100).rounded() / 100
      return "\(Printer.number(mantissa))e\(exponent)"
    }
    let places = max(0, 5 - Int(log10(magnitude).rounded(.down)))
    let unit = pow(10, Double(places))
    return Printer.number((value * unit).rounded() / unit)
  }
}
