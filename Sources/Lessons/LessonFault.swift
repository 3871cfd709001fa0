/// Something wrong with a lesson, and where: `expected` and `printed` are the difference, when there is one.
package struct LessonFault: Sendable, Equatable {
  package var line: Int
  package var message: String
  package var expected: String?
  package var printed: String?

  package init(_ line: Int, _ message: String, expected: String? = nil, printed: String? = nil) {
    self.line = line
    self.message = message
    self.expected = expected
    self.printed = printed
  }

  /// As printed for a file: its name and line first, the way editors jump to.
  package func text(file: String) -> String {
    var lines = ["\(LessonParser.safe(file)):\(line): \(message)"]
    if let expected { lines.append("  the lesson says  \(expected)") }
    if let printed { lines.append("  stepgrad prints  \(printed)") }
    return lines.joined(separator: "\n")
  }
}
