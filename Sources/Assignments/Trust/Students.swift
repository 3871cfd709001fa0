import Formulas
import Lessons
import Platform
import Sessions

/// The students of a course, as a table of theirs lists them.
package struct Student: Sendable, Hashable {
  package let id: String
  package let name: String
  /// What else the list has that may stand in the place of the id: a number beside an address.
  let aliases: [String]
  /// What their files are called: letters, digits, and nothing that a file system or a shell takes for more.
  package let file: String

  /// As ids are compared: a student may write it in another case.
  static func key(_ id: String) -> String { LessonParser.safe(id).trimmed.lowercased() }
}

package enum Students {
  /// Letters alone, as exports of Moodle, Canvas and spreadsheets have them, also in German.
  private static let ids = [
    "id", "studentid", "student", "sid", "studentnumber", "matriculationnumber", "matrikelnummer",
    "matrikelnr",
    "idnumber", "idnummer", "login", "loginid", "sisloginid", "username", "user", "benutzername",
    "anmeldename",
    "nutzername", "kennung", "email", "emailaddress", "emailadresse", "mail",
  ]
  private static let names = ["name", "fullname", "studentname", "vollständigername"]
  private static let parts = [
    ["firstname", "givenname", "vorname"], ["lastname", "surname", "familyname", "nachname", "familienname"],
  ]

  private static func plain(_ header: [String]) -> [String] {
    header.map { $0.lowercased().filter(\.isLetter) }
  }

  /// The columns that may hold a student's id, the likeliest first.
  static func columns(in header: [String]) -> [Int] {
    let header = plain(header)
    return ids.compactMap { header.firstIndex(of: $0) }
  }

  /// Of a list, as whichever program saved it.
  static func text(of path: String) throws(Diagnostic) -> String {
    guard let bytes = FileAccess.bytes(of: path, Answers.longestTable), !OutputFolder.isFolder(path) else {
      return try FileAccess.read(path)
    }
    let text = TextBytes.text(bytes)
    guard !text.utf8.contains(0) else { throw Diagnostic("'\(path)' is no list of students: it is no text") }
    return text
  }

  /// - Parameter text: a CSV file; the first line names the columns, or the first column is the id and the second the name.
  package static func parse(_ text: String, file: String) throws(Diagnostic) -> [Student] {
    let rows = CSVRows.parse(text)
    guard let first = rows.first else { throw Diagnostic("'\(file)' lists no students") }
    let header = plain(first.fields)
    var nameColumns =
      names.firstResult { header.firstIndex(of: $0) }.map { [$0] }
      ?? parts.compactMap { words in header.firstIndex { words.contains($0) } }
    // Beside names the other column is the id, whatever it is called.
    let idColumns = columns(in: first.fields)
    let idColumn =
      idColumns.first
      ?? (nameColumns.isEmpty ? nil : header.indices.first { !nameColumns.contains($0) } ?? 0)
    if idColumn == nil { nameColumns = [1] }
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
      let aliases = idColumns.dropFirst().map(field).filter { !$0.isEmpty }
      result.append(
        Student(id: id, name: name.isEmpty ? id : name, aliases: aliases, file: fileName(id, &files)))
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
