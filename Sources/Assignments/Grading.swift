import Formulas
import LinearAlgebra
import Platform
import Reports
import Sessions

/// Marks what came back, for every student of the list.
package enum Grading {
  package static let usage =
    "grade ANSWERS… [--key DIR] [--out DIR] [--assignment FILE] [--students LIST.csv] [--secret FILE]"
  package static let options = ["key", "out", "assignment", "students", "secret"]

  package static func run(_ words: [String], progress: ((String) -> Void)?) throws(Diagnostic) -> Report {
    let options = try Options(words, known: Self.options, usage: usage)
    guard !options.files.isEmpty else { throw Options.wrong("grade which answers?", usage) }
    for path in options.files where !FileAccess.exists(path) {
      throw Diagnostic("there are no answers '\(path)'")
    }
    let key = options["key"].map(Folders.init) ?? found(beside: options.files)
    func path(_ option: String, _ own: (Folders) -> String) throws(Diagnostic) -> String {
      if let path = options[option] { return path }
      guard let key else {
        throw Options.wrong("which assignment? --key names the folder that 'assign' has made", usage)
      }
      return own(key)
    }
    let file = try path("assignment") { $0.assignment }
    let text = try FileAccess.read(file)
    let assignment = AssignmentText(text)
    try Assigning.refuse(assignment.faults, of: file)
    let list = try path("students") { $0.students }
    let students = try Students.parse(try Students.text(of: list), file: list)
    let secret = try Secret(file: try path("secret") { $0.secret })
    let handedOut: HandedOut?
    if let key { handedOut = try HandedOut(in: key, secret) } else { handedOut = nil }
    let isChanged = handedOut.map { !$0.isOf(text, secret) } ?? false
    let out = Folders(try path("out") { $0.marks }).root
    var handedIn = HandedIn(students, out: out)
    for path in options.files { try handedIn.add(path) }
    if isChanged {
      handedIn.note(
        "the assignment was changed after its pages were written: the numbers are the same, and marks follow what it says now"
      )
    }
    try makeFolders(out)
    var header = ""
    let marked = try SideBySide.map(students.count, progress) { (index) throws(Diagnostic) -> [String] in
      let student = students[index]
      let sheet = try Sheet.draw(assignment, secret: secret, student: student.id)
      try handedOut?.check(sheet, of: student, secret, isChanged: isChanged)
      if index == 0 {
        header = CSVRows.line(
          ["student"] + sheet.questions.map { "q\($0.number)" } + ["points", "of", "status"])
      }
      var (answers, reason, problems) = handedIn.answers(of: index)
      if answers?.given.values.allSatisfy(Answers.isBlank) == true { (answers, reason) = (nil, "left blank") }
      guard let answers else {
        let row = [student.id] + sheet.questions.map { _ in "" } + ["", Worth.text(sheet.points), reason]
        return [CSVRows.line(row), "0"] + problems
      }
      let results = Results(
        student: student, sheet: sheet, answers: answers, marks: Marking.marks(of: answers, on: sheet))
      try Interruption.check()
      try FileAccess.write(results.page.html, to: "\(out)/students/\(student.file).html", isFlushed: false)
      try FileAccess.write(results.gradescope, to: "\(out)/gradescope/\(student.file).json", isFlushed: false)
      try FileAccess.write(results.otter, to: "\(out)/otter/\(student.file).json", isFlushed: false)
      let row =
        [student.id] + results.marks.map { Worth.text($0.points) } + [
          Worth.text(results.points), Worth.text(sheet.points), "marked",
        ]
      let entries = zip(results.marks, sheet.questions).map { ClassSummary.Entry($0, of: $1).text }
      return [CSVRows.line(row), "\(entries.count)"] + entries + problems
    }
    var summary = ClassSummary()
    var written: Set<String> = []
    for (student, facts) in zip(students, marked) {
      let entries = facts.dropFirst(2).prefix(Int(facts[1]) ?? 0)
      for problem in facts.dropFirst(2 + entries.count) { handedIn.note(problem) }
      guard !entries.isEmpty else { continue }
      summary.add(entries.compactMap(ClassSummary.Entry.init))
      written.insert(student.file)
    }
    let table = header + marked.map { $0[0] }.joined()
    let count = written.count
    removeOthers(than: written, in: out)
    try FileAccess.write(table, to: out + "/marks.csv")
    try FileAccess.write(
      summary.markdown(title: assignment.title, problems: handedIn.problems), to: out + "/summary.md")
    var report = Report()
    report.say("\(assignment.title): \(count) of \(students.count) students marked", .success)
    report.append(summary.report)
    for problem in handedIn.problems.prefix(20) { report.say("\(problem)", .warning) }
    if handedIn.problems.count > 20 {
      report.note("and \(handedIn.problems.count - 20) more in \(out)/summary.md")
    }
    report.note("written to \(out): students/, marks.csv, summary.md, gradescope/, otter/")
    report.scalar("marked", Double(count))
    report.scalar("problems", Double(handedIn.problems.count))
    return report
  }

  private static let folders = [("gradescope", ".json"), ("otter", ".json"), ("students", ".html")]

  /// - Throws: where one of them is there and was made by somebody else: it may hold the pages that were handed out.
  private static func makeFolders(_ out: String) throws(Diagnostic) {
    guard !FileAccess.exists(out + "/students") || FileAccess.exists(out + "/gradescope") else {
      throw Diagnostic(
        "'\(out)/students' is there, and 'grade' has not made it", hint: "--out names another folder")
    }
    if !FileAccess.exists(out) { try OutputFolder.make(out, isPrivate: true) }
    for (folder, _) in folders { try OutputFolder.make(out + "/" + folder, isPrivate: true) }
  }

  /// What was marked before and is not any more.
  private static func removeOthers(than written: Set<String>, in out: String) {
    for (folder, ending) in folders {
      for name in FileAccess.list("\(out)/\(folder)")
      where name.hasSuffix(ending) && !written.contains(String(name.dropLast(ending.count))) {
        unlink("\(out)/\(folder)/\(name)")
      }
    }
  }

  /// The folder that 'assign' has made, where the answers lie in it or beside it.
  private static func found(beside files: [String]) -> Folders? {
    for file in files {
      var path = FileAccess.absolute(file)
      for _ in 0..<4 {
        if FileAccess.exists(Folders(path).assignment) { return Folders(path) }
        guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { break }
        path = String(path[..<slash])
      }
    }
    return nil
  }
}
