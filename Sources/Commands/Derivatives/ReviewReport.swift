import Explanations
import Formulas
import LinearAlgebra
import Reports

/// A program's lines with what was found of each.
struct ReviewReport {
  private let review: Review
  private let source: [String]
  private let width: Int
  /// Lines that were not placed too.
  private let isFull: Bool

  init(_ review: Review, source: String, width: Int, isFull: Bool) {
    self.review = review
    self.source = source.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    self.width = width
    self.isFull = isFull
  }

  func add(to report: inout Report) {
    let matches = review.leaves.matches.map { match -> Prose in
      let own = match.variable == match.leaf ? "" : " = \(match.variable)"
      return "\(name: match.leaf)\(own) (line \(match.line)\(match.remark.map { ", \($0)" } ?? ""))"
    }
    report.explain("Taken from the program: \(matches.joined(separator: ", ")).")
    report.add(.blank)
    let lines = rows
    report.add(
      .table(
        .init(
          header: ["line", "program", "what it is"],
          rows: lines.map { [Prose([.words(String($0.line))]), Prose([.words(text($0.line))]), $0.text] },
          rightAligned: [0])))
    report.add(.blank)
    explain(&report)
    report.review = Report.Review(firstWrong: review.firstWrong?.value.line, lines: members)
    report.diagnosis = review.firstWrong.map(Self.ids) ?? []
  }

  private func text(_ line: Int) -> String {
    let text = source.indices.contains(line - 1) ? source[line - 1] : ""
    let trimmed = text.drop { $0.isWhitespace }
    let room = max(16, width * 9 / 20)
    return trimmed.count <= room ? String(trimmed) : trimmed.prefix(room - 1) + "…"
  }

  private static func ids(_ finding: Review.Finding) -> [String] {
    let named = finding.diagnosis.findings.flatMap(\.ids).reduce(into: [String]()) { ids, id in
      if !ids.contains(id) { ids.append(id) }
    }
    return named + finding.ids.filter { !named.contains($0) }
  }

  // MARK: Lines

  /// What is said of a line once, however often it ran.
  private var rows: [(line: Int, text: Prose)] {
    var result: [(line: Int, text: Prose)] = []
    for line in Set(review.findings.map(\.value.line)).sorted() {
      let own = review.findings.filter { $0.value.line == line && ($0.name != nil || isFull) && !$0.isCopy }
      guard !own.isEmpty else { continue }
      var texts: [Prose] = []
      for finding in own {
        let said = words(finding)
        if !texts.contains(said) { texts.append(said) }
      }
      result.append((line, texts.joined(separator: "; ")))
    }
    return result
  }

  private func words(_ finding: Review.Finding) -> Prose {
    guard let name = finding.name else { return "not placed" }
    let after: Prose = finding.isUpdate ? " after the step" : ""
    let shape: Prose = finding.tensor.shape.isScalar || finding.isUpdate ? "" : " (\(finding.tensor.shape))"
    let remark: Prose = finding.remark.map { ": \($0)" } ?? ""
    switch finding.verdict {
    case .right: return "right, \(name: name)\(after)\(shape)\(remark)"
    case .follows(let line): return "follows from line \(line): \(name: name)\(after)"
    case .wrong:
      let ids = Self.ids(finding)
      let what: Prose = ids.isEmpty ? "" : ": \(ids.joined(separator: " or "))"
      return "WRONG, \(name: name)\(after)\(what)\(ids.isEmpty ? remark : "")"
    case .unknown: return "not placed"
    }
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

  private func explain(_ report: inout Report) {
    guard let first = review.firstWrong else {
      let right = review.findings.filter { $0.verdict == .right }
      report.say("no line is wrong: \(right.count) values are those of the model", .success)
      return
    }
    var told: Set<Int> = []
    for finding in review.findings where finding.verdict == .wrong {
      guard told.insert(finding.value.line).inserted, let name = finding.name else { continue }
      let isFirst = finding.value.line == first.value.line
      report.say("\(isFirst ? "first wrong line: " : "also wrong: line ")\(finding.value.line)", .failure)
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
