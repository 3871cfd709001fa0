/// One equation of a model's text, or a `repeat` with what stands behind it, or `end`, or a title.
struct ModelTextItem {
  let text: String
  /// Where it stands in the text of the model, in Characters.
  let range: Range<Int>
  /// Whether it is the last of its line.
  let endsLine: Bool

  /// Nil for blanks.
  init?(_ part: some Collection<Character>, at start: Int, endsLine: Bool) {
    let characters = Array(part)
    guard let first = characters.firstIndex(where: { !$0.isWhitespace }),
      let last = characters.lastIndex(where: { !$0.isWhitespace })
    else { return nil }
    text = String(characters[first...last])
    range = start + first..<start + last + 1
    self.endsLine = endsLine
  }

  /// What it begins with.
  var word: String { text.first == "#" ? "#" : String(text.prefix { !$0.isWhitespace && $0 != ":" }) }

  /// `repeat t = 1..4`, what stands behind its colon, and where that begins.
  var header: (text: String, rest: Substring, start: Int)? {
    guard let colon = text.firstIndex(of: ":") else { return nil }
    let rest = text[text.index(after: colon)...]
    return (
      String(text[..<colon]).trimmed, rest, range.lowerBound + text.count - rest.count
    )
  }

  /// Splits at `;` and at the ends of lines, outside brackets.
  static func items(_ text: String) -> [ModelTextItem] {
    var result: [ModelTextItem] = []
    let characters = Array(text)
    var (start, depth) = (0, 0)
    var isTitle = false
    func add(to end: Int, endsLine: Bool) {
      if let item = ModelTextItem(characters[start..<end], at: start, endsLine: endsLine) {
        result += item.withoutEnds
      } else if endsLine, let last = result.popLast() {
        result.append(ModelTextItem(last, endsLine: true))
      }
      start = end + 1
    }
    for (i, c) in characters.enumerated() {
      if c == "#", characters[start..<i].allSatisfy(\.isWhitespace) { isTitle = true }
      if isTitle {
        guard c.isNewline else { continue }
        isTitle = false
        depth = 0
      }
      if c == "(" || c == "[" { depth += 1 }
      if c == ")" || c == "]" { depth = max(0, depth - 1) }
      if depth == 0, c == ";" || c.isNewline { add(to: i, endsLine: c.isNewline) }
    }
    add(to: characters.count, endsLine: true)
    return result
  }

  /// `h{t} = … end`: the equation, and each `end` that closes a repeat on the same line.
  private var withoutEnds: [ModelTextItem] {
    let words = text.split(whereSeparator: \.isWhitespace)
    guard word != "#", words.count > 1, words.last == "end" else { return [self] }
    let body = Array(text.dropLast(3))
    let last = ModelTextItem("end", at: range.upperBound - 3, endsLine: endsLine)
    let first = ModelTextItem(body, at: range.lowerBound, endsLine: false)
    return (first?.withoutEnds ?? []) + (last.map { [$0] } ?? [])
  }

  private init(_ other: ModelTextItem, endsLine: Bool) {
    (text, range, self.endsLine) = (other.text, other.range, endsLine)
  }
}
