import Formulas
import Lessons
import Platform
import Rendering
import Sessions

/// `stepgrad lesson check FILE…` and `stepgrad lesson record FILE…`, for the project's lessons and a teacher's own.
enum LessonTool {
  static let usage = "usage: stepgrad lesson check|record FILE…   (a folder stands for the lessons in it)\n"

  /// The exit status: 0, 1 when a lesson is broken or cannot be read, 2 for wrong usage.
  static func run(_ words: [String]) -> Int32 {
    guard words.count >= 2, let verb = words.first, ["check", "record"].contains(verb) else {
      Console.write(usage, to: STDERR_FILENO)
      return 2
    }
    let check = LessonCheck(commands: .withLessons) { report, precision, width in
      TextRenderer(width: width, precision: precision).render(report)
    }
    var status: Int32 = 0
    let paths = words.dropFirst().flatMap(files)
    let shelf = LessonShelf(paths)
    for file in paths {
      do throws(Diagnostic) {
        var text = try FileAccess.read(file)
        var refused: [LessonFault] = []
        if verb == "record" {
          let (recorded, left) = check.recording(text)
          refused = left
          if recorded != text { try FileAccess.write(recorded, to: file) }
          text = recorded
        }
        let found = check.faults(text).filter { fault in !refused.contains { $0.line == fault.line } }
        let faults = (refused + found + shelf.faults(of: file, text)).sorted { $0.line < $1.line }
        let shown = VisibleText.of(file)
        for fault in faults { Console.write(fault.text(file: shown) + "\n", to: STDOUT_FILENO) }
        if !faults.isEmpty { status = 1 }
        Console.write(
          "\(shown): " + (faults.isEmpty ? "good" : "\(faults.count) fault\(faults.count == 1 ? "" : "s")")
            + "\n",
          to: STDERR_FILENO)
      } catch {
        Console.write("stepgrad: \(VisibleText.of(error.message.text()))\n", to: STDERR_FILENO)
        status = 1
      }
    }
    return status
  }

  private static func files(_ path: String) -> [String] {
    let inside = FileAccess.list(path).filter { $0.hasSuffix(".md") && $0 != "README.md" }
    return inside.isEmpty ? [path] : inside.map { path + "/" + $0 }
  }
}
