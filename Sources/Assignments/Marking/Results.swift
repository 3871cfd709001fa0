import Exports
import Formulas
import Lessons
import Rendering

/// The marks of one student in the forms that courses and programs read.
struct Results {
  let student: Student
  let sheet: Sheet
  let answers: Answers
  let marks: [Mark]

  var points: Double { marks.reduce(0) { $0 + $1.points } }

  // MARK: For the student

  var page: Page {
    var blocks: [Page.Block] = [
      .heading(1, InlineText.inline(sheet.title)), .paragraph([.words("Name: \(student.name)")]),
      .paragraph([.words("Student: \(student.id)")]),
      .paragraph([.words("\(Worth.text(points)) of \(Worth.text(sheet.points)) points")]),
    ]
    for (question, mark) in zip(sheet.questions, marks) {
      blocks.append(
        .heading(
          2,
          [
            .words(
              "Question \(question.number): \(Worth.text(mark.points)) of \(Worth.text(question.worth.points))"
            )
          ]))
      let typed = typed(question.number)
      if mark.kind != .missing, !typed.isEmpty {
        blocks.append(.paragraph([.words("Your answer: "), .code(typed)]))
      }
      blocks += mark.words.map { .paragraph(InlineText.inline($0)) }
    }
    return Page(title: sheet.title, origin: "Marks, written by stepgrad's 'grade'.", blocks: blocks)
  }

  private func typed(_ number: Int) -> String {
    let text =
      switch answers.given[number] {
      case .text(let text)?:
        LessonParser.lines(text).map(\.trimmed).filter { !$0.isEmpty }.joined(separator: "; ").replacing(
          "=; ", with: "= ")
      case .cells(let rows)?: rows.map { $0.joined(separator: " ") }.joined(separator: "; ")
      case nil: ""
      }
    let clean = MarkWords.clean(String(text.prefix(1000)))
    return clean.count > 300 ? clean.prefix(300) + "…" : clean
  }

  // MARK: JSON

  private static func quoted(_ text: String) -> String { JSONRenderer().string(text) }

  /// `results.json` of a Gradescope autograder. Source: Gradescope, "Autograder Specifications", Output format,
  /// https://gradescope-autograders.readthedocs.io/en/latest/specs/
  var gradescope: String {
    let tests = zip(sheet.questions, marks).map { question, mark in
      "{\"score\":\(mark.points),\"max_score\":\(question.worth.points),\"status\":\"\(mark.points >= question.worth.points ? "passed" : "failed")\",\"name\":\(Self.quoted("Question \(question.number)")),\"number\":\"\(question.number)\",\"output\":\(Self.quoted(mark.words.joined(separator: "\n"))),\"output_format\":\"text\",\"tags\":[\(mark.mistakes.map(Self.quoted).joined(separator: ","))],\"visibility\":\"visible\"}"
    }
    return
      "{\"score\":\(points),\"output\":\(Self.quoted(sheet.title)),\"output_format\":\"text\",\"visibility\":\"visible\",\"tests\":[\n\(tests.joined(separator: ",\n"))\n]}\n"
  }

  /// Results as otter-grader's `GradingResults.from_ottr_json` reads them: a case has its points or none, so that what was
  /// earned is one case and what was not is another. Source: ottr, "TestFileResult$to_list", "TestCaseResult$to_list".
  var otter: String {
    let files = zip(sheet.questions, marks).map { question, mark -> String in
      let rest = question.worth.points - mark.points
      let parts = [(mark.points, true), (rest, false)].filter {
        $0.0 > 0 || question.worth.points == 0 && $0.1
      }
      let cases = parts.map { points, isPassed in
        let words = Self.quoted(mark.words.joined(separator: "\n"))
        return
          "{\"passed\":\(isPassed),\"error\":\(isPassed ? "\"\"" : words),\"test_case\":{\"name\":\(Self.quoted(isPassed ? "earned" : "not earned")),\"code\":\"\",\"points\":\(points),\"hidden\":false,\"success_message\":\(words),\"failure_message\":\(words)}}"
      }
      return
        "{\"filename\":\"q\(question.number).R\",\"points\":[\(parts.map { "\($0.0)" }.joined(separator: ","))],\"test_case_results\":[\(cases.joined(separator: ","))]}"
    }
    return "{\"test_file_results\":[\n\(files.joined(separator: ",\n"))\n]}\n"
  }
}
