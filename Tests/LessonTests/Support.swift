import Commands
import Formulas
import Lessons
import LinearAlgebra
import Platform
import TestSupport
import Rendering
import Reports
import Sessions

let check = LessonCheck(commands: .withLessons) { report, precision, width in
  TextRenderer(width: width, precision: precision).render(report)
}

/// A lesson whose outputs are recorded, so that a test can then break it.
func recorded(_ body: String) -> String {
  check.recorded("<!-- stepgrad: width=80 seed=1 color=never -->\n# A test\n\n" + body)
}

/// The line on which a text first stands, from 1.
func line(of part: String, in text: String) -> Int? {
  text.split(separator: "\n", omittingEmptySubsequences: false).firstIndex { $0.contains(part) }.map {
    $0 + 1
  }
}

/// Text of everything that a line prints.
func output(_ command: String, _ workspace: inout Workspace) -> String {
  Interpreter.run(command, in: &workspace).map { outcome in
    switch outcome.result {
    case .success(let report): TextRenderer(width: 80).render(report)
    case .failure(let diagnostic): "error: \(diagnostic.message)\n"
    }
  }.joined()
}

/// The checkout's folder of lessons, two folders above this file.
let lessonFolder: String = {
  var parts = #filePath.split(separator: "/").dropLast(3)
  parts.append("Lessons")
  return "/" + parts.joined(separator: "/")
}()

func temporaryFile(_ name: String, _ text: String) throws -> String {
  let folder = scratchFolder("lesson")
  try FileAccess.write(text, to: folder + "/" + name)
  return folder + "/" + name
}

func text(_ report: Report) -> String { TextRenderer(width: 80).render(report) }
