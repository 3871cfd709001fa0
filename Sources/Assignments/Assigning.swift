import Exports
import Formulas
import Lessons
import LinearAlgebra
import Reports
import Sessions

/// Writes an assignment for every student of a list: a page to work on in each form, and for the teacher the key.
package enum Assigning {
  package static let usage = "assign FILE --students LIST.csv --out DIR [--secret FILE]"
  package static let options = ["students", "out", "secret"]
  private static let (kept, unset) = ("has answers", "has no LaTeX")

  package static func run(_ words: [String], progress: ((String) -> Void)?) throws(Diagnostic) -> Report {
    let options = try Options(words, known: Self.options, usage: usage)
    guard let file = options.files.first, options.files.count == 1 else {
      throw Options.wrong("assign which file?", usage)
    }
    guard let list = options["students"] else {
      throw Options.wrong("for whom? --students says in which list they stand", usage)
    }
    guard let out = options["out"] else { throw Options.wrong("into which folder? --out says it", usage) }
    let text = try FileAccess.read(file)
    let assignment = AssignmentText(text)
    try refuse(assignment.faults, of: file)
    let listed = try Students.text(of: list)
    let students = try Students.parse(listed, file: list)
    let folders = Folders(out)
    if !FileAccess.list(out).isEmpty, !FileAccess.exists(folders.assignment) {
      throw Diagnostic("'\(out)' is there, and 'assign' has not made it", hint: "--out names a new folder")
    }
    let secretFile = options["secret"] ?? folders.secret
    guard FileAccess.exists(secretFile) || !FileAccess.exists(folders.handedOut) else {
      throw Diagnostic(
        "the secret of the pages in '\(out)' is not there: '\(secretFile)'",
        hint: "put it back, or --out names a new folder: with another one everybody has other numbers")
    }
    try OutputFolder.make(folders.pages)
    try OutputFolder.make(folders.teacher, isPrivate: true)
    try OutputFolder.make(folders.keys, isPrivate: true)
    try Secret.make(at: secretFile)
    let secret = try Secret(file: secretFile)
    let before = try HandedOut(in: folders, secret)
    if before?.isOf(text, secret) != true { try checkEmpty(folders, students) }
    try FileAccess.write(text, to: folders.assignment)
    try FileAccess.write(listed, to: folders.students)
    var memory = Solution.Memory()
    var points = 0.0
    let written = try SideBySide.map(students.count, progress) { (index) throws(Diagnostic) in
      let student = students[index]
      let sheet: Sheet
      do throws(Diagnostic) { sheet = try Sheet.draw(assignment, secret: secret, student: student.id) } catch
      {
        var diagnostic = error
        diagnostic.message = "\(file): \(diagnostic.message)"
        throw diagnostic
      }
      if index == 0 {
        try refuse(sheet.questions.flatMap(\.faults), of: file)
        points = sheet.points
      }
      let page = sheet.page(for: student)
      let path = folders.pages + "/" + student.file
      let isKept = Answers.areWritten(in: path + ".md")
      if !isKept { try FileAccess.write(page.markdown, to: path + ".md", isFlushed: false) }
      try FileAccess.write(page.html, to: path + ".html", isFlushed: false)
      let isSet = LaTeXPrinter.isPrintable(student.name)
      try FileAccess.write(
        (isSet ? page : sheet.page(for: student, isNamed: false)).latex, to: path + ".tex", isFlushed: false)
      try FileAccess.write(
        sheet.key(for: student, &memory).html, to: folders.keys + "/" + student.file + ".html",
        isFlushed: false)
      return [
        sheet.fingerprint, HandedOut.hash(sheet, secret), isKept ? Self.kept : "", isSet ? "" : Self.unset,
      ]
    }
    var handedOut = HandedOut(secret, text)
    var seen: [String: String] = [:]
    var twins: [(String, String)] = []
    for (student, facts) in zip(students, written) {
      if assignment.isDrawn, let other = seen.updateValue(student.id, forKey: facts[0]) {
        twins.append((other, student.id))
      }
      handedOut.add(facts[1], for: student)
    }
    func ids(_ fact: String) -> [String] {
      zip(students, written).filter { $0.1.contains(fact) }.map(\.0.id)
    }
    let (kept, unset) = (ids(Self.kept), ids(Self.unset))
    try FileAccess.write(handedOut.text, to: folders.handedOut)
    var report = Report()
    report.say(
      "\(assignment.title): pages for \(students.count) student\(students.count == 1 ? "" : "s"), \(Worth.text(points)) points each",
      .success)
    report.say("  \(folders.pages): to hand out, .md to answer in, .html for the screen, .tex for paper")
    report.say("  \(folders.teacher): for you alone, the keys and what 'grade' needs")
    report.say("  the numbers follow from \(secretFile): keep it, and keep it to yourself")
    if let first = kept.first {
      report.note(
        "\(kept.count) page\(kept.count == 1 ? " has" : "s have") answers and \(kept.count == 1 ? "is" : "are") left as \(kept.count == 1 ? "it is" : "they are"), first \(first).md"
      )
    }
    if !unset.isEmpty {
      report.note(
        "LaTeX has no letters for the names of \(unset.prefix(5).joined(separator: ", "))\(unset.count > 5 ? ", …" : ""): their .tex bears the id alone"
      )
    }
    if let (a, b) = twins.first {
      report.say(
        "\(twins.count) student\(twins.count == 1 ? " has" : "s have") the numbers of another, first \(a) and \(b): draw from more",
        .warning)
    }
    return report
  }

  /// - Throws: where a page has answers that would be written over by one with other questions.
  private static func checkEmpty(_ folders: Folders, _ students: [Student]) throws(Diagnostic) {
    for student in students {
      let path = "\(folders.pages)/\(student.file).md"
      guard !Answers.areWritten(in: path) else {
        throw Diagnostic(
          "'\(path)' has answers, and the assignment is another one", hint: "--out names a new folder")
      }
    }
  }

  static func refuse(_ faults: [LessonFault], of file: String) throws(Diagnostic) {
    guard let first = faults.first else { return }
    let more = faults.dropFirst().prefix(5).map { "line \($0.line): \($0.message)" }
    throw Diagnostic(
      "\(first.text(file: file))", hint: more.isEmpty ? nil : "\(more.joined(separator: "; "))")
  }
}

/// Where the files of an assignment lie.
struct Folders {
  let root: String

  init(_ root: String) { self.root = root.count > 1 && root.hasSuffix("/") ? String(root.dropLast()) : root }

  var pages: String { root + "/students" }
  var teacher: String { root + "/teacher" }
  var keys: String { teacher + "/keys" }
  var assignment: String { teacher + "/assignment.md" }
  var students: String { teacher + "/students.csv" }
  var secret: String { teacher + "/secret" }
  var handedOut: String { teacher + "/handed-out.csv" }
  var marks: String { root + "/marks" }
}
