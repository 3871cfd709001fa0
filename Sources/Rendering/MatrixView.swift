import LinearAlgebra
import Reports

/// The part of a matrix that is drawn in one pair of brackets.
struct MatrixView {
  let grid: MatrixGrid
  let rows: [Int]
  let columns: [(index: Int, column: MatrixColumn)]
  /// Row sums for the margin, in the order of `rows`.
  let sums: MatrixColumn?
  /// Columns that are missing are marked by `…`; the chunks of a folded matrix have labels instead.
  let isElided: Bool

  /// Whether columns are left out before the given place; the place after the last one counts too.
  func hasGap(before place: Int) -> Bool {
    if place == 0 { return isElided && (columns.first?.index ?? 0) > 0 }
    if place == columns.count { return isElided && (columns.last?.index ?? 0) < grid.columns - 1 }
    return columns[place].index > columns[place - 1].index + 1
  }

  /// Cells side by side with two spaces between, the sign of a gap where columns are missing.
  func joined(gap: String, _ cell: (_ place: Int) -> String) -> String {
    var line = ""
    for place in columns.indices {
      if hasGap(before: place) { line += gap + "  " }
      line += cell(place)
      if place < columns.count - 1 || hasGap(before: columns.count) { line += " " }
    }
    return hasGap(before: columns.count) ? line + gap + " " : line
  }
}

extension TextRenderer {
  /// Margins, brackets, cells. A marked cell is followed by `*`, with colour too.
  func draw(_ view: MatrixView) -> [String] {
    let grid = view.grid
    var lines: [String] = []
    if let active = grid.activeColumn, view.columns.contains(where: { $0.index == active }) {
      var line = view.joined(gap: " ") { place in
        let item = view.columns[place]
        let isActive = item.index == active
        return item.column.sign(isActive ? (ascii ? "v" : "▾") : " ") + " "
      }
      while line.last == " " { line.removeLast() }
      lines.append(DisplayWidth.spaces(4) + paint(line, .active))
    }

    var body: [(content: String, position: Int?)] = []
    for (position, row) in view.rows.enumerated() {
      if row > (position == 0 ? 0 : view.rows[position - 1] + 1) {
        body.append(
          (view.joined(gap: ascii ? "." : "⋱") { view.columns[$0].column.sign(ascii ? ":" : "⋮") + " " }, nil)
        )
      }
      let content = view.joined(gap: ascii ? "." : "…") { place in
        let item = view.columns[place]
        let mark = grid.isMarked(row, item.index) ? paint("*", .mark) : " "
        return painted(item.column.text(position), grid, row, item.index) + mark
      }
      body.append((content, position))
    }

    for (number, item) in body.enumerated() {
      let (open, close) = brackets(number, of: body.count)
      let row = item.position.map { view.rows[$0] }
      let isActive = row != nil && row == grid.activeRow
      var line = isActive ? paint(ascii ? ">" : "▸", .active) + " " : matrixIndent
      line += open + " " + item.content + (grid.marked.isEmpty ? "" : " ") + close
      if let sums = view.sums, let position = item.position {
        var sum = sums.text(position)
        while sum.last == " " { sum.removeLast() }
        line += "  " + paint(sumSign, .note) + " " + sum
      }
      lines.append(line)
    }
    return lines
  }

  var sumSign: String { ascii ? "sum" : "Σ" }

  private func painted(_ text: String, _ grid: MatrixGrid, _ row: Int, _ column: Int) -> String {
    guard color != .none else { return text }
    let value = grid.value(row, column)
    if heat && value.isFinite {
      return paint.heat(text, share: grid.format.largest > 0 ? value / grid.format.largest : 0)
    }
    if grid.isMarked(row, column) { return paint(text, .mark) }
    if row == grid.activeRow || column == grid.activeColumn { return paint(text, .active) }
    if !value.isFinite { return paint(text, .warning) }
    return value < 0 ? paint(text, .negative) : text
  }

  private func brackets(_ line: Int, of count: Int) -> (String, String) {
    if ascii || count == 1 { return ("[", "]") }
    if line == 0 { return ("⎡", "⎤") }
    return line == count - 1 ? ("⎣", "⎦") : ("⎢", "⎥")
  }
}
