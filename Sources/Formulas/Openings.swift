extension Lexer {
  /// 1 for what opens a bracket, -1 for what closes one, in order. A matrix of LaTeX lasts from its \begin to its \end, and
  /// braces are brackets where nothing but numbers stands in them. By bytes: a line may have a hundred thousand.
  package static func openings(_ text: String) -> [Int] {
    let bytes = text.utf8
    let behind =
      bytes.lastIndex(of: UInt8(ascii: "=")).map { text[bytes.index(after: $0)...] } ?? text[...]
    let areNumbers =
      behind.utf8.contains { $0 == UInt8(ascii: "{") || $0 == UInt8(ascii: "}") }
      ? isNumbersInBraces(behind) : false
    var depths: [Int] = []
    for (i, byte) in zip(bytes.indices, bytes) {
      switch byte {
      case UInt8(ascii: "("), UInt8(ascii: "["): depths.append(1)
      case UInt8(ascii: ")"), UInt8(ascii: "]"): depths.append(-1)
      case UInt8(ascii: "{") where areNumbers: depths.append(1)
      case UInt8(ascii: "}") where areNumbers: depths.append(-1)
      case UInt8(ascii: "\\") where text[i...].hasPrefix("\\begin{"): depths.append(1)
      case UInt8(ascii: "\\") where text[i...].hasPrefix("\\end{"): depths.append(-1)
      default: break
      }
    }
    return depths
  }
}
