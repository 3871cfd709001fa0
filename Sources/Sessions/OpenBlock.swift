import Formulas

/// Where a line stands that was read and not typed.
package struct ScriptPlace: Sendable, Equatable {
  package let file: String?
  /// From 1.
  package let line: Int

  package init(file: String?, line: Int) {
    self.file = file
    self.line = line
  }
}

/// The lines of a `model` block that is still open.
package struct OpenBlock: Sendable, Equatable {
  /// Where it was opened.
  package let place: ScriptPlace?
  private var lines: [(text: String, place: ScriptPlace?)] = []

  package init(at place: ScriptPlace?) { self.place = place }

  mutating func append(_ line: String, at place: ScriptPlace?) {
    // A bracket or `;` of a comment is no part of the block.
    lines.append((String(line.prefix { $0 != "#" }), place))
  }

  /// What stands behind `model` in one line.
  var equations: String { lines.map(\.text).joined(separator: ";") }

  /// A mistake in that line, told of the line of the block in which it was made.
  func placing(_ diagnostic: Diagnostic, behind start: Int) -> Diagnostic {
    var result = diagnostic
    guard let mark = diagnostic.marks.first else { return result }
    var offset = start
    for (index, line) in lines.enumerated() {
      let range = offset..<offset + line.text.count + 1
      offset = range.upperBound
      guard range.contains(mark.lowerBound) else { continue }
      result.source = line.text
      result.marks = diagnostic.marks.filter { range.contains($0.lowerBound) }.map {
        $0.lowerBound - range.lowerBound..<max($0.lowerBound + 1, $0.upperBound) - range.lowerBound
      }
      result.file = line.place?.file
      result.line = line.place?.line ?? index + 1
      return result
    }
    return result
  }

  /// What to say where the input ends before the block does.
  package var unclosed: Diagnostic {
    var result = Diagnostic(
      "the input ends inside a 'model' block", hint: "close it with a line that says end")
    (result.file, result.line) = (place?.file, place?.line)
    return result
  }

  package static func == (a: OpenBlock, b: OpenBlock) -> Bool {
    a.place == b.place && a.lines.elementsEqual(b.lines, by: ==)
  }
}
