import Exports
import Formulas
import Sessions

/// What was handed out: of the secret, the assignment and of what each page gives a keyed hash. With it nobody is marked by
/// other numbers than those of their page. Without the secret it tells nothing.
struct HandedOut {
  private var hashes: [String: String] = [:]

  private static let (secret, assignment) = ("secret", "assignment")
  private static func page(_ student: Student) -> String { "page " + Student.key(student.id) }

  init(_ secret: Secret, _ assignment: String) {
    hashes[Self.secret] = secret.hash(Self.secret)
    hashes[Self.assignment] = secret.hash(assignment)
  }

  /// What `assign` has noted in a folder; nil where it has not.
  /// - Throws: where the secret is another one.
  init?(in folders: Folders, _ secret: Secret) throws(Diagnostic) {
    guard FileAccess.exists(folders.handedOut) else { return nil }
    for row in CSVRows.parse(try FileAccess.read(folders.handedOut)) where row.fields.count == 2 {
      hashes[row.fields[0]] = row.fields[1]
    }
    guard hashes[Self.secret] == secret.hash(Self.secret) else {
      throw Diagnostic(
        "the pages in '\(folders.root)' were made with another secret",
        hint: "put that one back: with this one everybody has other numbers")
    }
  }

  func isOf(_ assignment: String, _ secret: Secret) -> Bool {
    hashes[Self.assignment] == secret.hash(assignment)
  }

  static func hash(_ sheet: Sheet, _ secret: Secret) -> String { secret.hash(sheet.given) }

  /// - Parameter hash: of what the page gives.
  mutating func add(_ hash: String, for student: Student) { hashes[Self.page(student)] = hash }

  /// - Throws: where a student's page gave something else.
  func check(_ sheet: Sheet, of student: Student, _ secret: Secret, isChanged: Bool) throws(Diagnostic) {
    guard let hash = hashes[Self.page(student)], hash != Self.hash(sheet, secret) else { return }
    throw Diagnostic(
      "the page of \(student.id) gave other numbers than are drawn now",
      hint: isChanged
        ? "the assignment was changed after its pages were written: put it back; points, answers and words may change"
        : "another version of stepgrad wrote the pages: that one marks them")
  }

  var text: String {
    hashes.sorted { $0.key < $1.key }.map { CSVRows.line([$0.key, $0.value]) }.joined()
  }
}

extension Sheet {
  /// What the page gives: drawn numbers, equations and values, without its words.
  fileprivate var given: String {
    let blocks = parts.flatMap { part -> [Page.Block] in
      if case .shown(let blocks) = part { blocks } else { [] }
    }
    return fingerprint + Page(title: "", origin: "", blocks: blocks).markdown
  }
}
