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
  /// Nothing beyond ASCII.
  package var ascii: Bool
  /// Sentences in place of drawings.
  package var isSpoken: Bool
  /// What colours are to be told from; nil leaves them to the terminal's own sixteen.
  package var ground: Screen.Ground?
  /// How names are shown: as the report at hand says.
  var naming = Naming.standard

  package init(
    width: Int = 80, rows: Int = 24, precision: Int = 4, color: ColorDepth = .none, heat: Bool = false,
    ascii: Bool = false, isSpoken: Bool = false, ground: Screen.Ground? = nil
  ) {
    self.width = width
    self.rows = rows
    self.precision = precision
    self.color = color
    self.heat = heat
    self.ascii = ascii || isSpoken
    self.isSpoken = isSpoken
    self.ground = ground
  }

  /// Narrower than this nothing is readable; wider is no window.
  var usableWidth: Int { max(20, min(width, 10_000)) }
  /// Lines for a value under its title, the next prompt still in sight.
  var usableRows: Int { max(12, min(rows, 1_000_000)) - 4 }
  var usablePrecision: Int { max(0, min(precision, 17)) }
  var paint: Paint { Paint(depth: color, ground: ground) }

  /// Lines ended by a newline each; empty for an empty report.
  package func render(_ report: Report) -> String {
    var text = ""
    for piece in pieces(report) {
      for line in piece.lines {
        text += line
        text += "\n"
      }
    }
    return text
  }

  /// The lines of a report, those together that belong together.
  package func pieces(_ report: Report) -> [Piece] {
    var result: [Piece] = []
    var renderer = self
    renderer.naming = report.naming
    for block in report.blocks where !Interruption.isRequested {
      if case .naming(let naming) = block { renderer.naming = naming ?? report.naming }
      var lines = (isSpoken ? renderer.spokenLines(of: block) : renderer.lines(of: block))
      if ascii { lines = lines.map { ASCIIText.of($0) } }
      if Interruption.isRequested { lines = [] }
      if !lines.isEmpty { result.append(Piece(lines: lines, leads: leads(block))) }
    }
    return result
  }

  private func leads(_ block: Report.Block) -> Bool {
    switch block {
    case .text(_, style: .heading), .text(_, style: .formula): true
    case .text, .tensor, .paragraph, .table, .blackboard, .preformatted, .plot, .graph, .blank, .failure,
      .naming:
      false
    }
  }

  /// Names and formulas as they are shown here.
  func printed(_ prose: Prose) -> String {
    let text = prose.text(naming, precision: usablePrecision)
    return isSpoken ? SpokenText.of(text, naming) : ascii ? ASCIIText.of(text, naming) : text
  }

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
    case .preformatted(let lines):
      return lines.flatMap { DisplayWidth.safeLines(printed($0)) }.flatMap { line in
        DisplayWidth.wrap(line, width: usableWidth, indent: line.prefix { $0 == " " }.count + 2)
      }
    case .plot(let plot): return plotLines(plot)
    case .graph(let graph): return graphLines(graph)
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
}
