import Explanations
import Formulas
import LinearAlgebra
import Reports

/// A program's lines with what was found of each.
struct ReviewReport {
  private let review: Review
  private let source: [String]
  /// Lines that were not placed too.
  private let isFull: Bool

  init(_ review: Review, source: String, isFull: Bool) {
    self.review = review
    self.source = source.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    self.isFull = isFull
  }

  func add(to report: inout Report) {
    let matches = review.leaves.matches.map { match -> Prose in
      let own = match.variable == match.leaf ? "" : " = \(match.variable)"
      return "\(name: match.leaf)\(own) (line \(match.line)\(match.remark.map { ", \($0)" } ?? ""))"
    }
    report.explain("Taken from the program: \(matches.joined(separator: ", ")).")
    report.add(.blank)
    report.add(
      .table(
        .init(
          header: ["line", "program", "what it is"],
          rows: rows.map {
            [Prose([.words(String($0.line))]), Prose([.words(text($0.line))]), $0.text]
          },
          rightAligned: [0])))
    report.add(.blank)
    explain(&report)
    report.review = Report.Review(firstWrong: review.firstWrong?.value.line, lines: members)
    report.diagnosis = review.firstWrong.map(Self.ids) ?? []
  }

  /// Longer lines of a program are data.
  private static let longest = 240

  private func text(_ line: Int) -> String {
    let text = source.indices.contains(line - 1) ? source[line - 1] : ""
    let trimmed = text.drop { $0.isWhitespace }
    return trimmed.count <= Self.longest ? String(trimmed) : trimmed.prefix(Self.longest - 1) + "…"
  }

  private static func ids(_ finding: Review.Finding) -> [String] {
    let named = finding.diagnosis.findings.flatMap { $0.ids + $0.twins }.reduce(into: [String]()) { ids, id in
      if !ids.contains(id) { ids.append(id) }
    }
    return named + finding.ids.filter { !named.contains($0) }
  }

  // MARK: Lines

  /// What is said of a line once, however often it ran, and the mistakes in it.
  private var rows: [(line: Int, text: Prose)] {
    var result: [(line: Int, text: Prose)] = []
    var shape: Shape?
    let shown = review.findings.filter { ($0.name != nil || isFull) && !$0.isCopy }
    for (line, own) in Dictionary(grouping: shown, by: \.value.line).sorted(by: { $0.key < $1.key }) {
      var texts: [Prose] = []
      var ids: [String] = []
      for finding in own {
        let said = words(finding, &shape)
        if !texts.contains(said) { texts.append(said) }
        if finding.verdict == .wrong { ids += Self.ids(finding).filter { !ids.contains($0) } }
      }
      let id = ids.first.map { "  \($0)" as Prose } ?? ""
      result.append((line, "\(texts.joined(separator: "; "))\(id)"))
    }
    return result
  }

  /// - Parameter shape: what was said last; it is not said again.
  private func words(_ finding: Review.Finding, _ shape: inout Shape?) -> Prose {
    guard let name = finding.name else { return "not placed" }
    let after: Prose = finding.isUpdate ? " after the step" : ""
    let remark: Prose = finding.remark.map { ": \($0)" } ?? ""
    switch finding.verdict {
    case .right:
      let isNew = !finding.tensor.shape.isScalar && !finding.isUpdate && finding.tensor.shape != shape
      if isNew { shape = finding.tensor.shape }
      return "right, \(name: name)\(after)\(isNew ? " (\(finding.tensor.shape))" : "" as Prose)\(remark)"
    case .follows(let line):
      guard !source.isEmpty, !finding.value.function.isEmpty else {
        return "follows from line \(line): \(name: name)\(after)"
      }
      guard let variable = review.variable(of: finding, madeIn: line) else { return "right for its inputs" }
      return "follows from line \(line); right for that \(variable)"
    case .wrong:
      let size = size(finding)
      return
        "WRONG: \(name: name)\(after)\(size.map { " \($0)" as Prose } ?? (Self.ids(finding).isEmpty ? remark : ""))"
    case .unknown: return "not placed"
    }
  }

  /// Mistakes that are factors.
  private static let factors: Set<String> = [
    "missing-mean", "double-mean", "mean-over-classes", "missing-factor", "extra-factor", "wrong-sign",
  ]

  /// How a wrong value differs, where it is the right one but for a factor.
  private func size(_ finding: Review.Finding) -> Prose? {
    // Another mistake may come on top of a factor that a later line takes care of.
    let ids = Self.ids(finding)
    guard !finding.isUpdate, ids.isEmpty || ids.contains(where: Self.factors.contains),
      let factor = review.timesRight(finding)
    else { return nil }
    guard abs(factor) != 1 else { return "has the other sign" }
    let times = abs(factor) > 1 ? abs(factor) : 1 / abs(factor)
    let count: Prose = review.sampleCount.map { Double($0) == times } ?? false ? "m = " : ""
    let sign: Prose = factor < 0 ? ", with the other sign" : ""
    return "is \(count)\(Review.figure(times)) times too \(abs(factor) > 1 ? "large" : "small")\(sign)"
  }

  private var members: [Report.Review.Line] {
    review.findings.compactMap { finding in
      guard !finding.isCopy, finding.name != nil || finding.isLast else { return nil }
      var follows: Int?
      let verdict: String
      switch finding.verdict {
      case .right: verdict = "right"
      case .follows(let line): (verdict, follows) = ("follows", line)
      case .wrong: verdict = "wrong"
      case .unknown: verdict = "unknown"
      }
      return Report.Review.Line(
        line: finding.value.line, function: finding.value.function, variable: finding.value.variable,
        name: finding.name, verdict: verdict, mistakes: Self.ids(finding), follows: follows)
    }
  }

  // MARK: Why

  /// What to write in a line that lacks the division by m.
  private func advice(_ finding: Review.Finding) -> Prose {
    guard Self.ids(finding) == [Mistake.missingMean.id], let m = review.sampleCount,
      let factor = review.timesRight(finding), factor == Double(m),
      source.indices.contains(finding.value.line - 1)
    else { return "" }
    let line = source[finding.value.line - 1]
    guard let sign = line.firstRange(of: " = "), !line.contains("#"), !line.contains(";") else { return "" }
    let right = line[sign.upperBound...]
    let count = review.name(ofCount: m) ?? String(m)
    let loss = review.lossLine.map { ", or leave out the mean in the loss too (line \($0))" as Prose } ?? ""
    let isOne = !right.contains(" ")
    return ". Write \(isOne ? String(right) : "(\(right))") / \(count)\(loss)."
  }

  private func explain(_ report: inout Report) {
    guard let first = review.firstWrong else {
      let right = review.findings.filter { $0.verdict == .right }
      let missing = review.notFound
      report.say("no line is wrong: \(right.count) values are those of the model", .success)
      if !missing.isEmpty {
        report.say(
          "not among its values: \(missing.map { "\(name: $0)" as Prose }.joined(separator: ", "))", .warning)
        report.explain(
          "A line that computes one of these otherwise is not told from others; 'review … all' lists what was not placed.",
          indent: 2)
      }
      return
    }
    var told: Set<Int> = []
    for finding in review.findings where finding.verdict == .wrong {
      guard told.insert(finding.value.line).inserted, let name = finding.name else { continue }
      let isFirst = finding.value.line == first.value.line
      let advice: Prose = isFirst ? advice(finding) : ""
      report.say(
        "\(isFirst ? "first wrong line: " : "also wrong: line ")\(finding.value.line)\(advice)", .failure)
      if let expected = finding.expected, finding.value.tensor.shape != expected.shape, !finding.isUpdate,
        finding.tensor.shape != expected.shape
      {
        report.explain(
          "\(name: name) is \(CheckReport.shape(expected.shape)); \(finding.value.variable) is \(CheckReport.shape(finding.value.tensor.shape)).",
          indent: 2)
      }
      if let remark = finding.remark { report.explain("\(remark).", indent: 2) }
      for found in finding.diagnosis.findings.prefix(2) {
        for id in found.ids {
          if let mistake = Mistake.named(id) { report.explain("\(id): \(mistake.explanation)", indent: 2) }
        }
        for (wrong, right) in found.equations.prefix(2) {
          report.say("    with  \(wrong)", .formula)
          report.say("    for   \(right)", .formula)
        }
      }
      for id in finding.ids {
        if let mistake = Mistake.named(id) { report.explain("\(id): \(mistake.explanation)", indent: 2) }
      }
      if finding.diagnosis.findings.isEmpty, finding.ids.isEmpty, finding.remark == nil {
        report.explain(
          "For the program's own inputs to this line \(name: name) is another, and none of the usual mistakes gives these numbers.",
          indent: 2)
      }
    }
  }
}
