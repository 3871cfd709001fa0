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

/// Lines that belong together and are not all there yet: a `model` block, a line with an open bracket, or rows of numbers
/// behind a `=`.
package struct OpenBlock: Sendable, Equatable {
  package enum End: Sendable { case word, bracket, rows }

  /// Where it was opened.
  package let place: ScriptPlace?
  /// A line that says `end`, the bracket that closes the first, or what is no row.
  private(set) var end: End
  /// Brackets that are open, and bytes.
  private(set) var (depth, size) = (0, 0)
  /// How many `repeat` wait for an `end` of their own.
  private(set) var repeatDepth = 0
  private var lines: [(text: String, place: ScriptPlace?)] = []
  /// Blank lines behind the last row.
  var gaps = 0
  private var deepest = 0
  /// How many blank lines may stand between two rows: NumPy prints one between the matrices of a value with three axes, and
  /// one more for each axis more.
  var mostGaps: Int { max(1, deepest - 2) }

  package init(at place: ScriptPlace?, until end: End = .word) {
    self.place = place
    self.end = end
  }

  /// Brackets opened and not closed in a line; a comment has none.
  static func openBrackets(_ text: some StringProtocol) -> Int {
    Lexer.openings(withoutComment(text)).reduce(0, +)
  }

  private static func withoutComment(_ text: some StringProtocol) -> String {
    text.utf8.firstIndex(of: UInt8(ascii: "#")).map { String(text[..<$0]) } ?? String(text)
  }

  mutating func append(_ line: String, at place: ScriptPlace?) {
    if end == .rows {
      if !lines.isEmpty { table.append(line[...]) }
      return lines.append((line, place))
    }
    // A bracket or `;` of a comment is no part of the block; a comment on a line of its own heads a part of a model.
    let isHeading = end == .word && line.first { !$0.isWhitespace } == "#"
    let text = isHeading ? line : Self.withoutComment(line)
    lines.append((text, place))
    guard !isHeading else { return }
    if end == .word { repeatDepth += ModelText.opensRepeat(text) ? 1 : ModelText.isEnd(text) ? -1 : 0 }
    var open = depth
    for change in Lexer.openings(text) {
      open += change
      deepest = max(deepest, open)
    }
    depth = open
    size += text.utf8.count
  }

  /// The line that ends in `=`, and the rows behind it.
  var head: String { lines.first?.text ?? "" }
  private(set) var table = PastedTable()

  /// What stands behind the `=` is a formula after all.
  mutating func becomeFormula() {
    let before = lines
    (lines, end, depth, size, deepest) = ([], .bracket, 0, 0, 0)
    for line in before { append(line.text, at: line.place) }
  }

  /// Its last line ends a row.
  var endsRow: Bool {
    let text = (lines.last?.text ?? "").reversed().drop { $0.isWhitespace || $0 == "," }
    return text.first == "]"
  }

  /// All of it in one: what stands behind `model`, or the whole line.
  var whole: String { lines.map(\.text).joined(separator: "\n") }

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
      end == .rows
        ? "the input ends behind '='"
        : end == .word ? "the input ends inside a 'model' block" : "the input ends inside an open bracket",
      hint: end == .rows
        ? "a formula, or rows of numbers, stand behind it"
        : end == .word ? "close it with a line that says end" : "every ( and [ needs its ) or ]")
    (result.file, result.line) = (place?.file, place?.line)
    return result
  }

  package static func == (a: OpenBlock, b: OpenBlock) -> Bool {
    a.place == b.place && a.end == b.end && a.lines.elementsEqual(b.lines, by: ==)
  }
}
