import LinearAlgebra

/// A table of text as numbers: all of it, or a column.
package struct CSVTable {
  private let path: String
  /// Of the columns; empty without a header.
  package let names: [String]
  private let width: Int
  private var cells: [Double] = []
  /// Columns in which text stands, with its place and what to do about it.
  private var texts: [Int: (text: String, line: Int, advice: String?)] = [:]

  init(_ path: String) throws(DataError) {
    self.path = path
    let file = try InputFile(path)
    var scanner = CSVScanner(try file.bytes(at: 0, count: file.size), path: path)
    var fields: [CSVScanner.Field] = []
    guard try scanner.nextRecord(&fields) else { throw DataError("the file is empty", path: path, line: 1) }
    width = fields.count
    let isHeader = fields.allSatisfy { scanner.number($0) == nil }
    names = isHeader ? fields.map { scanner.text($0) } : []
    var hasRecord = isHeader ? try scanner.nextRecord(&fields) : true
    while hasRecord {
      try DataError.checkInterruption()
      guard fields.count == width else {
        throw DataError(
          "this line has \(fields.count) fields, the lines above have \(width)", path: path,
          line: scanner.line,
          column: min(fields.count, width) + 1)
      }
      guard cells.count < Shape.largestCount else {
        throw DataError("more than \(Shape.largestCount) numbers", path: path, line: scanner.line)
      }
      if cells.count & 0xFFFF < width { try DataError.check(memory: 16 * cells.count) }
      for (column, field) in fields.enumerated() {
        let number = scanner.number(field)
        if number == nil, texts[column] == nil {
          let text = scanner.text(field)
          texts[column] = (text, scanner.line, scanner.advice(on: text))
        }
        cells.append(number ?? .nan)
      }
      hasRecord = try scanner.nextRecord(&fields)
    }
    guard !cells.isEmpty else {
      throw DataError(
        "there is no row of numbers in it", path: path, line: 1,
        hint: "a table has numbers in its lines; only the first may hold the names of its columns")
    }
  }

  private var rows: Int { width == 0 ? 0 : cells.count / width }

  private func demandNumbers(_ column: Int) throws(DataError) {
    guard let (text, line, advice) = texts[column] else { return }
    throw DataError(
      text.isEmpty ? "the value is missing" : "'\(text.prefix(20))' is not a number", path: path, line: line,
      column: column + 1,
      hint: text.isEmpty
        ? "fill the gap or remove the line"
        : advice
          ?? "one column: load(\"\(path)\")[\"\(names.first ?? "0")\"]; 'data csv \(path)' reads labels that are text"
    )
  }

  func all() throws(DataError) -> FileArray {
    for column in 0..<width { try demandNumbers(column) }
    return FileArray(
      tensor: Tensor(unchecked: [rows, width], cells), isWhole: cells.allSatisfy(Self.isWhole))
  }

  /// By name, else by number from 0.
  func column(_ name: String) throws(DataError) -> FileArray {
    guard
      let column = names.firstIndex(of: name) ?? Int(name).flatMap({ (0..<width).contains($0) ? $0 : nil })
    else {
      throw DataError(
        "there is no column '\(name.prefix(60))'", path: path,
        hint: names.isEmpty
          ? "there is no header: columns are \"0\" to \"\(width - 1)\""
          : "the columns are \(DataError.list(names))")
    }
    try demandNumbers(column)
    let values = (0..<rows).map { cells[$0 * width + column] }
    return FileArray(tensor: Tensor(unchecked: [rows], values), isWhole: values.allSatisfy(Self.isWhole))
  }

  private static func isWhole(_ x: Double) -> Bool { x == x.rounded() && abs(x) < 0x1p53 }
}
