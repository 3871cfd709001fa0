/// Rows of a pasted table that stand side by side: the numbers, without the names above and before them.
struct PastedBlock {
  static let wayOut: Prose =
    "print the numbers alone: df.to_numpy() in pandas; rows between [ and ] are read as they stand"

  private(set) var rows: [[String]] = []
  private(set) var leftOut: [String] = []
  /// A Series, or a vector of R's.
  private(set) var isVector = false
  let place: Range<Int>

  /// - Parameter isSeries: what stands first in each row is an index.
  /// - Parameter names: the line of names above them, where the print itself says that it is one.
  init(_ lines: [PastedLine], isSeries: Bool, names: PastedLine? = nil) throws(Diagnostic) {
    place = lines.first?.range ?? 0..<1
    for line in lines {
      if let elided = line.cells.first(where: \.isElided) {
        throw Diagnostic(
          "this print leaves entries out (\(elided.text))", at: [elided.range],
          hint:
            "print all of it (pandas: print(df.to_string()), MATLAB: disp(X)), or save it and use load(\"FILE\"): df.to_csv(\"x.csv\")"
        )
      }
    }
    var body = lines
    if lines[0].kind == .rLabels || lines.dropFirst().first?.kind == .rLabels {
      try self.readR(lines)
      return
    }
    var header = names
    if header == nil { header = try Self.header(&body) }
    let indexName = body.first.flatMap { line in
      line.cells.count == 1 && !line.isRow && body.count > 1 && body[1].cells.count > 1 ? line : nil
    }
    if indexName != nil { body.removeFirst() }
    if let second = body.first, !second.isRow, header != nil {
      throw Diagnostic("this is neither a row of numbers nor a name", at: [second.range], hint: Self.wayOut)
    }
    try Self.checkCommas(body)
    let count = body.first?.cells.count ?? 0
    for line in body where line.cells.count != count {
      throw Diagnostic(
        "this row has \(line.cells.count) entries and the first \(count)", at: [line.range], hint: Self.wayOut
      )
    }
    let showsIndex = try Self.hasIndex(body, header)
    let hasIndex = isSeries || indexName != nil || showsIndex
    if !hasIndex { try Self.refuseIndex(body, header) }
    if let header {
      leftOut.append("the names " + header.cells.map(\.text).filter { !$0.isEmpty }.joined(separator: ", "))
    }
    if hasIndex { leftOut.append("the index") }
    isVector = isSeries && count == 2
    for line in body { rows.append(try Self.numbers(hasIndex ? line.cells.dropFirst() : line.cells[...])) }
  }

  private static func numbers(_ cells: ArraySlice<PastedLine.Cell>) throws(Diagnostic) -> [String] {
    var result: [String] = []
    for cell in cells {
      guard let number = cell.number else {
        let what = cell.text.isEmpty ? "nothing" : cell.text
        throw Diagnostic(
          cell.isMissing || cell.text.isEmpty
            ? "\(what) stands where a number is expected" : "'\(what)' is no number", at: [cell.range],
          hint: cell.text.contains(",")
            ? "numbers are written with a point and without marks between thousands: 1234.5"
            : cell.isMissing || cell.text.isEmpty
              ? "put a number in its place (df.fillna(0)); between [ and ] nan is read"
              : "leave what is no number out: df.select_dtypes(\"number\").to_numpy()")
      }
      result.append(number)
    }
    guard !result.isEmpty else {
      throw Diagnostic("a row without numbers", at: [cells.first?.range ?? 0..<1], hint: wayOut)
    }
    return result
  }

  /// The line of names above the numbers, taken off: without a number, or one entry shorter and behind the first column.
  private static func header(_ body: inout [PastedLine]) throws(Diagnostic) -> PastedLine? {
    guard body.count > 1, let first = body.first?.cells, let last = body.last, last.isRow else { return nil }
    let isAbove =
      last.separator == nil && first.count == last.cells.count - 1 && first[0].start >= last.cells[0].end
    guard isAbove || !first.contains(where: { $0.isNumber || $0.isNearlyNumber }) else { return nil }
    return body.removeFirst()
  }

  /// Whether the first column is one of names or positions, as the lines themselves show it.
  private static func hasIndex(_ body: [PastedLine], _ header: PastedLine?) throws(Diagnostic) -> Bool {
    let firsts = body.compactMap(\.cells.first)
    if let cell = firsts.first(where: { $0.isNearlyNumber && $0.text.contains { "_x".contains($0) } }) {
      throw Diagnostic(
        "'\(cell.text)' is no number", at: [cell.range], hint: "numbers are written 1234.5 and 2e-5")
    }
    let isNamed = firsts.map { !$0.isNumber && !$0.isNearlyNumber && !$0.isMissing && !$0.text.isEmpty }
    if isNamed.count > 1, isNamed[0], !isNamed.dropFirst().contains(true) {
      throw Diagnostic(
        "names of columns or a row with a name?", at: [body[0].range], hint: Self.wayOut)
    }
    if isNamed.contains(true) { return true }
    guard let header, let title = header.cells.first, let count = body.first?.cells.count else {
      return false
    }
    if header.separator != nil { return title.text.isEmpty }
    if header.cells.count == count - 1 { return true }
    // Columns end where their titles do, and a blank stands between two.
    if firsts.allSatisfy({ title.start > $0.end }) { return true }
    // pandas writes positions, and the name of the columns above them, to the left and two blanks before the next.
    return title.start == 0 && header.cells.count > 1 && header.cells[1].start > title.end + 1
      && firsts.allSatisfy { $0.start == 0 && Int($0.text) != nil }
      && !firsts.allSatisfy { $0.end == title.end }
  }

  /// Refuses a first column, or a first row, that counts 0, 1, 2, … and may be an index.
  private static func refuseIndex(_ body: [PastedLine], _ header: PastedLine?) throws(Diagnostic) {
    guard body.count > 1, let first = body.first, first.cells.count > 1 else { return }
    func counts(_ cells: [PastedLine.Cell]) -> Bool {
      cells.enumerated().allSatisfy { Int($1.text) == $0 }
    }
    let rest = body.dropFirst()
    if counts(first.cells), rest.allSatisfy({ $0.cells.allSatisfy { $0.text.contains(".") } }) {
      throw Diagnostic(
        "the first row counts 0, 1, 2, …: names of columns or numbers?", at: [first.range], hint: wayOut)
    }
    guard first.separator == nil else { return }
    let isApart = body.allSatisfy {
      $0.indent == 0 && $0.cells[1].start > $0.cells[0].end + (header == nil ? 1 : 0)
    }
    if counts(body.compactMap(\.cells.first)), isApart {
      throw Diagnostic(
        "the first column counts 0, 1, 2, …: an index or numbers?", at: body.compactMap(\.cells.first?.range),
        hint: wayOut)
    }
  }

  /// `1,234` may be one number or two.
  private static func checkCommas(_ body: [PastedLine]) throws(Diagnostic) {
    for line in body where line.hasCommas {
      for cell in line.cells where cell.text.contains(where: \.isWhitespace) && !cell.isWord {
        throw Diagnostic(
          "'\(cell.text)' may be one number or two: commas and blanks both separate here", at: [cell.range],
          hint: "numbers are written with a point and without marks between thousands: 1234.5")
      }
    }
    let pairs = body.filter(\.hasCommas).flatMap { line in
      zip(line.cells, line.cells.dropFirst()).map { ($0, $1) }
    }
    let thousands = pairs.filter { left, right in
      left.end + 1 == right.start && right.text.prefix { $0 != "." }.count == 3
        && right.text.allSatisfy { $0.isNumber || $0 == "." } && Int(left.text).map { $0 != 0 } == true
    }
    // All commas, or some where others have a blank behind them.
    guard let first = thousands.first,
      thousands.count == pairs.count || pairs.contains(where: { $0.end + 1 < $1.start })
    else { return }
    throw Diagnostic(
      "'\(first.0.text),\(first.1.text)' may be one number or two",
      at: [first.0.range.lowerBound..<first.1.range.upperBound],
      hint:
        "two numbers have a blank behind the comma; one is written without: \(first.0.text)\(first.1.text)")
  }

  /// `[1,] 0.1 0.2` below `[,1] [,2]`, or a vector that goes on behind `[9]`.
  private mutating func readR(_ lines: [PastedLine]) throws(Diagnostic) {
    for line in lines where line.kind == .rLabels {
      if line.cells.allSatisfy(\.isRLabel) || line.cells[0].text.hasPrefix("[,") { continue }
      rows.append(try Self.numbers(line.cells.dropFirst()))
    }
    isVector = !(lines.last?.cells.first?.text.contains(",") ?? false)
    guard let count = rows.first?.count, isVector || rows.allSatisfy({ $0.count == count }) else {
      throw Diagnostic("the rows are not of one length", at: [place], hint: Self.wayOut)
    }
  }
}
