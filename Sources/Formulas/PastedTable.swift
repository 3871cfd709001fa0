/// Numbers in lines without brackets, as pandas, MATLAB, Octave, Julia and R print them and as spreadsheets are copied. What
/// stands around the numbers (names of columns, an index, `Columns 1 through 8`, `dtype: float64`) is taken off and
/// said; what may be either is refused.
package struct PastedTable {
  /// The formula that the table is, and what was left out of it.
  package struct Reading: Sendable, Equatable {
    package let formula: String
    package let leftOut: [String]
  }

  /// Whether the first line behind a `=` is one of a table and no formula: several numbers without an operator between
  /// them, or what a program prints above them.
  package static func begins(_ line: Substring) -> Bool {
    let line = PastedLine(line, at: 0)
    switch line.kind {
    case .size, .columns, .scale, .rLabels, .slice: return true
    case .dtype, .blank, .rule, .frame: return false
    case .cells where line.isFramed: return false
    case .cells:
      let cells = line.cells
      if cells.count > 1, cells.allSatisfy({ $0.isNumber || $0.isMissing || $0.isElided }) { return true }
      // The name of pandas' one column, as far right as its numbers will stand.
      if cells.count == 1, cells[0].text == "0", line.indent >= 8 { return true }
      return cells.count > 1 && line.indent > 1 && cells.allSatisfy(\.isWord)
    }
  }

  /// One number and nothing else: no table after all.
  package var isNumber: Bool {
    let rows = lines.filter { $0.kind != .blank }
    return rows.count == 1 && rows[0].kind == .cells && rows[0].cells.count == 1 && rows[0].cells[0].isNumber
  }

  /// Whether a line directly behind a `=` at the end of a line is one of a table: a number alone is one, too.
  package static func beginsBelow(_ line: Substring) -> Bool {
    let read = PastedLine(line, at: 0)
    guard case .cells = read.kind else { return begins(line) }
    let isName = { (cell: PastedLine.Cell) in
      cell.isWord || cell.isUnit || read.separator != nil && cell.text.isEmpty
    }
    return read.cells.allSatisfy {
      $0.isNumber || $0.isMissing || $0.isElided || read.separator == "|" && $0.text.isEmpty
    }
      || read.cells.allSatisfy(isName) && (read.cells.count > 1 || read.indent > 1)
      || read.isNamedRow
      || (read.hasCommas || read.separator == ";")
        && line.allSatisfy { $0.isNumber || $0.isWhitespace || "+-.,;".contains($0) }
  }

  private var lines: [PastedLine] = []
  private var text = 0

  package init() {}

  package mutating func append(_ line: Substring) {
    lines.append(PastedLine(line, at: text))
    text += line.count + 1
  }

  /// Whether a row of numbers has been read since the last line that announces more columns.
  private var hasRows: Bool {
    let last = lines.lastIndex { $0.isAnnouncement } ?? -1
    return lines.dropFirst(last + 1).contains { $0.kind == .rLabels || $0.isRow }
  }

  package var isEmpty: Bool { lines.allSatisfy { $0.kind == .blank } }

  /// Whether the blank line that was read last ends the table; otherwise the next line decides.
  package var isAtEnd: Bool {
    if lines.count > 1, lines.suffix(2).allSatisfy({ $0.kind == .blank }) { return true }
    return hasRows && !lines.contains { $0.kind == .columns || $0.goesOn || $0.isSlice }
  }

  /// Whether a line belongs to the table.
  package func takes(_ line: Substring) -> Bool {
    let next = PastedLine(line, at: 0)
    if lines.last?.kind == .blank, hasRows {
      return next.kind == .columns || next.isSlice || lines.contains { $0.goesOn } && next.indent > 0
    }
    let cells = lines.filter { $0.kind == .cells }
    if next.kind != .cells || cells.isEmpty { return true }
    // One word may be the name of a column and is a formula where no row follows it.
    if cells.count == 1, cells[0].cells.count == 1, !cells[0].isRow {
      return next.cells.count > 1 || next.cells.first?.isNumber == true
    }
    // A word begins the next command, unless it is the name of a row or no row has come yet.
    return next.cells.first?.isWord != true || !hasRows || next.isNamedRow
  }

  // MARK: Reading

  /// - Throws: with the place in all lines together, one character between two.
  package func read() throws(Diagnostic) -> Reading? {
    let told = lines.filter { $0.kind != .blank }
    if told.count == 1, told[0].kind == .cells, !told[0].isRow { return nil }
    var blocks: [PastedBlock] = []
    var current: [PastedLine] = []
    var (scale, size, isSeries): (String?, [Int]?, Bool) = (nil, nil, false)
    func ended() throws(Diagnostic) {
      if !current.isEmpty { blocks.append(try PastedBlock(current, isSeries: isSeries, names: names)) }
      current = []
    }
    isSeries = lines.contains { $0.kind == .dtype }
    if lines.contains(where: \.isSlice) { return try readSlices() }
    var names: PastedLine?
    for line in lines {
      switch line.kind {
      case .blank: if current.contains(where: \.isRow) { try ended() }
      case .columns: try ended()
      case .scale: scale = line.cells.first?.number
      case .size(let counts): size = counts
      case .dtype, .slice, .frame: break
      case .rule:
        guard let last = current.popLast(), current.isEmpty, blocks.isEmpty,
          last.cells.first?.text.isEmpty == true || !last.cells.contains(where: \.isNumber)
        else {
          throw Diagnostic(
            "names of columns or a row of numbers?", at: [line.range],
            hint: "the rows without the line of dashes are read as they stand")
        }
        names = last
      case .cells, .rLabels: current.append(line)
      }
    }
    try ended()
    guard var rows = blocks.first?.rows else {
      throw Diagnostic(
        "no row of numbers follows", at: [lines.last?.range ?? 0..<1], hint: PastedBlock.wayOut)
    }
    for block in blocks.dropFirst() {
      guard block.rows.count == rows.count else {
        throw Diagnostic(
          "these columns have \(block.rows.count) rows and the ones above \(rows.count)",
          at: [block.place], hint: PastedBlock.wayOut)
      }
      rows = zip(rows, block.rows).map { $0 + $1 }
    }
    var formula = Self.formula(
      rows, isVector: blocks[0].isVector || size?.count == 1,
      isMatrix: size?.count == 2 || !blocks[0].leftOut.isEmpty)
    if let size, size.checkedProduct != rows.reduce(0, { $0 + $1.count }) {
      let said = size.map(String.init).joined(separator: "×")
      throw Diagnostic(
        "the first line says \(said), and \(rows.reduce(0) { $0 + $1.count }) numbers stand below it",
        at: [lines[0].range], hint: "paste all of the print")
    }
    if let scale { formula = "\(scale) * \(formula)" }
    return Reading(formula: formula, leftOut: blocks[0].leftOut)
  }

  /// Matrices below one another, along the last of three axes.
  private func readSlices() throws(Diagnostic) -> Reading {
    var slices: [[[String]]] = []
    var current: [PastedLine] = []
    func ended() throws(Diagnostic) {
      if !current.isEmpty { slices.append(try PastedBlock(current, isSeries: false).rows) }
      current = []
    }
    for line in lines {
      switch line.kind {
      case .slice(let number):
        try ended()
        guard number == slices.count + 1 else {
          throw Diagnostic(
            "slice \(number) follows slice \(slices.count)", at: [line.range], hint: PastedBlock.wayOut)
        }
      case .cells: current.append(line)
      case .blank, .size, .frame: break
      case .columns, .scale, .dtype, .rLabels, .rule:
        throw Diagnostic(
          "this print of three axes is broken into parts", at: [line.range],
          hint: "save it and use load(\"FILE.npy\"), or paste one [:, :, 1] after the other")
      }
    }
    try ended()
    guard let first = slices.first, slices.allSatisfy({ $0.map(\.count) == first.map(\.count) }) else {
      throw Diagnostic(
        "the slices are not of one shape", at: [lines.first?.range ?? 0..<1], hint: PastedBlock.wayOut)
    }
    let rows = first.indices.map { i in
      "["
        + first[i].indices.map { j in "[" + slices.map { $0[i][j] }.joined(separator: ", ") + "]" }
        .joined(separator: ", ") + "]"
    }
    return Reading(formula: "[" + rows.joined(separator: ", ") + "]", leftOut: [])
  }

  private static func formula(_ rows: [[String]], isVector: Bool, isMatrix: Bool) -> String {
    let lists = rows.map { "[" + $0.joined(separator: ", ") + "]" }
    if isVector { return "[" + rows.joined().joined(separator: ", ") + "]" }
    if rows.count == 1, !isMatrix { return rows[0].count == 1 ? rows[0][0] : lists[0] }
    return "[" + lists.joined(separator: ", ") + "]"
  }
}
