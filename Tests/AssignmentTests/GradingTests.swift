import DataSets
import Formulas
import LinearAlgebra
import Platform
import Sessions
import TestSupport
import Testing

@testable import Assignments

@Suite struct GradingTests {
  private static let assignment =
    SampleAssignment.product + """

      ```exercise
      Which is larger?
      kind: choice
      choice: 1
      choice: 2
      answer: b
      points: 2
      ```
      """
  private static let students =
    "Name;Email\nAda Lovelace;ada@x.org\n\"Bob \"\"B\"\"\";bob@x.org\nEve;=1+1\nMallory;mal@x.org\nNobody;no@x.org\n"

  /// Pages for a small class, in a folder of its own.
  private static func assigned() throws -> (root: String, products: [String: Int]) {
    let root = scratchFolder("grade")
    try FileAccess.write(assignment, to: root + "/twice.md")
    try FileAccess.write(students, to: root + "/class.csv")
    _ = try Assigning.run(
      [root + "/twice.md", "--students", root + "/class.csv", "--out=" + root + "/out"], progress: nil)
    var products: [String: Int] = [:]
    let secret = try Secret(file: root + "/out/teacher/secret")
    for id in ["ada@x.org", "bob@x.org", "=1+1", "mal@x.org"] {
      let right = try Sheet.draw(AssignmentText(assignment), secret: secret, student: id).questions[0].right
      products[id] = try #require(right?.scalarValue.flatMap { Int(exactly: $0) })
    }
    return (root, products)
  }

  private static func all(_ folder: String) -> [String: [UInt8]] {
    var result: [String: [UInt8]] = [:]
    for name in FileAccess.list(folder) {
      let path = folder + "/" + name
      if OutputFolder.isFolder(path) {
        for (inner, bytes) in all(path) { result[name + "/" + inner] = bytes }
      } else {
        result[name] = FileAccess.bytes(of: path, 1 << 20)
      }
    }
    return result
  }

  /// Before anything is asked about the assignment.
  @Test func answersThatAreNotThereAreSaid() {
    do throws(Diagnostic) {
      _ = try Grading.run(["nowhere"], progress: nil)
      Issue.record("it worked")
    } catch {
      #expect(error.message.text() == "there are no answers 'nowhere'")
    }
  }

  @Test func whatComesBackIsMarkedInEveryForm() throws {
    let (root, products) = try Self.assigned()
    let page = try FileAccess.read(root + "/out/students/ada@x.org.md")
    let product = try #require(products["ada@x.org"])
    let filled = page.replacing("```answer 1\n________", with: "```answer 1\n\(product)")
      .replacing("```answer 2\n" + String(repeating: "_", count: 30), with: "```answer 2\nB)")
    #expect(filled != page)
    let back = root + "/back"
    try OutputFolder.make(back)
    try FileAccess.write(filled, to: back + "/ada@x.org.md")
    try FileAccess.write(
      "{\"student\": \"bob@x.org\", \"assignment\": \"Twice\", \"answers\": {\"1\": [[\"\(products["bob@x.org"] ?? 0)\"]], \"2\": \"a\"}}",
      to: back + "/answers-bob.json")
    try FileAccess.write(
      "Timestamp,Email Address,Question 1: the product,Q2\n2026-01-01,=1+1,\(products["=1+1"] ?? 0),b\n",
      to: back + "/form.csv")
    try FileAccess.write("\u{0}\u{1}", to: back + "/mal@x.org.md")
    try FileAccess.write("Student: stranger\n\n```answer 1\n3\n```\n", to: back + "/x.md")
    _ = try Grading.run([back, "--key", root + "/out", "--out", root + "/marks"], progress: nil)
    #expect(
      try FileAccess.read(root + "/marks/marks.csv")
        == """
        student,q1,q2,points,of,status
        ada@x.org,1,2,3,3,marked
        bob@x.org,1,0,1,3,marked
        '=1+1,1,2,3,3,marked
        mal@x.org,,,,3,damaged: it is no text
        no@x.org,,,,3,nothing handed in

        """.replacing("'=1+1,", with: "\"'=1+1\","))
    let summary = try FileAccess.read(root + "/marks/summary.md")
    #expect(
      summary.contains("stranger") && summary.contains("mal@x.org.md")
        && summary.contains("Question 2 divides"))
    // Again: the same bytes, wherever it is written to.
    _ = try Grading.run([back, "--key", root + "/out", "--out", root + "/again"], progress: nil)
    let (first, second) = (Self.all(root + "/marks"), Self.all(root + "/again"))
    #expect(first == second && first.count == 11)
    // A name stands in the student's own pages alone.
    for (path, bytes) in Self.all(root + "/marks").merging(
      Self.all(root + "/out/teacher/keys"), uniquingKeysWith: { a, _ in a })
    {
      let text = String(decoding: bytes, as: UTF8.self)
      #expect(text.contains("Lovelace") == (path == "students/ada@x.org.html"), "\(path)")
    }
  }

  @Test func nobodyAnswersForAnother() throws {
    let (root, products) = try Self.assigned()
    let back = root + "/back"
    try OutputFolder.make(back)
    func answer(_ id: String, _ product: Int) -> String { "Student: \(id)\n\n```answer 1\n\(product)\n```\n" }
    let ada = try #require(products["ada@x.org"])
    try FileAccess.write(answer("ada@x.org", ada), to: back + "/ada@x.org.md")
    // By Bob, for Ada; and a second one by Mallory.
    try FileAccess.write(answer("ada@x.org", 1), to: back + "/bob@x.org.md")
    try FileAccess.write(answer("mal@x.org", 1), to: back + "/one.md")
    try FileAccess.write(answer("mal@x.org", 2), to: back + "/two.md")
    _ = try Grading.run([back, "--key", root + "/out"], progress: nil)
    let table = try FileAccess.read(root + "/out/marks/marks.csv")
    #expect(table.contains("ada@x.org,1,0,1,3,marked"))
    #expect(
      table.contains("bob@x.org,,,,3,nothing handed in") && table.contains("mal@x.org,,,,3,several files"))
    let summary = try FileAccess.read(root + "/out/marks/summary.md")
    #expect(
      summary.contains("named for bob@x.org") && summary.contains("one.md") && summary.contains("two.md"))
  }

  @Test func aBrokenRowCostsOneStudent() {
    let rows = CSVRows.parse("id,1\nada,\"[[1, 2],\n [3, 4]]\"\nbob,\"open\nmal,3\n")
    #expect(
      rows.map(\.fields) == [["id", "1"], ["ada", "[[1, 2],\n [3, 4]]"], ["bob", "\"open"], ["mal", "3"]])
    #expect(rows.map(\.isDamaged) == [false, false, true, false] && rows.map(\.line) == [1, 2, 4, 5])
    for cell in ["=1", "+1", "-1", "@x", "\t=1", "＝1"] { #expect(CSVRows.cell(cell).contains("'" + cell)) }
    #expect(CSVRows.cell("a,\"b\"\n") == "\"a,\"\"b\"\"\n\"" && CSVRows.cell("12.5") == "12.5")
  }

  @Test func filesOfStudentsAreSafeAndDiffer() throws {
    let students = try Students.parse(
      "../../etc/passwd\nada\nADA2\n\"a b\"\na_b\n-rf\nc:con\n" + String(repeating: "x", count: 180)
        + "\n王\n", file: "list")
    #expect(Set(students.map { $0.file.lowercased() }).count == students.count)
    for student in students {
      #expect(student.file.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._-@+".contains($0)) })
      #expect(!student.file.hasPrefix(".") && !student.file.hasPrefix("-") && student.file.count < 80)
    }
    #expect(throws: Diagnostic.self) { try Students.parse("id\nada\nAda\n", file: "list") }
    #expect(throws: Diagnostic.self) { try Students.parse("", file: "list") }
  }

  // MARK: Forms of other programs

  /// Gradescope, "Autograder Specifications", Output format (https://gradescope-autograders.readthedocs.io/en/latest/specs/):
  /// a test has score, max_score, status passed or failed, name, number, output, output_format text, html, simple_format, md or
  /// ansi, tags, visibility hidden, after_due_date, after_published or visible; the whole has score, output and tests.
  @Test func gradescopeReadsTheResults() throws {
    let results = try Self.results()
    guard case .object(let fields) = try JSONText.parse(Array(results.gradescope.utf8), path: "", offset: 0),
      case .array(let tests)? = fields.first(where: { $0.name == "tests" })?.value
    else { throw Diagnostic("no object with tests") }
    #expect(Set(fields.map(\.name)) == ["score", "output", "output_format", "visibility", "tests"])
    #expect(fields.first { $0.name == "score" }?.value.word.flatMap { Double($0) } == results.points)
    #expect(tests.count == results.marks.count)
    for (test, mark) in zip(tests, results.marks) {
      guard case .object(let fields) = test else { throw Diagnostic("a test is no object") }
      func word(_ name: String) -> String { fields.first { $0.name == name }?.value.word ?? "" }
      #expect(
        fields.map(\.name) == [
          "score", "max_score", "status", "name", "number", "output", "output_format", "tags", "visibility",
        ])
      #expect(Double(word("score")) == mark.points && Double(word("max_score")) == 4)
      #expect(word("status") == (mark.points == 4 ? "passed" : "failed"))
      #expect(word("output_format") == "text" && word("visibility") == "visible")
      #expect(!word("output").isEmpty)
    }
  }

  /// otter-grader 7.0, `GradingResults.from_ottr_json` and `TestFile.resolve_test_file_points`: test_file_results, each with
  /// filename, points for each case, and test_case_results with passed, error and a test_case of name, code, points, hidden,
  /// success_message, failure_message. What has passed is the score.
  @Test func otterReadsTheResults() throws {
    let results = try Self.results()
    guard case .object(let fields) = try JSONText.parse(Array(results.otter.utf8), path: "", offset: 0),
      case .array(let files)? = fields.first?.value, fields.first?.name == "test_file_results"
    else { throw Diagnostic("no test_file_results") }
    for (file, mark) in zip(files, results.marks) {
      guard case .object(let fields) = file,
        fields.map(\.name) == ["filename", "points", "test_case_results"],
        case .array(let points) = fields[1].value, case .array(let cases) = fields[2].value
      else { throw Diagnostic("a file is no object") }
      #expect(
        points.count == cases.count && points.compactMap { $0.word.flatMap { Double($0) } }.reduce(0, +) == 4)
      for (part, points) in zip(cases, points) {
        guard case .object(let result) = part, result.map(\.name) == ["passed", "error", "test_case"],
          case .object(let test) = result[2].value
        else { throw Diagnostic("a case is no object") }
        #expect(
          test.map(\.name) == ["name", "code", "points", "hidden", "success_message", "failure_message"])
        #expect(test[2].value.word == points.word)
        let isEarned = test[0].value.word == "earned"
        #expect(points.word.flatMap { Double($0) } == (isEarned ? mark.points : 4 - mark.points))
      }
    }
  }

  private static func results() throws -> Results {
    let sheet = try AnswerTableTests.sheet()
    var answers = Answers()
    answers.given = [
      3: .text("1.041"), 7: .text("dZ2.T @ A1"), 4: .text("\"\\\u{1}</script>"), 9: .text("6401"),
    ]
    let student = try #require(Students.parse("ada,Ada", file: "list").first)
    return Results(
      student: student, sheet: sheet, answers: answers, marks: Marking.marks(of: answers, on: sheet))
  }

  // MARK: Hostile answers

  /// Each is an answer that is wrong, and nothing worse.
  @Test func hostileAnswersAreWrong() throws {
    let sheet = try AnswerTableTests.sheet()
    let hostile = [
      String(repeating: "(", count: 16_000), String(repeating: "[", count: 16_000),
      String(repeating: "-", count: 16_000),
      String(repeating: "1+", count: 8000) + "1", String(repeating: "A1@", count: 5000) + "A1",
      String(repeating: "A1.T", count: 4000), String(repeating: "softmax(", count: 1900) + "1",
      String(repeating: "9**", count: 5000) + "9", String(repeating: "x", count: 2_000_000),
      "zeros(1000000000, 1000000000)",
      "ones(100000, 100000) @ ones(100000, 100000)", "randn(30000, 30000)", "eye(9999999)", "9**9**9**9",
      "1e999", "-1e999",
      "sum(ones(3000, 3000))", "[" + String(repeating: "ones(128,128),", count: 1000) + "1]",
      String(repeating: "exp(", count: 200) + "1" + String(repeating: ")", count: 200), "load(\"/dev/zero\")",
      "load(\"/etc/passwd\")[\"x\"]", "cumsum(ones(16000))", "outer(ones(9999), ones(9999))",
      "\u{1B}]0;title\u{7}\u{1B}[2J",
      "=HYPERLINK(\"http://x\")", "<img src=x onerror=alert(1)>", "\\input{/etc/passwd}", "$(reboot)",
      String(repeating: "einsum(\"ij,jk->ik\",", count: 300), "reshape(A1, 99999999999999999999)",
      "A1[9999999999999999999]", "tril(ones(5000,5000))", "conv2d(A1, A1)",
      String(repeating: "∂", count: 5000),
      "dW2" + String(repeating: "'", count: 5000), "sum(dW2, axis=99999999999)",
      "repeat t = 1..999999: h{t} = 1",
    ]
    for (number, text) in hostile.enumerated() {
      var answers = Answers()
      // Each meets a third of the questions, and each question a third of them.
      for question in sheet.questions where (question.number + number) % 3 == 0 {
        answers.given[question.number] = .text(text)
      }
      for (question, mark) in zip(sheet.questions, Marking.marks(of: answers, on: sheet)) {
        #expect(mark.points == 0, "question \(question.number), '\(text.prefix(40))': \(mark)")
        #expect(
          mark.words.allSatisfy { $0.count < 700 && !$0.contains("\u{1B}") && !$0.contains("\u{202E}") })
      }
    }
  }

  @Test func damagedFilesHaveAProblemAndNoMore() throws {
    for text in [
      "", "{", "[1,2", "{\"student\": 3}", "[[[[[[[[[[", "{\"answers\": {\"1\": \"\\ud800\"}}", "null",
      "{\"answers\": 7}",
    ] {
      #expect(
        Answers.json(Array(text.utf8)).allSatisfy { $0.problem != nil || !$0.given.isEmpty })
    }
    let open = Answers.markdown("Student: ada\n```answer 1\n3\n### Question 2\nmine\n```answer 2\n4")
    #expect(open.student == "ada" && open.given.count == 2)
    // Pasted with a fence of its own; and one that was emptied.
    let fenced = Answers.markdown(
      "```answer 1\n\n```python\n3\n```\n```answer 2\n```\n### Question 3\nmine\n")
    guard case .text(let first)? = fenced.given[1], case .text(let second)? = fenced.given[2] else {
      throw Diagnostic("no answers")
    }
    #expect(first.trimmed == "3" && second.trimmed.isEmpty)
    #expect(Answers.markdown("nothing").problem != nil)
    #expect(Answers.table("a,b\n1,2\n") { _ in false }.first?.problem != nil)
  }
}
