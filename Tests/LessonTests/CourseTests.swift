import Commands
import Formulas
import Lessons
import LinearAlgebra
import Operations
import Sessions
import Testing

/// The course that comes with stepgrad.
@Suite struct CourseTests {
  static let files = FileAccess.list(lessonFolder).filter { $0.hasSuffix(".md") && $0 != "README.md" }

  @Test func thereAreLessons() { #expect(Self.files.count >= 15) }

  @Test(arguments: files) func lessonHolds(_ file: String) throws {
    let text = try FileAccess.read(lessonFolder + "/" + file)
    #expect(check.faults(text).map { $0.text(file: file) } == [])
    let lesson = LessonParser.parse(text).lesson
    let outline = LessonOutline(text)
    #expect(outline.title == lesson.title && outline.exercises == lesson.exercises.count)
    #expect(lesson.facts.map(\.label) == ["Assumes", "Teaches", "Source"])
    #expect((2...13).contains(lesson.exercises.count))
    #expect(text.hasPrefix("<!-- stepgrad: width=80 seed=1 color=never -->\n"))
    // A teacher who names a mistake wants to see that it is told from the answer.
    // What is predicted is seen at once, and an order has as many wrong answers as there are orders.
    #expect(
      lesson.exercises.allSatisfy {
        $0.kind == .predict || $0.kind == .order || $0.kind == .hunt || !$0.hints.isEmpty && !$0.wrong.isEmpty
      })
    // It ends with its exercises.
    guard case .exercise = lesson.blocks.last?.content else {
      Issue.record("\(file) does not end with an exercise")
      return
    }
  }

  /// As letters, with commas, and typed as its lines, of one word or of several.
  @Test(arguments: files) func ordersAreReadInEveryForm(_ file: String) throws {
    let text = try FileAccess.read(lessonFolder + "/" + file)
    for exercise in LessonParser.parse(text).lesson.exercises where exercise.kind == .order {
      let lines = exercise.choices.map { $0.replacing("`", with: "") }
      let letters = exercise.answer.map(String.init)
      for typed in [
        exercise.answer, letters.joined(separator: ", "), letters.joined(separator: " "),
        lines.joined(separator: ", "), lines.joined(separator: "; "),
      ] {
        #expect(try exercise.judge(typed, in: .initial).isRight, "\(file): \(typed)")
      }
      #expect(
        try !exercise.judge(lines.reversed().joined(separator: ", "), in: .initial).isRight, "\(file)")
      #expect(throws: Diagnostic.self) {
        try exercise.judge(lines.joined(separator: ", ") + ", dQ", in: .initial)
      }
    }
  }

  @Test func namesAreUniqueWithoutTheirNumbers() {
    let names = LessonLibrary.all([lessonFolder]).map(\.name)
    #expect(Set(names).count == Self.files.count)
    #expect(names.contains("softmax-jacobian"))
  }
}
