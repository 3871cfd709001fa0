import Formulas
import LinearAlgebra
import Platform
import Reports

/// A report as lines of text for a terminal, a pipe or the `text` field of JSON.
package struct TextRenderer: Sendable {
  /// Cells in a line. No line that can be broken is wider.
  package var width: Int
  /// Lines in the window: what a matrix may take before its middle is elided.
  package var rows: Int
  /// Decimals of every number of a matrix.
  package var precision: Int
  package var color: ColorDepth
  /// Cells of matrices coloured by value.
  package var heat: Bool
  /// Brackets, plots and margins in ASCII.
  package var ascii: Bool
  /// How names are shown: as the report at hand says.
  var naming = Naming.standard

  package init(
    width: Int = 80, rows: Int = 24, precision: Int = 4, color: ColorDepth = .none, heat: Bool = false,
    ascii: Bool = false
  ) {
    self.width = width
    self.rows = rows
    self.precision = precision
    self.color = color
    self.heat = heat
    self.ascii = ascii
  }

  /// Narrower than this nothing is readable; wider is no window.
  var usableWidth: Int { max(20, min(width, 10_000)) }
  /// Lines for a value under its title, the next prompt still in sight.
  var usableRows: Int { max(12, min(rows, 1_000_000)) - 4 }
  var usablePrecision: Int { max(0, min(precision, 17)) }
  var paint: Paint { Paint(depth: color) }

  /// Lines ended by a newline each; empty for an empty report.
  package func render(_ report: Report) -> String {
    var text = ""
    var renderer = self
    renderer.naming = report.naming
    for block in report.blocks {
      if case .naming(let naming) = block { renderer.naming = naming ?? report.naming }
      for line in renderer.lines(of: block) where !Interruption.isRequested {
        text += line
        text += "\n"
      }
    }
    return text
  }

  /// Names and formulas as they are shown here.
  func printed(_ prose: Prose) -> String { prose.text(naming, precision: usablePrecision) }

  /// The same, safe to send to a terminal.
  func safe(_ prose: Prose) -> String { VisibleText.of(printed(prose)) }

  func lines(of block: Report.Block) -> [String] {
    switch block {
    case .tensor(let block): return block.isDrawn ? tensorLines(block) : []
    case .text(let text, let style):
      return DisplayWidth.safeLines(printed(text)).flatMap { line in
        let lead = line.prefix { $0 == " " }.count
        return DisplayWidth.wrap(line, width: usableWidth, indent: lead + 2)
      }.map { styled($0, style) }
    case .paragraph(let text, let indent):
      let indent = max(0, min(indent, usableWidth / 2))
      return DisplayWidth.safeLines(printed(text)).flatMap { line in
        DisplayWidth.wrap(DisplayWidth.spaces(indent) + line, width: usableWidth, indent: indent)
      }
    case .table(let table): return tableLines(table)
    case .preformatted(let lines): return lines.flatMap { DisplayWidth.safeLines(printed($0)) }
    case .plot(let plot): return plotLines(plot)
    case .blackboard(let lines): return blackboardLines(lines)
    case .blank: return [""]
    case .naming: return []
    case .failure(let diagnostic, let prompt):
      return render(diagnostic, prompt: prompt, isEchoed: true).split(separator: "\n").map(String.init)
    }
  }

  private func styled(_ line: String, _ style: Report.Style) -> String {
    switch style {
    case .plain: line
    case .heading: paint(line, .heading)
    case .note: paint(line, .note)
    case .warning: paint(line, .warning)
    case .success: paint(line, .success)
    case .failure: paint(line, .failure)
    case .formula: paint(line, .formula)
    }
  }

  // MARK: Tables

  func tableLines(_ table: Report.Table) -> [String] {
    let rows = ([table.header] + table.rows).map { $0.map(safe) }
    let columns = rows.map(\.count).max() ?? 0
    guard columns > 0 else { return [] }
    var widths = (0..<columns).map { column in
      min(usableWidth, rows.map { column < $0.count ? DisplayWidth.of($0[column]) : 0 }.max() ?? 0)
    }
    let gap = 2
    func start(_ column: Int) -> Int { widths.prefix(column).reduce(0) { $0 + $1 + gap } }
    let last = columns - 1
    // The last column keeps a third of the window; the widest before it are cut for that.
    let least = min(widths[last], usableWidth / 3)
    while start(last) + least > usableWidth,
      let widest = widths.indices.dropLast().max(by: { widths[$0] < widths[$1] }), widths[widest] > 1
    {
      widths[widest] -= 1
    }
    widths[last] = min(widths[last], max(1, usableWidth - start(last)))

    var lines: [String] = []
    for (number, row) in rows.enumerated() {
      if number == 0 && row.allSatisfy(\.isEmpty) { continue }
      var line = ""
      for column in 0..<last {
        let cell = DisplayWidth.cut(column < row.count ? row[column] : "", to: widths[column])
        line += DisplayWidth.padded(cell, to: widths[column], right: table.rightAligned.contains(column))
        line += DisplayWidth.spaces(gap)
      }
      let final = DisplayWidth.wrap(last < row.count ? row[last] : "", width: widths[last])
      for (part, text) in final.enumerated() {
        var whole = part == 0 ? line : DisplayWidth.spaces(start(last))
        whole += DisplayWidth.padded(text, to: widths[last], right: table.rightAligned.contains(last))
        while whole.last == " " { whole.removeLast() }
        if DisplayWidth.of(whole) > usableWidth { whole = DisplayWidth.cut(whole, to: usableWidth) }
        lines.append(number == 0 ? paint(whole, .heading) : whole)
      }
    }
    return lines
  }
}
