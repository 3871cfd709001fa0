import Formulas
import Reports

extension TextRenderer {
  /// A longer formula stands on a line of its own, its reason below it.
  private static let widestFormula = 46

  /// All reasons in one column; each below its formula where the window has no room for two.
  func blackboardLines(_ board: [Report.BoardLine]) -> [String] {
    let rows = board.map { (formula: printed($0.formula), reason: printed($0.reason)) }
    let widths = rows.map(\.formula.count).filter { $0 <= Self.widestFormula }
    let column = min(Self.widestFormula, max(24, widths.max() ?? 0))
    if column + 2 + 24 > usableWidth {
      return board.flatMap { line -> [String] in
        if line.formula.isEmpty, line.reason.isEmpty { return [""] }
        let lead = printed(line.formula).prefix { $0 == " " }.count
        let reason = "\(DisplayWidth.spaces(lead + 4))\(line.reason)" as Prose
        return (line.formula.isEmpty ? [] : self.lines(of: .text(line.formula, style: .plain)))
          + (line.reason.isEmpty ? [] : self.lines(of: .text(reason, style: .note)))
      }
    }
    var lines: [String] = []
    var table = Report.Table(header: ["", ""], rows: [])
    func add(_ formula: String, _ reason: String) {
      table.rows.append(["\(DisplayWidth.padded(formula, to: column))", "\(reason)"])
    }
    func flush() {
      lines += tableLines(table)
      table.rows = []
    }
    for (formula, reason) in rows {
      if formula.isEmpty, reason.isEmpty {
        flush()
        lines.append("")
      } else if formula.count <= column {
        add(formula, reason)
      } else {
        flush()
        lines += self.lines(of: .text("\(formula)", style: .plain))
        if !reason.isEmpty { add("", reason) }
      }
    }
    flush()
    return lines
  }
}
