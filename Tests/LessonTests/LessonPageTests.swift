import Lessons
import Rendering
import Reports
import Sessions
import Testing

/// Every page of every lesson on windows of common sizes.
@Suite struct LessonPageTests {
  @Test(arguments: CourseTests.files) func noPageIsWiderOrLongerThanTheWindow(file: String) {
    var workspace = Workspace(commands: .withLessons)
    var reports: [Report] = []
    var line = "load \(lessonFolder)/\(file)"
    var last = ""
    var isOver = false
    for _ in 0..<400 where !isOver {
      for outcome in Interpreter.run(line, in: &workspace) {
        guard case .success(let report) = outcome.result else { continue }
        // Behind its end a lesson says the same for ever.
        let text = TextRenderer().render(report)
        isOver = text == last
        last = text
        reports.append(report)
      }
      line = workspace.lesson?.waits == true ? "reveal" : "next"
    }
    #expect(reports.count > 3 && isOver)
    for (columns, rows) in [(40, 20), (80, 24), (120, 40)] {
      for report in reports {
        var rest = TextRenderer(width: columns, rows: rows).pieces(report)
        while !rest.isEmpty {
          let (page, left) = Pages.next(rest, room: rows - 1, height: rows - 1)
          #expect(page.count < rows && !page.isEmpty, "\(file) at \(columns)×\(rows)")
          for text in page { #expect(DisplayWidth.of(text) <= columns, "\(file) at \(columns): \(text)") }
          rest = left
        }
      }
    }
  }
}
