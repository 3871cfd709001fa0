/// The picture that a terminal would show for what a program wrote: enough of a VT100 for a line editor.
///
/// Colours are dropped. Every character takes one cell. A character in the last column leaves the cursor
/// there until the next one, as xterm does.
struct TerminalScreen {
  private(set) var columns: Int
  private(set) var rows: Int
  private(set) var row = 0
  private(set) var column = 0
  private var cells: [[Unicode.Scalar]]
  /// What is shown again when the other screen is left.
  private var before: (cells: [[Unicode.Scalar]], row: Int, column: Int)?
  /// An escape sequence that has not ended yet.
  private var sequence: String.UnicodeScalarView?

  init(columns: Int, rows: Int) {
    self.columns = columns
    self.rows = rows
    cells = Array(repeating: Array(repeating: " ", count: columns), count: rows)
  }

  /// The lines, without the blanks at their ends.
  var lines: [String] {
    cells.map { row in
      var text = String.UnicodeScalarView(row)
      while text.last == " " { text.removeLast() }
      return String(text)
    }
  }

  /// All lines down to the last that shows something, joined by line ends.
  var text: String {
    var shown = lines
    while shown.last?.isEmpty == true { shown.removeLast() }
    return shown.joined(separator: "\n")
  }

  mutating func resize(columns: Int, rows: Int) {
    while row >= rows { scroll() }
    cells = (0..<rows).map { index in
      let old = index < cells.count ? cells[index] : []
      return Array((old + Array(repeating: " ", count: columns)).prefix(columns))
    }
    self.columns = columns
    self.rows = rows
    column = min(column, columns)
  }

  mutating func write(_ scalar: Unicode.Scalar) {
    if var pending = sequence {
      pending.append(scalar)
      sequence = pending
      let isControl = pending.first == "["
      let ends =
        isControl ? pending.count > 1 && ("@"..."~").contains(scalar) : !"()".unicodeScalars.contains(scalar)
      if ends {
        sequence = nil
        if isControl { perform(pending) }
      }
      return
    }
    switch scalar {
    case "\u{1B}": sequence = .init()
    case "\r": column = 0
    case "\n": lineFeed()
    case "\u{8}": column = max(0, min(column, columns - 1) - 1)
    case "\u{0}"..."\u{1F}", "\u{7F}": break
    default:
      if column >= columns {
        column = 0
        lineFeed()
      }
      cells[row][column] = scalar
      column += 1
    }
  }

  private mutating func lineFeed() {
    row += 1
    if row >= rows { scroll() }
  }

  private mutating func scroll() {
    cells.removeFirst()
    cells.append(Array(repeating: " ", count: columns))
    row -= 1
  }

  private mutating func perform(_ sequence: String.UnicodeScalarView) {
    let parameters = String(sequence.dropFirst().dropLast())
    let numbers = parameters.split(separator: ";", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
    let count = max(1, numbers.first ?? 1)
    let mode = numbers.first ?? 0
    switch sequence.last {
    case "h" where parameters == "?1049": before = (cells, row, column)
    case "l" where parameters == "?1049":
      guard let before, before.cells.count == rows, before.cells.first?.count == columns else { return }
      (cells, row, column) = before
    case "A": row = max(0, row - count)
    case "B": row = min(rows - 1, row + count)
    case "C": column = min(columns - 1, column + count)
    case "D": column = max(0, min(column, columns - 1) - count)
    case "G": column = min(columns, count) - 1
    case "H":
      row = min(rows, count) - 1
      column = min(columns, max(1, numbers.count > 1 ? numbers[1] : 1)) - 1
    case "K":
      blank(row, from: mode == 0 ? column : 0, to: mode == 1 ? column + 1 : columns)
    case "J":
      if mode == 0 { blank(row, from: column, to: columns) }
      for other in mode == 0 ? (row + 1)..<max(rows, row + 1) : 0..<rows {
        blank(other, from: 0, to: columns)
      }
    case "P":
      let rest = cells[row].dropFirst(column + count)
      cells[row] = Array(
        (cells[row].prefix(column) + rest + Array(repeating: " ", count: columns)).prefix(columns))
    case "@":
      let blanks = Array(repeating: Unicode.Scalar(" "), count: count)
      cells[row] = Array((cells[row].prefix(column) + blanks + cells[row].dropFirst(column)).prefix(columns))
    default: break
    }
  }

  private mutating func blank(_ row: Int, from start: Int, to end: Int) {
    for column in max(0, start)..<max(0, start, min(end, columns)) { cells[row][column] = " " }
  }
}
