import Formulas
import Reports

/// What a class did, question by question: it names no student.
struct ClassSummary {
  private struct Row {
    var shares: [Double] = []
    var kinds: [Mark.Kind: Int] = [:]
    var mistakes: [String: Int] = [:]
  }

  private var rows: [Row] = []
  private(set) var count = 0

  /// What it needs of a mark; as a text where another process has marked.
  struct Entry {
    let kind: Mark.Kind
    let share: Double
    let mistakes: [String]

    init(_ mark: Mark, of question: AssignedQuestion) {
      kind = mark.kind
      share = question.worth.points > 0 ? mark.points / question.worth.points : 0
      mistakes = mark.mistakes
    }

    init?(_ text: String) {
      let words = text.split(separator: " ").map(String.init)
      guard words.count > 1, let kind = Mark.Kind(rawValue: words[0]), let share = Double(words[1]) else {
        return nil
      }
      (self.kind, self.share, mistakes) = (kind, share, Array(words[2...]))
    }

    var text: String { ([kind.rawValue, "\(share)"] + mistakes).joined(separator: " ") }
  }

  mutating func add(_ entries: [Entry]) {
    if rows.count < entries.count { rows += Array(repeating: Row(), count: entries.count - rows.count) }
    count += 1
    for (i, entry) in entries.enumerated() {
      rows[i].shares.append(entry.share)
      rows[i].kinds[entry.kind, default: 0] += 1
      for id in entry.mistakes { rows[i].mistakes[id, default: 0] += 1 }
    }
  }

  private static func mean(_ values: [Double]) -> Double {
    values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
  }

  private static func variance(_ values: [Double]) -> Double {
    let mean = mean(values)
    return Self.mean(values.map { ($0 - mean) * ($0 - mean) })
  }

  private static func percent(_ share: Double) -> String { "\(Int(clamping: (100 * share).rounded())) %" }

  /// The question in which some have nearly everything and others nearly nothing; nil where all did alike.
  var dividing: Int? {
    let spread = rows.map { Self.variance($0.shares) }
    guard let most = spread.max(), most > 0 else { return nil }
    return spread.firstIndex(of: most).map { $0 + 1 }
  }

  /// Ids with how often and in which questions, the most frequent first.
  var mistakes: [(id: String, count: Int, questions: [Int])] {
    var counts: [String: (count: Int, questions: [Int])] = [:]
    for (i, row) in rows.enumerated() {
      for (id, count) in row.mistakes {
        counts[id, default: (0, [])].count += count
        counts[id, default: (0, [])].questions.append(i + 1)
      }
    }
    return counts.map { (id: $0.key, count: $0.value.count, questions: $0.value.questions) }
      .sorted { ($1.count, $0.id) < ($0.count, $1.id) }
  }

  private static let kinds: [Mark.Kind] = [.right, .carried, .partial, .wrong, .unread, .missing]

  private var table: (header: [String], rows: [[String]]) {
    (
      ["question", "mean"] + Self.kinds.map(\.rawValue),
      rows.enumerated().map { i, row in
        ["\(i + 1)", Self.percent(Self.mean(row.shares))] + Self.kinds.map { "\(row.kinds[$0] ?? 0)" }
      }
    )
  }

  private var sentence: String? {
    dividing.map { "Question \($0) divides the class most: its marks lie furthest apart." }
  }

  var report: Report {
    var report = Report()
    let (header, rows) = table
    report.add(
      .table(
        .init(
          header: header.map { "\($0)" }, rows: rows.map { $0.map { "\($0)" } },
          rightAligned: Set(header.indices))))
    if let sentence { report.explain("\(sentence)") }
    for (id, count, questions) in mistakes.prefix(12) {
      report.say("  \(count) × \(id) (question \(questions.map(String.init).joined(separator: ", ")))")
    }
    return report
  }

  func markdown(title: String, problems: [String]) -> String {
    let (header, rows) = table
    func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }
    func escaped(_ text: String) -> String {
      String(text.flatMap { "*_[]`$<>#|\\".contains($0) ? ["\\", $0] : [$0] })
    }
    var lines = [
      "# \(escaped(title))", "", "\(count) marked.", "", line(header), line(header.map { _ in "---:" }),
    ]
    lines += rows.map(line)
    if let sentence { lines += ["", sentence] }
    if !mistakes.isEmpty {
      lines += ["", "## Mistakes", "", "| mistake | how often | questions |", "| --- | ---: | --- |"]
    }
    lines += mistakes.map {
      line([$0.id, "\($0.count)", $0.questions.map(String.init).joined(separator: ", ")])
    }
    if !problems.isEmpty { lines += ["", "## To look at", ""] + problems.map { "- " + escaped($0) } }
    return lines.joined(separator: "\n") + "\n"
  }
}
