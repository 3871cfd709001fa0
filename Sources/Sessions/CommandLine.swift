import Formulas
import Operations

/// A command's name and what stands behind it, with the places in the typed line.
package struct CommandLine: Sendable {
  /// The line as typed.
  package let text: String
  package let name: String
  package let nameRange: Range<Int>
  /// What stands behind the name, without surrounding blanks.
  package let rest: String
  /// Where `rest` begins in `text`, in Characters.
  package let offset: Int
  /// How names were typed.
  package let naming: Naming

  package init(
    text: String, name: String, nameRange: Range<Int>, rest: String, offset: Int, naming: Naming
  ) {
    self.text = text
    self.name = name
    self.nameRange = nameRange
    self.rest = rest
    self.offset = offset
    self.naming = naming
  }

  package struct Word: Sendable, Equatable {
    package let text: String
    package let range: Range<Int>

    package init(text: String, range: Range<Int>) {
      self.text = text
      self.range = range
    }
  }

  /// Words between blanks; brackets hold a word together: `conv(4, 3x3)`, `W1[0, 1]`.
  package var words: [Word] { words(atMost: .max) }

  /// The first of them, without a look at what stands behind it: that may be a matrix.
  package var firstWord: Word? { words(atMost: 1).first }

  private func words(atMost most: Int) -> [Word] {
    var result: [Word] = []
    var start: (place: String.Index, offset: Int)?
    var depth = 0
    var end = offset
    for (place, c) in zip(rest.indices, rest) {
      if c == "(" || c == "[" { depth += 1 }
      if c == ")" || c == "]" { depth -= 1 }
      let isBlank = c.isWhitespace && depth <= 0
      if isBlank, let from = start {
        result.append(Word(text: String(rest[from.place..<place]), range: from.offset..<end))
        if result.count == most { return result }
        start = nil
      } else if !isBlank, start == nil {
        start = (place, end)
      }
      end += 1
    }
    if let from = start { result.append(Word(text: String(rest[from.place...]), range: from.offset..<end)) }
    return result
  }

  /// The program's name for a word that was typed: `dW1` for `∂L/∂w_1`.
  package func name(_ word: Word) -> String { naming.name(word.text) }

  /// `lr = 0.5` is one word, as `lr=0.5` is.
  private var joinedAtEquals: [Word] {
    var result: [Word] = []
    for word in words {
      if let last = result.last, word.text.first == "=" || last.text.last == "=", !word.text.hasPrefix("==") {
        result[result.count - 1] = Word(
          text: last.text + word.text, range: last.range.lowerBound..<word.range.upperBound)
      } else {
        result.append(word)
      }
    }
    return result
  }

  /// `key=value` words apart from the others.
  package var options: (values: [(key: String, value: String, word: Word)], others: [Word]) {
    var values: [(key: String, value: String, word: Word)] = []
    var others: [Word] = []
    for word in joinedAtEquals {
      if let equals = word.text.firstIndex(of: "="), equals != word.text.startIndex,
        word.text.first?.isLetter == true,
        word.text[..<equals].allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" })
      {
        values.append(
          (String(word.text[..<equals]), String(word.text[word.text.index(after: equals)...]), word))
      } else {
        others.append(word)
      }
    }
    return (values, others)
  }

  /// A formula in it names a file.
  package var readsFiles: Bool {
    guard rest.contains("\"") || rest.contains("'"), let tokens = try? Lexer.tokens(of: rest, naming: naming)
    else {
      return false
    }
    return tokens.contains { token in
      if case .name(let name) = token.kind { FileReference(name) != nil } else { false }
    }
  }

  package var restRange: Range<Int> { offset..<offset + max(1, rest.count) }

  /// A formula that begins at a place of the line, its marks counted in the line.
  package static func formula(
    _ part: String, at offset: Int, in text: String, naming: Naming
  ) throws(Diagnostic) -> Parsed {
    do {
      let parsed = try Parser.parse(part, naming: naming)
      return Parsed(expression: parsed.expression, ranges: parsed.ranges.shifted(by: offset))
    } catch {
      var diagnostic = error
      diagnostic.marks = diagnostic.marks.map { $0.lowerBound + offset..<$0.upperBound + offset }
      diagnostic.source = text
      throw diagnostic
    }
  }

  package func usageError(_ message: Prose, _ usage: String, at range: Range<Int>? = nil) -> Diagnostic {
    var diagnostic = Diagnostic(message, at: [range ?? nameRange], hint: "usage: \(usage)")
    diagnostic.isUsage = true
    return diagnostic
  }

  package func takesNothing(_ usage: String) throws(Diagnostic) {
    guard rest.isEmpty else { throw usageError("\(name) takes nothing behind it", usage, at: restRange) }
  }

  /// An optional count behind a command, 1 when there is none.
  package func count(_ usage: String) throws(Diagnostic) -> Int {
    guard !rest.isEmpty else { return 1 }
    guard let count = Int(rest), count >= 1 else {
      throw usageError("'\(rest.prefix(20))' is not a number of steps", usage, at: restRange)
    }
    return count
  }

  package func onOrOff(_ usage: String) throws(Diagnostic) -> Bool {
    switch rest {
    case "on": return true
    case "off": return false
    default: throw usageError("'\(rest.prefix(20))' is neither on nor off", usage, at: restRange)
    }
  }
}

extension RangeTree {
  func shifted(by offset: Int) -> RangeTree {
    RangeTree(
      range: range.lowerBound + offset..<range.upperBound + offset,
      symbol: symbol.map { $0.lowerBound + offset..<$0.upperBound + offset },
      children: children.map { $0.shifted(by: offset) })
  }
}

extension String {
  /// Without blanks at both ends.
  package var trimmed: String {
    var part = self[...]
    while part.first?.isWhitespace == true { part.removeFirst() }
    while part.last?.isWhitespace == true { part.removeLast() }
    return String(part)
  }

  /// Without quotation marks around it, as a file name with blanks may be typed.
  package var unquoted: String {
    count >= 2 && (hasPrefix("\"") && hasSuffix("\"") || hasPrefix("'") && hasSuffix("'"))
      ? String(dropFirst().dropLast()) : self
  }
}
