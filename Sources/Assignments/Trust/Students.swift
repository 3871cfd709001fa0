import Formulas
import Lessons
import Sessions

/// The students of a course, as a table of theirs lists them.
package struct Student: Sendable, Hashable {
  package let id: String
  package let name: String
  /// What their files are called: letters, digits, and nothing that a file system or a shell takes for more.
  package let file: String

  /// As ids are compared: a student may write it in another case.
  static func key(_ id: String) -> String { LessonParser.safe(id).trimmed.lowercased() }
}

package enum Students {
  private static let ids = [
    "id", "student id", "student", "sid", "student number", "matriculation number", "login", "username",
    "user",
    "email", "e-mail", "email address", "mail",
  ]
  private static let names = ["name", "full name", "student name"]
  private static let parts = [
    ["first name", "given name", "firstname"], ["last name", "surname", "family name", "lastname"],
  ]

  /// The column of a student's id, or nil.
  static func column(in header: [String]) -> Int? {
    let header = header.map { $0.trimmed.lowercased() }
    return ids.lazy.compactMap { header.firstIndex(of: $0) }.first
  }

  /// - Parameter text: a CSV file; the first line names the columns, or the first column is the id and the second the name.
  package static func parse(_ text: String, file: String) throws(Diagnostic) -> [Student] {
    let rows = CSVRows.parse(text)
    guard let first = rows.first else { throw Diagnostic("'\(file)' lists no students") }
    let header = first.fields.map { $0.trimmed.lowercased() }
    let idColumn = column(in: first.fields)
    let nameColumns: [Int]
    if idColumn != nil {
      nameColumns =
        names.lazy.compactMap { header.firstIndex(of: $0) }.first.map { [$0] }
        ?? parts.compactMap { words in header.firstIndex { words.contains($0) } }
    } else {
      nameColumns = [1]
    }
    var result: [Student] = []
    var lines: [String: Int] = [:]
    var files: Set<String> = []
    for row in rows.dropFirst(idColumn == nil ? 0 : 1) {
      func field(_ column: Int) -> String {
        row.fields.indices.contains(column)
          ? String(LessonParser.safe(row.fields[column]).trimmed.prefix(200)) : ""
      }
      let id = field(idColumn ?? 0)
      guard !id.isEmpty, !row.isDamaged else {
        throw Diagnostic(
          "line \(row.line) of '\(file)' \(row.isDamaged ? "has an open quotation mark" : "has no id")")
      }
      if let other = lines.updateValue(row.line, forKey: Student.key(id)) {
        throw Diagnostic("'\(id)' stands in lines \(other) and \(row.line) of '\(file)'")
      }
      let name = nameColumns.map(field).filter { !$0.isEmpty }.joined(separator: " ")
      result.append(Student(id: id, name: name.isEmpty ? id : name, file: fileName(id, &files)))
    }
    guard !result.isEmpty else { throw Diagnostic("'\(file)' lists no students") }
    return result
  }

  private static func fileName(_ id: String, _ taken: inout Set<String>) -> String {
    let plain = String(
      id.map { $0.isASCII && ($0.isLetter || $0.isNumber || "._-@+".contains($0)) ? $0 : "_" })
    var name = String(plain.drop { ".-".contains($0) }.prefix(60))
    if name != id || taken.contains(name.lowercased()) {
      name += "-" + Secret.hexadecimal(Array(KeyedHash.sha256(Array(id.utf8)).prefix(4)))
    }
    taken.insert(name.lowercased())
    return name
  }
}
