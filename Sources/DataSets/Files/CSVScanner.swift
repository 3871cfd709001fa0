import LinearAlgebra

/// Fields and records of RFC 4180, plus: `;` or a tab as separator, or blanks between numbers as `numpy.savetxt` writes
/// them; blank lines and lines starting with `#` skipped, a byte-order mark skipped.
struct CSVScanner {
  struct Field {
    /// Bytes of the content, quotes excluded, surrounding blanks trimmed when there are none.
    var range: Range<Int>
    /// The content has doubled quotes.
    var hasEscapes = false
  }

  let bytes: [UInt8]
  let path: String
  private(set) var separator: UInt8
  private var position: Int
  /// 1-based line where the last record began.
  private(set) var line = 0
  private var nextLine = 1

  private static let longestField = 1 << 16
  private static let mostFields = 1 << 20
  private static let blank = UInt8(ascii: " ")
  private static let newline = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")
  private static let quote = UInt8(ascii: "\"")

  init(_ bytes: [UInt8], path: String) {
    self.bytes = bytes
    self.path = path
    position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    separator = CSVScanner.separator(of: bytes)
    if hasBlanksBetweenNumbers { separator = CSVScanner.blank }
  }

  /// Whether the first line that counts is numbers with blanks between them and nothing else.
  private var hasBlanksBetweenNumbers: Bool {
    var copy = self
    copy.skipEmptyLines()
    let line = bytes[copy.position...].prefix { $0 != CSVScanner.newline && $0 != CSVScanner.carriageReturn }
    let words = line.prefix(1 << 20).split(separator: CSVScanner.blank)
    return words.count > 1 && words.allSatisfy { number(Field(range: $0.indices)) != nil }
  }

  /// What to say of a field that is no number for its commas, or for another line's separator.
  func advice(on text: String) -> String? {
    let separators: [UInt8: String] = [
      UInt8(ascii: ","): "commas", UInt8(ascii: ";"): "semicolons", UInt8(ascii: "\t"): "tabs",
      CSVScanner.blank: "blanks",
    ]
    if Double(String(text.map { $0 == "," ? "." : $0 })) != nil {
      return
        "a number has a point here and no comma: in Python, pandas.read_csv(FILE, sep=\";\", decimal=\",\") reads it, and to_csv(FILE, index=False) writes what is read here"
    }
    let parts = text.split { ",;\t ".contains($0) }
    guard parts.count > 1, parts.allSatisfy({ Double($0) != nil }) else { return nil }
    return "columns are separated by \(separators[separator] ?? "commas") here, as in the first line"
  }

  /// The most frequent of comma, semicolon and tab in the first line, quoted parts left out.
  private static func separator(of bytes: [UInt8]) -> UInt8 {
    let candidates = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")]
    var counts = [0, 0, 0]
    var isQuoted = false
    for byte in bytes.prefix(1 << 20) {
      if byte == newline, !isQuoted, counts.contains(where: { $0 > 0 }) { break }
      if byte == quote { isQuoted.toggle() }
      if !isQuoted, let i = candidates.firstIndex(of: byte) { counts[i] += 1 }
    }
    return zip(counts, candidates).max { $0.0 < $1.0 }?.0 == counts[0]
      ? candidates[0] : (counts[1] >= counts[2] ? candidates[1] : candidates[2])
  }

  /// The fields of the next record; false at the end.
  mutating func nextRecord(_ fields: inout [Field]) throws(DataError) -> Bool {
    fields.removeAll(keepingCapacity: true)
    skipEmptyLines()
    guard position < bytes.count else { return false }
    line = nextLine
    while true {
      let field = try nextField(fields.count + 1)
      guard field.range.count <= CSVScanner.longestField else {
        throw DataError(
          "this field is \(field.range.count) bytes long", path: path, line: line, column: fields.count + 1,
          hint: "columns are separated by commas, semicolons or tabs")
      }
      guard fields.count < CSVScanner.mostFields else {
        throw DataError("more than \(CSVScanner.mostFields) columns", path: path, line: line)
      }
      fields.append(field)
      guard position < bytes.count else { return true }
      let byte = bytes[position]
      position += 1
      if byte == separator { continue }
      // nextField stops at a separator, a line end or the end alone.
      nextLine += 1
      return true
    }
  }

  private mutating func skipEmptyLines() {
    while position < bytes.count {
      var end = position
      let isComment = bytes[position] == UInt8(ascii: "#")
      while end < bytes.count, bytes[end] != CSVScanner.newline,
        isComment || bytes[end] == 0x20 || bytes[end] == CSVScanner.carriageReturn
      { end += 1 }
      guard end == bytes.count || bytes[end] == CSVScanner.newline else { return }
      position = min(end + 1, bytes.count)
      nextLine += 1
    }
  }

  /// Several blanks separate as one does, and those at the end of a line separate nothing.
  private func pastBlanks(_ end: Int) -> Int {
    var next = end
    while next < bytes.count, bytes[next] == CSVScanner.blank || bytes[next] == CSVScanner.carriageReturn {
      next += 1
    }
    return next == bytes.count || bytes[next] == CSVScanner.newline ? next : max(end, next - 1)
  }

  private mutating func nextField(_ column: Int) throws(DataError) -> Field {
    var start = position
    while start < bytes.count, bytes[start] == 0x20 { start += 1 }
    guard start < bytes.count, bytes[start] == CSVScanner.quote else {
      var end = start
      while end < bytes.count, bytes[end] != separator, bytes[end] != CSVScanner.newline { end += 1 }
      position = separator == CSVScanner.blank ? pastBlanks(end) : end
      while end > start, bytes[end - 1] == 0x20 || bytes[end - 1] == CSVScanner.carriageReturn { end -= 1 }
      return Field(range: min(start, end)..<end)
    }
    var field = Field(range: start..<start)
    var end = start + 1
    while true {
      guard end < bytes.count else {
        throw DataError("the quoted field is never closed", path: path, line: line, column: column)
      }
      if bytes[end] == CSVScanner.newline { nextLine += 1 }
      if bytes[end] == CSVScanner.quote {
        guard end + 1 < bytes.count, bytes[end + 1] == CSVScanner.quote else { break }
        field.hasEscapes = true
        end += 1
      }
      end += 1
    }
    field.range = start + 1..<end
    position = end + 1
    while position < bytes.count, bytes[position] != separator, bytes[position] != CSVScanner.newline {
      guard bytes[position] == 0x20 || bytes[position] == CSVScanner.carriageReturn else {
        throw DataError(
          "there is text behind the closing quote", path: path, line: line, column: column,
          hint: "a quote inside a quoted field is written twice")
      }
      position += 1
    }
    return field
  }

  /// The content as text. Control characters become U+FFFD: names end up in a terminal.
  func text(_ field: Field) -> String {
    let raw = String(decoding: bytes[field.range], as: UTF8.self)
    var text = ""
    var wasQuote = false
    for scalar in raw.unicodeScalars {
      if field.hasEscapes, scalar == "\"", !wasQuote {
        wasQuote = true
        continue
      }
      wasQuote = false
      text.unicodeScalars.append(scalar.properties.generalCategory == .control ? "\u{FFFD}" : scalar)
    }
    return text
  }

  /// The content as a finite number, or nil.
  func number(_ field: Field) -> Double? {
    let range = field.range
    var i = range.lowerBound
    guard i < range.upperBound, range.count <= 400 else { return nil }
    let isNegative = bytes[i] == UInt8(ascii: "-")
    if isNegative || bytes[i] == UInt8(ascii: "+") { i += 1 }
    // Clinger's fast path: a mantissa below 2⁵³ and a power of ten up to 10²² are exact doubles, so one division
    // rounds correctly. Everything else goes through the standard library.
    var mantissa = 0
    var digits = 0
    var fraction = 0
    var sawPoint = false
    while i < range.upperBound {
      let byte = bytes[i]
      if byte >= 0x30, byte <= 0x39, digits < 15 {
        mantissa = mantissa * 10 + Int(byte - 0x30)
        digits += 1
        if sawPoint { fraction += 1 }
      } else if byte == 0x2E, !sawPoint {
        sawPoint = true
      } else {
        return slowNumber(field)
      }
      i += 1
    }
    guard digits > 0 else { return nil }
    let magnitude = Double(mantissa) / CSVScanner.powersOfTen[fraction]
    return isNegative ? -magnitude : magnitude
  }

  private static let powersOfTen: [Double] = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
  ]

  private func slowNumber(_ field: Field) -> Double? {
    // Only decimal notation: the standard library would also read hexadecimal, "nan" and "infinity".
    let allowed = bytes[field.range].allSatisfy { byte in
      (0x30...0x39).contains(byte) || [0x2B, 0x2D, 0x2E, 0x45, 0x65].contains(byte)
    }
    guard allowed, let value = Double(String(decoding: bytes[field.range], as: UTF8.self)), value.isFinite
    else { return nil }
    return value
  }
}
