import Formulas

/// A strict JSON parser for the tests. Source: RFC 8259. Nothing is repaired: what the grammar does not allow
/// throws, duplicate keys too.
package enum JSONValue {
  case null, bool(Bool), number(Double), string(String), array([JSONValue]), object([String: JSONValue])

  package struct Failure: Error { let position: Int }

  package init(_ text: String) throws {
    var parser = Parser(bytes: Array(text.utf8))
    self = try parser.value()
    parser.skipSpace()
    guard parser.position == parser.bytes.count else { throw Failure(position: parser.position) }
  }

  package var object: [String: JSONValue]? { if case .object(let value) = self { value } else { nil } }
  package var array: [JSONValue]? { if case .array(let value) = self { value } else { nil } }
  package var number: Double? { if case .number(let value) = self { value } else { nil } }
  package var string: String? { if case .string(let value) = self { value } else { nil } }

  private struct Parser {
    let bytes: [UInt8]
    var position = 0

    var next: UInt8? { position < bytes.count ? bytes[position] : nil }
    var failure: Failure { Failure(position: position) }

    mutating func skipSpace() {
      while let byte = next, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { position += 1 }
    }

    mutating func take(_ text: String) -> Bool {
      guard bytes[position...].starts(with: text.utf8) else { return false }
      position += text.utf8.count
      return true
    }

    mutating func value() throws -> JSONValue {
      skipSpace()
      defer { skipSpace() }
      if take("null") { return .null }
      if take("true") { return .bool(true) }
      if take("false") { return .bool(false) }
      if next == UInt8(ascii: "\"") { return .string(try string()) }
      if take("[") {
        var result: [JSONValue] = []
        skipSpace()
        if take("]") { return .array([]) }
        repeat { result.append(try value()) } while take(",")
        guard take("]") else { throw failure }
        return .array(result)
      }
      if take("{") {
        var result: [String: JSONValue] = [:]
        skipSpace()
        if take("}") { return .object([:]) }
        repeat {
          skipSpace()
          let key = try string()
          skipSpace()
          guard take(":"), result[key] == nil else { throw failure }
          result[key] = try value()
        } while take(",")
        guard take("}") else { throw failure }
        return .object(result)
      }
      return .number(try number())
    }

    mutating func digits() throws {
      let start = position
      while let byte = next, (0x30...0x39).contains(byte) { position += 1 }
      guard position > start else { throw failure }
    }

    mutating func number() throws -> Double {
      let start = position
      _ = take("-")
      if !take("0") { try digits() }
      if take(".") { try digits() }
      if take("e") || take("E") {
        if !take("+") { _ = take("-") }
        try digits()
      }
      guard let value = Double(String(decoding: bytes[start..<position], as: UTF8.self)) else {
        throw failure
      }
      return value
    }

    mutating func string() throws -> String {
      guard take("\"") else { throw failure }
      var result: [UInt8] = []
      while let byte = next, byte != UInt8(ascii: "\"") {
        guard byte >= 0x20 else { throw failure }
        position += 1
        guard byte == UInt8(ascii: "\\") else {
          result.append(byte)
          continue
        }
        let escapes: [(String, UInt8)] = [
          ("\"", 0x22), ("\\", 0x5C), ("/", 0x2F), ("b", 8), ("f", 12), ("n", 10), ("r", 13), ("t", 9),
        ]
        if let escape = escapes.first(where: { take($0.0) }) {
          result.append(escape.1)
        } else if take("u"), position + 4 <= bytes.count,
          let code = UInt32(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16),
          let scalar = Unicode.Scalar(code)
        {
          position += 4
          result += Array(String(Character(scalar)).utf8)
        } else {
          throw failure
        }
      }
      guard take("\""), let text = String(validating: result, as: UTF8.self) else { throw failure }
      return text
    }
  }
}
