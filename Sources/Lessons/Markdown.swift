/// The little of Markdown that a terminal shows otherwise.
package enum Markdown {
  /// Without marks of emphasis and links; code keeps its backticks, which tell where it ends.
  package static func plain(_ text: String) -> String {
    var result = ""
    var rest = text[...]
    var isCode = false
    while let c = rest.first {
      if c == "`" { isCode.toggle() }
      if !isCode, rest.hasPrefix("**") {
        rest.removeFirst(2)
        continue
      }
      if !isCode, c == "*", isEmphasis(before: result.last, after: rest.dropFirst().first) {
        rest.removeFirst()
        continue
      }
      // No link in a link: looking for its end, the next one's beginning is not passed, and no text is read twice.
      if !isCode, c == "[", let close = end(of: rest.dropFirst(), "]"), rest[close...].hasPrefix("]("),
        let end = end(of: rest[close...], ")")
      {
        result += rest[rest.index(after: rest.startIndex)..<close]
        rest = rest[rest.index(after: end)...]
        continue
      }
      result.append(c)
      rest.removeFirst()
    }
    return result
  }

  private static func end(of text: Substring, _ mark: Character) -> String.Index? {
    text.firstIndex { $0 == mark || $0 == "[" }.flatMap { text[$0] == mark ? $0 : nil }
  }

  private static func isEmphasis(before: Character?, after: Character?) -> Bool {
    let opens = (before?.isWhitespace ?? true || before == "(") && after?.isWhitespace == false
    let closes =
      before?.isWhitespace == false && (after?.isWhitespace ?? true || after?.isPunctuation == true)
    return opens || closes
  }

  /// Lines joined to paragraphs at blank lines.
  package static func paragraphs(_ lines: [String]) -> [String] {
    var result: [String] = []
    var isOpen = false
    for line in lines.map(\.trimmed) {
      if line.isEmpty {
        isOpen = false
      } else if isOpen, let last = result.popLast() {
        result.append(last + " " + line)
      } else {
        result.append(line)
        isOpen = true
      }
    }
    return result
  }
}
