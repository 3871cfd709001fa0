import Exports
import Formulas
import Lessons
import LinearAlgebra
import Platform
import Sessions
import TestSupport
import Testing

@testable import Assignments

/// What is there already: pages with answers, marks of before, a list of another program.
@Suite struct HandingOutTests {
  private static let assignment = SampleAssignment.product

  private let root: String

  init() throws {
    root = scratchFolder("hand")
    try FileAccess.write(Self.assignment, to: root + "/twice.md")
    try FileAccess.write("id,name,email\nada,Ada,ada@x.org\nbob,Bob,bob@x.org\n", to: root + "/class.csv")
    try assign()
  }

  @discardableResult private func assign(_ list: String = "class.csv") throws -> String {
    let report = try Assigning.run(
      ["\(root)/twice.md", "--students", "\(root)/\(list)", "--out", "\(root)/out"], progress: nil)
    return MarkWords.of(report, .standard).joined(separator: "\n")
  }

  @discardableResult private func grade(_ answers: String = "back", _ options: [String] = []) throws -> String
  {
    _ = try Grading.run(["\(root)/\(answers)", "--key", "\(root)/out"] + options, progress: nil)
    return try FileAccess.read(root + "/out/marks/marks.csv")
  }

  private func right(_ id: String) throws -> Int {
    let sheet = try Sheet.draw(
      AssignmentText(Self.assignment), secret: Secret(file: root + "/out/teacher/secret"), student: id)
    return try #require(sheet.questions[0].right?.scalarValue.flatMap { Int(exactly: $0) })
  }

  private func write(_ text: String, _ name: String) throws {
    try OutputFolder.make(root + "/back")
    try FileAccess.write(text, to: "\(root)/back/\(name)")
  }

  private func message(_ body: () throws -> Void) -> String {
    do {
      try body()
      return ""
    } catch { return (error as? Diagnostic).map { $0.message.text() + " " + ($0.hint?.text() ?? "") } ?? "?" }
  }

  @Test func answersAreNotWrittenOver() throws {
    let path = root + "/out/students/ada.md"
    let blank = try FileAccess.read(path)
    let filled = blank.replacing("```answer 1\n________", with: "```answer 1\n42")
    #expect(filled != blank)
    try FileAccess.write(filled, to: path)
    #expect(try assign().contains("1 page has answers and is left"))
    #expect(try FileAccess.read(path) == filled)
    // Of another assignment the page is another one.
    try FileAccess.write(Self.assignment.replacing("times", with: "by"), to: root + "/twice.md")
    #expect(message { try assign() }.contains("has answers, and the assignment is another one"))
    #expect(try FileAccess.read(path) == filled)
    try FileAccess.write(blank, to: path)
    try assign()
    #expect(try FileAccess.read(path).contains(" by "))
  }

  @Test func anotherSecretIsNoticed() throws {
    let secret = root + "/out/teacher/secret"
    let before = try FileAccess.read(secret)
    try write("Student: ada\n```answer 1\n\(right("ada"))\n```\n", "ada.md")
    try FileAccess.write("another secret of many letters\n", to: secret)
    #expect(message { try grade() }.contains("made with another secret"))
    #expect(message { try assign() }.contains("made with another secret"))
    unlink(secret)
    #expect(message { try grade() }.contains("there is no secret"))
    #expect(message { try assign() }.contains("the secret of the pages"))
    #expect(!FileAccess.exists(secret))
    try FileAccess.write(before, to: secret)
    chmod(secret, 0o600)
    #expect(try grade().contains("ada,1,1,1,marked"))
  }

  @Test func aChangedAssignmentIsNoticed() throws {
    let file = root + "/out/teacher/assignment.md"
    try write("Student: ada\n```answer 1\n\(right("ada"))\n```\n", "ada.md")
    try FileAccess.write(Self.assignment.replacing("answer:", with: "points: 3\nanswer:"), to: file)
    #expect(try grade().contains("ada,3,3,3,marked"))
    #expect(try FileAccess.read(root + "/out/marks/summary.md").contains("the assignment was changed"))
    try FileAccess.write(Self.assignment.replacing("11..99", with: "111..199"), to: file)
    #expect(message { try grade() }.contains("gave other numbers"))
  }

  @Test func marksAreThoseOfTheLastTime() throws {
    try write("Student: ada\n```answer 1\n\(right("ada"))\n```\n", "ada.md")
    try write("Student: bob\n```answer 1\n________\n```\n", "bob.md")
    #expect(try grade().hasSuffix("ada,1,1,1,marked\nbob,,,1,left blank\n"))
    let names = ["students/ada.html", "gradescope/ada.json", "otter/ada.json"].map {
      "\(root)/out/marks/\($0)"
    }
    #expect(names.allSatisfy(FileAccess.exists))
    try write("", "ada.md")
    #expect(try grade().contains("ada,,,1,damaged: it is empty"))
    #expect(!names.contains(where: FileAccess.exists))
  }

  @Test func marksStandApart() throws {
    try write("Student: ada\n```answer 1\n\(right("ada"))\n```\n", "ada.md")
    let page = try FileAccess.read(root + "/out/students/ada.html")
    #expect(message { try grade("back", ["--out", root + "/out"]) }.contains("'grade' has not made it"))
    #expect(try FileAccess.read(root + "/out/students/ada.html") == page)
    #expect(message { try grade("back", ["--out", root + "/back"]) }.contains("among the answers"))
    // In a folder among the answers they are none.
    for _ in 0..<2 {
      _ = try Grading.run(
        [root + "/back", "--key", root + "/out", "--out", root + "/back/result"], progress: nil)
      #expect(try FileAccess.read(root + "/back/result/marks.csv").contains("ada,1,1,1,marked"))
    }
  }

  /// A link in a student's archive leads back to everybody's answers.
  @Test func linksAreNotFollowed() throws {
    try write("Student: ada\n```answer 1\n\(right("ada"))\n```\n", "ada.md")
    try write("Student: bob\n```answer 1\n\(right("bob"))\n```\n", "bobs.md")
    try OutputFolder.make(root + "/back/bob")
    #expect(symlink("..", root + "/back/bob/all") == 0)
    #expect(symlink("../bobs.md", root + "/back/bob/bob.md") == 0)
    let table = try grade()
    #expect(table.contains("ada,1,1,1,marked") && table.contains("bob,1,1,1,marked"))
    let summary = try FileAccess.read(root + "/out/marks/summary.md")
    #expect(summary.contains("bob/all: it is a link") && summary.contains("bob.md: it is a link"))
    // What the teacher names is.
    #expect(symlink(root + "/back", root + "/there") == 0)
    #expect(try grade("there").contains("ada,1,1,1,marked"))
  }

  // MARK: Other programs

  /// Notepad's UTF-16, an old Macintosh's lines, Excel's Windows-1252.
  @Test func textsOfOtherSystems() throws {
    let text = "Student: ada\n\n```answer 1\n\(try right("ada"))\n```\n"
    let units = Array("\u{FEFF}\(text)".utf16)
    for bytes in [
      units.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] },
      units.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] },
      Array("\u{FEFF}\(text.replacing("\n", with: "\r\n"))".utf8), text.utf8.map { $0 == 10 ? 13 : $0 },
    ] {
      try OutputFolder.make(root + "/back")
      try FileAccess.write(bytes, to: root + "/back/ada.md")
      #expect(try grade().contains("ada,1,1,1,marked"))
    }
    // "Matrikelnummer;Nachname;Vorname" and "Müller" with one byte for ü.
    let list = "Matrikelnummer;Nachname;Vorname\r\n4711;M\u{FC}ller;J\u{F6}rg\r\n"
    let bytes = list.unicodeScalars.map { UInt8($0.value) }
    let student = try #require(Students.parse(TextBytes.text(bytes), file: "list").first)
    #expect(student.id == "4711" && student.name == "Jörg Müller")
    #expect(
      TextBytes.text([0x80, 0x93, 0x61]) == "€“a" && TextBytes.text(Array("ü\u{FFFD}".utf8)) == "ü\u{FFFD}")
  }

  /// Headers as Moodle's report of responses, Google's forms and a form in German have them.
  @Test func formsOfOtherPrograms() throws {
    let ada = try right("ada")
    for table in [
      "Last name,First name,ID number,Email address,State,Question 1,Response 1,Right answer 1\nL,Ada,ada,ada@x.org,Finished,What is it? 12,\(ada),7\n",
      "Timestamp,Email Address,1. What is it?\n2026/11/22 8:00,ADA@x.org ,\(ada)\n",
      "Zeitstempel;Nutzername;Frage 1\n22.11.2026;ada@x.org;\(ada)\n",
      "Start time,Who are you?,Q1\n1,ada,\(ada)\n",
      "Nachname;Anmeldename;Antwort 1;Q. 1 /1,00\nL;ada;\"\(ada),0\";0,5\n",
      "student\tq1\nada\t\(ada)\n",
    ] {
      try write(table, "form.csv")
      #expect(try grade().contains("ada,1,1,1,marked"), "\(table)")
    }
    try write("What,Which\n1,2\n", "form.csv")
    #expect(try grade().contains("ada,,,1,nothing handed in"))
    #expect(
      try FileAccess.read(root + "/out/marks/summary.md").contains("names no column with the student's id"))
  }

  @Test func aTableWithoutKnownHeadings() throws {
    #expect(try Students.parse("Kürzel;Name\nab1;Ada\n", file: "list").map(\.id) == ["ab1"])
    #expect(try Students.parse("ab1,Ada\nab2,Bob\n", file: "list").map(\.name) == ["Ada", "Bob"])
  }
}

/// A hand-out has what is asked, and nothing that is right.
@Suite struct HandOutTests {
  private static let folder: String = {
    var parts = #filePath.split(separator: "/").dropLast(3)
    parts += ["Lessons", "Assignments"]
    return "/" + parts.joined(separator: "/")
  }()

  @Test(arguments: ["one-pass", "softmax-jacobian", "find-the-bugs"])
  func nothingRightStandsOnThePage(_ name: String) throws {
    let text = AssignmentText(try FileAccess.read("\(Self.folder)/\(name).md"))
    let secret = Secret(Array("a secret of sixteen letters".utf8))
    for id in ["ada", "bob", "eve"] {
      let sheet = try Sheet.draw(text, secret: secret, student: id)
      let student = try #require(Students.parse("\(id),A student", file: "list").first)
      let page = sheet.page(for: student)
      for form in [page.markdown, page.html, page.latex] {
        for question in sheet.questions {
          let answer = question.exercise.answer
          if question.exercise.kind == .equation { #expect(!form.contains(answer)) }
          if question.exercise.kind == .shape, let shape = question.shape {
            for sign in ["×", "x", " × "] {
              #expect(!form.contains(shape.dimensions.map(String.init).joined(separator: sign)))
            }
          }
          if question.exercise.kind == .hunt { #expect(!form.contains(answer), "\(answer)") }
          // Numbers that are not whole, or of one decimal as what is given.
          for value in question.right?.elements ?? [] where abs(value * 10 - (value * 10).rounded()) > 1e-6 {
            for digits in [3, 4] {
              let scale = digits == 3 ? 1000.0 : 10_000
              let number = Draws.decimal(Int(clamping: (abs(value) * scale).rounded()), digits)
              #expect(!form.contains(number), "\(name), question \(question.number): \(number)")
            }
          }
        }
        for word in ["seed", "planted", "answer:", "wrong:", "a secret of sixteen"] {
          #expect(!form.contains(word), "\(name): \(word)")
        }
      }
    }
  }

  /// Two students whose bugs differ have the same page but for the numbers.
  @Test func aPlantShowsInItsNumbersAlone() throws {
    let source = try FileAccess.read("\(Self.folder)/find-the-bugs.md")
    let secret = Secret(Array("a secret of sixteen letters".utf8))
    let ada = try #require(Students.parse("ada,Ada", file: "list").first)
    var pages: Set<String> = []
    for plant in ["dW2 wrong-sign", "dZ2 missing-mean", "db2 wrong-sign"] {
      let fixed = source.replacing(
        "first = one of dW2 wrong-sign | dZ2 missing-mean | dZ2 wrong-sign | db2 wrong-sign",
        with: "first = one of \(plant) | \(plant)"
      )
      .replacing(
        "m, n, h, k = 2..5, different",
        with: "m = one of 4 | 4\nn = one of 2 | 2\nh = one of 3 | 3\nk = one of 5 | 5")
      #expect(fixed != source)
      let page = try Sheet.draw(AssignmentText(fixed), secret: secret, student: "ada").page(for: ada).html
      pages.insert(page.replacing(#/[−0-9.e]+/#, with: "0"))
    }
    #expect(pages.count == 1)
  }

  @Test func aNameWithoutLettersInLaTeXIsLeftOut() throws {
    let sheet = try Sheet.draw(
      AssignmentText(try FileAccess.read("\(Self.folder)/one-pass.md")),
      secret: Secret(Array("a secret of sixteen letters".utf8)), student: "x")
    #expect(
      !LaTeXPrinter.isPrintable("王小明") && !LaTeXPrinter.isPrintable("Иван") && !LaTeXPrinter.isPrintable("Ħ"))
    #expect(LaTeXPrinter.isPrintable("Zoë Ångström–Şahin O’Neil") && LaTeXPrinter.isPrintable("Zoe\u{308}"))
    let student = try #require(Students.parse("x,王小明", file: "list").first)
    let page = sheet.page(for: student, isNamed: false)
    #expect(page.latex.contains("Student: x") && page.latex.unicodeScalars.allSatisfy(\.isASCII))
    let german = try #require(Students.parse("x,Zoe\u{308} Müller", file: "list").first)
    #expect(sheet.page(for: german).latex.contains("Zoë Müller"))
  }
}
