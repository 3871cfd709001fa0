import Formulas
import Reports

extension TextRenderer {
  /// What the last column needs to be read in lines.
  private static let leastProse = 24
  private static let gap = 2

  /// Columns aligned. What is too wide is wrapped in its column; where that leaves no room to read, the last column goes
  /// below the others, or every row becomes a few lines of its own. Nothing is cut.
  func tableLines(_ table: Report.Table) -> [String] {
    let cells = ([table.header] + table.rows).map { $0.map(safe) }
    let columns = cells.map(\.count).max() ?? 0
    guard columns > 0 else { return [] }
    let rows = cells.map { $0 + Array(repeating: "", count: columns - $0.count) }
    if let widths = columnWidths(rows, table) { return aligned(rows, widths, table) }
    let others = Report.Table(header: [], rows: [], rightAligned: table.rightAligned)
    let heads = rows.map { Array($0.dropLast()) }
    guard columns > 2, let widths = columnWidths(heads, others),
      widths.reduce(0, +) == naturalWidths(heads).reduce(0, +)
    else { return stackedLines(rows) }
    return rows.enumerated().flatMap { number, row -> [String] in
      let lines = aligned([[], Array(row.dropLast())], widths, others)
      if number == 0 { return lines.map { paint($0, .heading) } }
      let last = (row.last ?? "").trimmingBlanks
      return lines
        + (last.isEmpty
          ? [] : DisplayWidth.wrap(DisplayWidth.spaces(4) + last, width: usableWidth, indent: 6))
    }
  }

  private func naturalWidths(_ rows: [[String]]) -> [Int] {
    (0..<(rows.first?.count ?? 0)).map { column in rows.map { DisplayWidth.of($0[column]) }.max() ?? 0 }
  }

  private func aligned(_ rows: [[String]], _ widths: [Int], _ table: Report.Table) -> [String] {
    let columns = widths.count
    return rows.enumerated().flatMap { number, row -> [String] in
      if number == 0 && row.allSatisfy(\.isEmpty) { return [] }
      let parts = row.enumerated().map { column, cell in
        DisplayWidth.wrap(cell, width: widths[column], indent: column < columns - 1 ? indent(cell) : 0)
      }
      let lines = (0..<(parts.map(\.count).max() ?? 0)).map { part -> String in
        var line = ""
        for column in 0..<columns {
          let text = part < parts[column].count ? parts[column][part] : ""
          line += DisplayWidth.padded(text, to: widths[column], right: table.rightAligned.contains(column))
          if column < columns - 1 { line += DisplayWidth.spaces(Self.gap) }
        }
        while line.last == " " { line.removeLast() }
        return line
      }
      return number == 0 ? lines.map { paint($0, .heading) } : lines
    }
  }

  private func indent(_ cell: String) -> Int { cell.prefix { $0 == " " }.count + 2 }

  /// Nil where the columns do not fit beside each other.
  private func columnWidths(_ rows: [[String]], _ table: Report.Table) -> [Int]? {
    let last = (rows.first?.count ?? 0) - 1
    let natural = naturalWidths(rows)
    let least = (0...last).map { column -> Int in
      if table.rightAligned.contains(column) { return natural[column] }
      // Words are never broken: a line that goes on is set in.
      let words = rows.map { row in
        let words = row[column].split(separator: " ").map { DisplayWidth.of(String($0)) }
        let lead =
          words.count > 1 && column < last ? indent(row[column]) : row[column].prefix { $0 == " " }.count
        return words.max().map { $0 + lead } ?? 0
      }
      let prose = column == last ? max(Self.leastProse, usableWidth / 3) : 12
      return min(natural[column], max(prose, words.max() ?? 0))
    }
    var widths = natural
    widths[last] = least[last]
    func total() -> Int { widths.reduce(0, +) + Self.gap * last }
    while total() > usableWidth {
      let candidates = (0..<last).filter { widths[$0] > least[$0] }
      guard let widest = candidates.max(by: { widths[$0] < widths[$1] }) else { return nil }
      widths[widest] -= 1
    }
    widths[last] = min(natural[last], widths[last] + usableWidth - total())
    return widths
  }

  /// A row under the other: its first entry, the others below, each with the name of its column.
  private func stackedLines(_ rows: [[String]]) -> [String] {
    let header = rows.first ?? []
    return rows.dropFirst().flatMap { row -> [String] in
      var isFirst = true
      return row.enumerated().flatMap { column, cell -> [String] in
        let text = cell.trimmingBlanks
        guard !text.isEmpty else { return [] }
        let lead = isFirst ? cell.prefix { $0 == " " }.count : 4
        let name = isFirst || header[column].isEmpty ? "" : header[column] + ": "
        isFirst = false
        return DisplayWidth.wrap(
          DisplayWidth.spaces(lead) + name + text, width: usableWidth, indent: lead + 2)
      }
    }
  }
}

extension String {
  fileprivate var trimmingBlanks: String {
    var part = drop { $0 == " " }
    while part.last == " " { part.removeLast() }
    return String(part)
  }
}
