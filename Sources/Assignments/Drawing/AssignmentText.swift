import Formulas
import Lessons
import Sessions

/// An assignment as its file has it: a lesson's page with drawn numbers in braces, and what each question is worth.
package struct AssignmentText: Sendable {
  package let title: String
  /// What is wrong with the file before anything is drawn.
  package private(set) var faults: [LessonFault]
  let draws: Draws
  /// The page without its blocks `draw`, line for line.
  private let lines: [String]

  package init(_ text: String) {
    var draws = Draws()
    var lines: [String] = []
    var isDraw = false
    for (index, line) in LessonParser.lines(text).enumerated() {
      let trimmed = line.trimmed
      if isDraw {
        if trimmed == "```" { isDraw = false } else { draws.read(LessonParser.safe(line), line: index + 1) }
        lines.append("")
      } else if trimmed == "```draw" {
        isDraw = true
        lines.append("")
      } else {
        lines.append(line)
      }
    }
    let parsed = LessonParser.parse(lines.joined(separator: "\n"))
    self.draws = draws
    self.lines = lines
    title = parsed.lesson.title
    faults = draws.faults + parsed.faults
    if isDraw { faults.append(LessonFault(lines.count, "the block 'draw' is not closed by ```")) }
    check(parsed.lesson)
    faults.sort { $0.line < $1.line }
  }

  private mutating func check(_ lesson: Lesson) {
    if lesson.exercises.isEmpty {
      faults.append(LessonFault(1, "an assignment asks something: there is no exercise"))
    }
    for exercise in lesson.exercises {
      if exercise.kind == .predict {
        faults.append(
          LessonFault(exercise.line, "a prediction waits for a command, and a page does not: kind: choice"))
      }
      for (key, value) in exercise.marking.sorted(by: { $0.value.line < $1.value.line }) {
        let isRight =
          key == "digits"
          ? Int(value.text).map { (0...12).contains($0) } : Worth.points(value.text).map { _ in true }
        if isRight != true {
          let form = key == "digits" ? "a number of decimals, 0 to 12" : "a number of points, 0 to 1000"
          faults.append(LessonFault(value.line, "'\(key): \(value.text.prefix(20))' is not \(form)"))
        }
      }
    }
    // What is read by students holds no seed.
    for block in lesson.blocks where Self.shown(block.content).contains(where: { $0.contains("{seed}") }) {
      faults.append(LessonFault(block.line, "{seed} would stand on the page: it is for commands"))
    }
  }

  private static func shown(_ content: Lesson.Content) -> [String] {
    switch content {
    case .heading(let text), .prose(let text), .item(let text): [text]
    case .literal(let lines): lines
    case .exercise(let exercise): exercise.question + exercise.choices
    case .transcript: []
    }
  }

  /// Whether two students have the same page.
  var isDrawn: Bool { !draws.isEmpty || lines.contains { $0.contains("{seed}") } }

  /// The page with a student's numbers in the place of the names in braces.
  func lesson(with values: [String: String]) -> Lesson {
    let page = lines.map { line -> String in
      guard line.contains("{") else { return line }
      return values.sorted { $0.key < $1.key }.reduce(line) { $0.replacing("{\($1.key)}", with: $1.value) }
    }
    return LessonParser.parse(page.joined(separator: "\n")).lesson
  }
}
