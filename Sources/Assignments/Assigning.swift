import Exports
import Formulas
import Lessons
import LinearAlgebra
import Reports
import Sessions

/// Writes an assignment for every student of a list: a page to work on in each form, and for the teacher the key.
package enum Assigning {
  package static let usage = "assign FILE --students LIST.csv --out DIR [--secret FILE]"

  package static func run(_ words: [String], progress: ((String) -> Void)?) throws(Diagnostic) -> Report {
    let options = try Options(words, known: ["students", "out", "secret"], usage: usage)
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
    let listed = try FileAccess.read(list)
    let students = try Students.parse(listed, file: list)
    let folders = Folders(out)
    if !FileAccess.list(out).isEmpty, !FileAccess.exists(folders.assignment) {
      throw Diagnostic("'\(out)' is there, and 'assign' has not made it", hint: "--out names a new folder")
    }
    try OutputFolder.make(folders.pages)
    try OutputFolder.make(folders.teacher, isPrivate: true)
    try OutputFolder.make(folders.keys, isPrivate: true)
    let secretFile = options["secret"] ?? folders.secret
    try Secret.make(at: secretFile)
    let secret = try Secret(file: secretFile)
    var seen: [String: String] = [:]
    var twins: [(String, String)] = []
    var points = 0.0
    var memory = Solution.Memory()
    for (index, student) in students.enumerated() {
      try Interruption.check()
      progress?("\(index) of \(students.count) students")
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
      if assignment.isDrawn, let other = seen.updateValue(student.id, forKey: sheet.fingerprint) {
        twins.append((other, student.id))
      }
      let page = sheet.page(for: student)
      let path = folders.pages + "/" + student.file
      try FileAccess.write(page.markdown, to: path + ".md")
      try FileAccess.write(page.html, to: path + ".html")
      try FileAccess.write(page.latex, to: path + ".tex")
      try FileAccess.write(
        sheet.key(for: student, &memory).html, to: folders.keys + "/" + student.file + ".html")
    }
    progress?("")
    try FileAccess.write(text, to: folders.assignment)
    try FileAccess.write(listed, to: folders.students)
    var report = Report()
    report.say(
      "\(assignment.title): pages for \(students.count) student\(students.count == 1 ? "" : "s"), \(Worth.text(points)) points each",
      .success)
    report.say("  \(folders.pages): to hand out, .md to answer in, .html for the screen, .tex for paper")
    report.say("  \(folders.teacher): for you alone, the keys and what 'grade' needs")
    report.say("  the numbers follow from \(secretFile): keep it, and keep it to yourself")
    if let (a, b) = twins.first {
      report.say(
        "\(twins.count) student\(twins.count == 1 ? " has" : "s have") the numbers of another, first \(a) and \(b): draw from more",
        .warning)
    }
    return report
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
  var marks: String { root + "/marks" }
}
