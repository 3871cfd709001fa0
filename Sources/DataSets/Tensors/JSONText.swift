/// A value in JSON (RFC 8259). Numbers stay as they are written.
package indirect enum JSONText {
  case object([(name: String, value: JSONText)])
  case array([JSONText])
  case text(String)
  case number(String)
  case other

  /// - Parameters:
  ///   - offset: where the bytes begin in the file.
  ///   - what: what they are, as messages call them.
  package static func parse(
    _ bytes: [UInt8], path: String, offset: Int, named what: String = "the header"
  ) throws(DataError) -> JSONText {
    var parser = JSONTextParser(bytes: bytes, path: path, offset: offset, what: what)
    let value = try parser.value(depth: 0)
    guard parser.peek() == nil else { throw parser.error("there is text behind \(what)") }
    return value
  }

  /// A text or a number, as it is written.
  package var word: String? {
    switch self {
    case .text(let word), .number(let word): word
    case .object, .array, .other: nil
    }
  }
}

private struct JSONTextParser {
  let bytes: [UInt8]
  let path: String
  let offset: Int
  private let what: String
  private var position = 0

  init(bytes: [UInt8], path: String, offset: Int, what: String) {
    self.what = what
    self.bytes = bytes
    self.path = path
    self.offset = offset
  }

  func error(_ message: String) -> DataError {
    DataError(message, path: path, byteOffset: offset + position)
  }

  /// The next byte that is not blank.
  mutating func peek() -> UInt8? {
    while position < bytes.count, [0x20, 0x0A, 0x0D, 0x09].contains(bytes[position]) { position += 1 }
    return position < bytes.count ? bytes[position] : nil
  }

  private mutating func accept(_ character: Unicode.Scalar) -> Bool {
    guard peek() == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ character: Unicode.Scalar) throws(DataError) {
    guard accept(character) else { throw error("\(what) is broken: '\(character)' expected here") }
  }

  mutating func value(depth: Int) throws(DataError) -> JSONText {
    guard depth < 8 else { throw error("\(what) is nested too deeply") }
    switch peek() {
    case UInt8(ascii: "{"):
      position += 1
      var fields: [(name: String, value: JSONText)] = []
      if accept("}") { return .object([]) }
      repeat {
        let name = try text()
        try expect(":")
        fields.append((name, try value(depth: depth + 1)))
      } while accept(",")
      try expect("}")
      return .object(fields)
    case UInt8(ascii: "["):
      position += 1
      var items: [JSONText] = []
      if accept("]") { return .array([]) }
      repeat { items.append(try value(depth: depth + 1)) } while accept(",")
      try expect("]")
      return .array(items)
    case UInt8(ascii: "\""): return .text(try text())
    case let digit? where digit == UInt8(ascii: "-") || (digit >= 0x30 && digit <= 0x39):
      return .number(try number())
    default:
      for word in ["true", "false", "null"] where bytes[position...].starts(with: word.utf8) {
        position += word.utf8.count
        return .other
      }
      throw error("\(what) is broken: a value expected here")
    }
  }

  private mutating func number() throws(DataError) -> String {
    let start = position
    while position < bytes.count, "+-.eE0123456789".utf8.contains(bytes[position]), position - start < 40 {
      position += 1
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    guard Double(text) != nil else { throw error("a number in \(what) is too large, or none") }
    return text
  }

  private mutating func text() throws(DataError) -> String {
    try expect("\"")
    var result: [UInt8] = []
    while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
      let byte = bytes[position]
      guard byte >= 0x20 else { throw error("\(what) is broken: a control character in a name") }
      position += 1
      guard byte == UInt8(ascii: "\\") else {
        result.append(byte)
        continue
      }
      guard position < bytes.count else { break }
      let escaped = bytes[position]
      position += 1
      switch escaped {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): result.append(escaped)
      case UInt8(ascii: "n"): result.append(0x0A)
      case UInt8(ascii: "t"): result.append(0x09)
      case UInt8(ascii: "r"): result.append(0x0D)
      case UInt8(ascii: "b"): result.append(0x08)
      case UInt8(ascii: "f"): result.append(0x0C)
      case UInt8(ascii: "u"):
        guard position + 4 <= bytes.count,
          let code = UInt32(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16)
        else { throw error("\(what) is broken: four digits expected behind \\u") }
        position += 4
        result += Array(String(Unicode.Scalar(code) ?? "\u{FFFD}").utf8)
      default: throw error("\(what) is broken: an unknown character behind \\")
      }
    }
    try expect("\"")
    return String(decoding: result, as: UTF8.self)
  }
}
