/// Rows of a table that strangers filled in (RFC 4180, also with `;` or tabs): it never fails, so that a quotation mark that
/// is not closed costs the row that it stands in.
struct CSVRows {
  struct Row: Equatable {
    let line: Int
    var fields: [String]
    var isDamaged = false
  }

  /// A field longer than this has lost its closing mark.
  private static let longestField = 1 << 16

  static func parse(_ text: String) -> [Row] {
    let bytes = Array(text.utf8)
    let separator = separator(bytes)
    var rows: [Row] = []
    var position = 0
    var line = 1
    while position < bytes.count {
      var row = Row(line: line, fields: [])
      repeat {
        if row.fields.count > 0 { position += 1 }
        row.fields.append(field(bytes, &position, &line, separator, &row.isDamaged))
      } while position < bytes.count && bytes[position] == separator && row.fields.count < 1000
      // What is left behind a quoted field, or too many fields.
      while position < bytes.count, bytes[position] != newline { position += 1 }
      position += 1
      line += 1
      if row.fields != [""] { rows.append(row) }
    }
    return rows
  }

  private static let newline = UInt8(ascii: "\n")
  private static let quote = UInt8(ascii: "\"")

  private static func separator(_ bytes: [UInt8]) -> UInt8 {
    let candidates = Array(",;\t".utf8)
    let head = bytes.prefix { $0 != newline }
    return candidates.max { a, b in head.count { $0 == a } < head.count { $0 == b } } ?? candidates[0]
  }

  private static func field(
    _ bytes: [UInt8], _ position: inout Int, _ line: inout Int, _ separator: UInt8, _ isDamaged: inout Bool
  ) -> String {
    if position < bytes.count, bytes[position] == quote {
      var result: [UInt8] = []
      var end = position + 1
      while end < bytes.count, end - position <= longestField {
        if bytes[end] == quote {
          guard end + 1 < bytes.count, bytes[end + 1] == quote else {
            line += result.count { $0 == newline }
            position = end + 1
            return String(decoding: result, as: UTF8.self)
          }
          end += 1
        }
        result.append(bytes[end])
        end += 1
      }
      isDamaged = true
    }
    let start = position
    while position < bytes.count, bytes[position] != separator, bytes[position] != newline { position += 1 }
    return String(decoding: bytes[start..<position].filter { $0 != 13 }, as: UTF8.self)
  }

  // MARK: Writing

  /// A cell that no spreadsheet takes for a formula. Source: OWASP, "CSV Injection".
  static func cell(_ text: String) -> String {
    let isFormula = text.unicodeScalars.first.map { "=+-@\t\r＝＋－＠".unicodeScalars.contains($0) } ?? false
    let safe = isFormula ? "'" + text : text
    guard safe.contains(where: { ",;\"'\n\r\t".contains($0) }) else { return safe }
    return "\"" + safe.replacing("\"", with: "\"\"") + "\""
  }

  static func line(_ cells: [String]) -> String { cells.map(cell).joined(separator: ",") + "\n" }
}
