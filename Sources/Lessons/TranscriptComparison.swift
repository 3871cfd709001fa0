import Platform

/// What a lesson says that a command prints, against what it prints: text must be the same, a number with a point or
/// an exponent may differ by one unit in the last digit that is written, `...` alone on a line skips lines and ` ...` at
/// the end of a line skips the rest of it: a measured time, or an error that is nothing but rounding.
enum TranscriptComparison {
  static func faults(_ entry: TranscriptEntry, printed: [String]) -> [LessonFault] {
    let expected = trimmedEnd(entry.expected)
    let printed = trimmedEnd(printed)
    var faults: [LessonFault] = []
    // Parts between `...`: the first begins at the first line, the last ends at the last.
    var parts: [(start: Int, lines: [String])] = [(0, [])]
    for (index, line) in expected.enumerated() {
      if line.trimmed == "..." {
        parts.append((index + 1, []))
      } else {
        parts[parts.count - 1].lines.append(line)
      }
    }
    var position = 0
    for (number, part) in parts.enumerated() {
      let line = entry.line + 1 + part.start
      let isLast = number == parts.count - 1
      if number == 0 {
        let end = isLast ? printed.count : min(part.lines.count, printed.count)
        faults += compare(part.lines, Array(printed[..<end]), at: line, command: entry)
        position = end
        continue
      }
      if part.lines.isEmpty { continue }
      let latest = printed.count - part.lines.count
      let starts = isLast ? [latest] : Array(position...max(position, latest))
      if let start = starts.first(where: { start in
        start >= position && start <= latest
          && part.lines.indices.allSatisfy { same(part.lines[$0], printed[start + $0], entry) }
      }) {
        position = start + part.lines.count
      } else {
        let start = max(position, isLast ? latest : position)
        let shown = Array(printed[min(start, printed.count)...].prefix(part.lines.count))
        faults += compare(part.lines, shown, at: line, command: entry)
      }
    }
    return faults
  }

  /// Line against line; a line too many or too few is named once, and the rest is compared behind it.
  private static func compare(
    _ expected: [String], _ printed: [String], at line: Int, command: TranscriptEntry
  ) -> [LessonFault] {
    var faults: [LessonFault] = []
    var (i, j) = (0, 0)
    while i < expected.count || j < printed.count {
      if i < expected.count, j < printed.count, same(expected[i], printed[j], command) {
        (i, j) = (i + 1, j + 1)
        continue
      }
      let isMissing =
        j < printed.count && j + 1 <= printed.count
        && (i == expected.count || (j + 1 < printed.count && same(expected[i], printed[j + 1], command)))
      let isExtra =
        i < expected.count
        && (j == printed.count || (i + 1 < expected.count && same(expected[i + 1], printed[j], command)))
      if isMissing {
        faults.append(
          LessonFault(
            line + i, "a line that '\(command.command)' prints is missing here", printed: printed[j]))
        j += 1
      } else if isExtra {
        faults.append(
          LessonFault(line + i, "'\(command.command)' does not print this line", expected: expected[i]))
        i += 1
      } else {
        faults.append(
          LessonFault(
            line + i, "'\(command.command)' prints something else", expected: expected[i], printed: printed[j]
          ))
        (i, j) = (i + 1, j + 1)
      }
    }
    return faults
  }

  private static func trimmedEnd(_ lines: [String]) -> [String] {
    var lines = lines
    while let last = lines.last, last.trimmed.isEmpty { lines.removeLast() }
    return lines
  }

  // MARK: One line

  /// Of what is only `shown` the words and the shapes; else the numbers too.
  private static func same(_ expected: String, _ printed: String, _ entry: TranscriptEntry) -> Bool {
    entry.isShown ? sameWords(expected, printed) : same(expected, printed)
  }

  static func sameWords(_ expected: String, _ printed: String) -> Bool {
    func words(_ line: String) -> [String] {
      let tokens = tokens(line)
      return tokens.enumerated().map { index, token in
        guard token.isNumber else { return squeezed(token.text) }
        let isExtent =
          index > 0 && tokens[index - 1].text.hasSuffix("×")
          || index + 1 < tokens.count && tokens[index + 1].text.hasPrefix("×")
        return isExtent ? token.text : "0"
      }
    }
    return same(expected, printed) || words(expected) == words(printed)
  }

  /// How many words and numbers of two lines are the same, each at its place.
  static func likeness(_ expected: String, _ printed: String) -> Int {
    zip(tokens(expected), tokens(printed)).count { $0.text == $1.text }
  }

  static func same(_ expected: String, _ printed: String) -> Bool {
    var (a, b) = (withoutEnd(expected), withoutEnd(printed))
    if a == b { return true }
    if a.hasSuffix(" ..."), a.trimmed != "..." {
      a = withoutEnd(String(a.dropLast(4)))
      b = withoutEnd(String(b.prefix(a.count)))
    }
    let (x, y) = (tokens(a), tokens(b))
    guard x.count == y.count else { return false }
    // A number that takes another width moves the blanks beside it.
    var hasMoved = false
    for (p, q) in zip(x, y) {
      guard p.isNumber, q.isNumber else { continue }
      if p.text.count != q.text.count { hasMoved = true }
    }
    return zip(x, y).allSatisfy { p, q in
      if p.isNumber, q.isNumber { return agree(p.text, q.text) }
      return hasMoved ? squeezed(p.text) == squeezed(q.text) : p.text == q.text
    }
  }

  private static func withoutEnd(_ line: String) -> String {
    var line = line[...]
    while line.last?.isWhitespace == true { line.removeLast() }
    return String(line)
  }

  private static func squeezed(_ text: String) -> String {
    let words = text.split(separator: " ")
    return words.isEmpty ? " " : words.joined(separator: " ")
  }

  /// Equal, or with a point or an exponent and within a unit of the last digit that the lesson writes.
  static func agree(_ expected: String, _ printed: String) -> Bool {
    if expected == printed { return true }
    guard expected.contains(where: { $0 == "." || $0 == "e" }), let x = Double(expected),
      let y = Double(printed)
    else { return false }
    let mantissa = expected.prefix { $0 != "e" }
    let exponent = max(-400, min(400, Int(expected.dropFirst(mantissa.count + 1)) ?? 0))
    let decimals = mantissa.firstIndex(of: ".").map { mantissa[$0...].count - 1 } ?? 0
    return abs(x - y) <= 1.0001 * pow(10, Double(exponent - decimals))
  }

  /// Numbers apart from the rest. A digit behind a letter is part of a name: W1.
  static func tokens(_ line: String) -> [(text: String, isNumber: Bool)] {
    var result: [(text: String, isNumber: Bool)] = []
    var text = ""
    let characters = Array(line)
    var i = 0
    func isDigit(_ index: Int) -> Bool {
      characters.indices.contains(index) && characters[index].isASCII && characters[index].isNumber
    }
    while i < characters.count {
      let isSigned = characters[i] == "-" && isDigit(i + 1)
      let before = i > 0 ? characters[i - 1] : " "
      guard isDigit(i) || isSigned, !(before.isLetter || before == "_" || before == "." || isDigit(i - 1))
      else {
        text.append(characters[i])
        i += 1
        continue
      }
      var end = i + 1
      while isDigit(end) { end += 1 }
      if end < characters.count, characters[end] == ".", isDigit(end + 1) {
        end += 1
        while isDigit(end) { end += 1 }
      }
      if end < characters.count, characters[end] == "e" {
        let sign = characters.indices.contains(end + 1) && "+-".contains(characters[end + 1]) ? 2 : 1
        if isDigit(end + sign) {
          end += sign
          while isDigit(end) { end += 1 }
        }
      }
      if !text.isEmpty { result.append((text, false)) }
      text = ""
      result.append((String(characters[i..<end]), true))
      i = end
    }
    if !text.isEmpty { result.append((text, false)) }
    return result
  }
}
