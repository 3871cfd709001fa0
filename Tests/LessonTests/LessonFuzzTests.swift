import Commands
import Lessons
import LinearAlgebra
import Operations
import Sessions
import Testing

/// A lesson is somebody else's text: whatever stands in it, it is reported and never traps.
@Suite struct LessonFuzzTests {
  /// A small lesson with every part of the format, its lines shuffled, cut, doubled and spoiled.
  @Test(arguments: 0..<40) func brokenLessonsAreReported(_ seed: Int) {
    var generator = RandomGenerator(seed: UInt64(seed))
    var lines = LessonCheckTests.good.split(separator: "\n", omittingEmptySubsequences: false).map(
      String.init)
    let pieces = [
      "```", "```stepgrad", "> model", "> ", "...", "answer: ", "kind: shape", "|", "\u{1B}[31m", "1e999999",
      "> W1[9,9] # fails",
    ]
    for _ in 0..<8 {
      let i = generator.integer(below: lines.count)
      switch generator.integer(below: 4) {
      case 0: lines.remove(at: i)
      case 1: lines.insert(pieces[generator.integer(below: pieces.count)], at: i)
      case 2: lines.swapAt(i, generator.integer(below: lines.count))
      default: lines[i] = String(lines[i].prefix(generator.integer(below: lines[i].count + 1)))
      }
    }
    let text = lines.joined(separator: "\n")
    for fault in check.faults(text) {
      #expect(fault.line >= 1 && fault.line <= lines.count + 1)
      #expect(!fault.text(file: "f").unicodeScalars.contains { $0.value == 0x1B })
    }
    // What is recorded holds, so that recording it again changes nothing.
    let recorded = check.recorded(text)
    #expect(check.recorded(recorded) == recorded)
  }

  /// Every lesson of the course plays from its first page to its last, and shows no mistake but the intended ones.
  @Test(arguments: CourseTests.files) func lessonPlaysToItsEnd(_ file: String) throws {
    let lesson = LessonParser.parse(try FileAccess.read(lessonFolder + "/" + file)).lesson
    var intended = 0
    for block in lesson.blocks {
      if case .transcript(let entries) = block.content { intended += entries.count { $0.mustFail } }
    }
    var workspace = Workspace(commands: .withLessons)
    workspace.outside.isInteractive = true
    var text = output("load \(lessonFolder)/\(file)", &workspace)
    for _ in lesson.pages {
      // The lesson waits until something is expected.
      if workspace.lesson?.waits == true { text += output("reveal", &workspace) }
      text += output("", &workspace)
    }
    #expect(text.split(separator: "\n").count { $0.hasPrefix("error:") } == intended)
    #expect(text.contains("the end of '"))
    #expect(output("lesson leave", &workspace).contains("your own session is back"))
  }
}
