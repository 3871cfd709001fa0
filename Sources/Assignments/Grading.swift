import Formulas
import LinearAlgebra
import Reports
import Sessions

/// Marks what came back, for every student of the list.
package enum Grading {
  package static let usage =
    "grade ANSWERS… [--key DIR] [--out DIR] [--assignment FILE] [--students LIST.csv] [--secret FILE]"

  package static func run(_ words: [String], progress: ((String) -> Void)?) throws(Diagnostic) -> Report {
    let options = try Options(words, known: ["key", "out", "assignment", "students", "secret"], usage: usage)
    guard !options.files.isEmpty else { throw Options.wrong("grade which answers?", usage) }
    let key = options["key"].map(Folders.init) ?? found(beside: options.files)
    func path(_ option: String, _ own: (Folders) -> String) throws(Diagnostic) -> String {
      if let path = options[option] { return path }
      guard let key else {
        throw Options.wrong("which assignment? --key names the folder that 'assign' has made", usage)
      }
      return own(key)
    }
    let file = try path("assignment") { $0.assignment }
    let assignment = AssignmentText(try FileAccess.read(file))
    try Assigning.refuse(assignment.faults, of: file)
    let list = try path("students") { $0.students }
    let students = try Students.parse(try FileAccess.read(list), file: list)
    let secret = try Secret(file: try path("secret") { $0.secret })
    let out = Folders(try path("out") { $0.marks }).root
    var handedIn = HandedIn(students)
    for path in options.files {
      guard FileAccess.exists(path) else { throw Diagnostic("there are no answers '\(path)'") }
      try handedIn.add(path)
    }
    for folder in ["students", "gradescope", "otter"] {
      try OutputFolder.make(out + "/" + folder, isPrivate: true)
    }
    var summary = ClassSummary()
    var table = ""
    var count = 0
    for (index, student) in students.enumerated() {
      try Interruption.check()
      progress?("\(index) of \(students.count) students")
      let sheet = try Sheet.draw(assignment, secret: secret, student: student.id)
      if table.isEmpty {
        table = CSVRows.line(
          ["student"] + sheet.questions.map { "q\($0.number)" } + ["points", "of", "status"])
      }
      let (answers, reason) = handedIn.answers(of: index)
      guard let answers else {
        table += CSVRows.line(
          [student.id] + sheet.questions.map { _ in "" } + ["", Worth.text(sheet.points), reason])
        continue
      }
      let results = Results(
        student: student, sheet: sheet, answers: answers, marks: Marking.marks(of: answers, on: sheet))
      try Interruption.check()
      summary.add(results.marks, on: sheet)
      count += 1
      table += CSVRows.line(
        [student.id] + results.marks.map { Worth.text($0.points) } + [
          Worth.text(results.points), Worth.text(sheet.points), "marked",
        ])
      try FileAccess.write(results.page.html, to: "\(out)/students/\(student.file).html")
      try FileAccess.write(results.gradescope, to: "\(out)/gradescope/\(student.file).json")
      try FileAccess.write(results.otter, to: "\(out)/otter/\(student.file).json")
    }
    progress?("")
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
