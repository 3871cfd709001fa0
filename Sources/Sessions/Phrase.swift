import Formulas

/// What people type out of habit from another program, and what it is here.
package struct Phrase: Sendable {
  package enum Meaning: Sendable, Equatable {
    /// What is run instead.
    case command(String)
    /// What to type here, where no one command is meant.
    case advice(String)
  }

  /// NAME stands for a name, EXPR for anything between its neighbours: `print(EXPR)`.
  package let pattern: String
  /// With the same words: `show EXPR`.
  package let meaning: Meaning

  /// The letters at the ends of the pattern; nil where a place stands there.
  private let first: UInt8?
  private let last: UInt8?

  /// Whose habit it is: "Python", "gdb".
  package private(set) var language = ""

  /// More than one language may have a phrase: the first that fits is meant.
  package static let all: [Phrase] = Habits.table.flatMap { language, phrases in
    phrases.map { phrase in
      var phrase = phrase
      phrase.language = language
      return phrase
    }
  }

  init(_ pattern: String, _ meaning: Meaning) {
    self.pattern = pattern
    self.meaning = meaning
    first = Self.places.contains(where: pattern.hasPrefix) ? nil : pattern.utf8.first
    last = Self.places.contains(where: pattern.hasSuffix) ? nil : pattern.utf8.last
  }

  package static func meaning(of text: String) -> Meaning? { reading(of: text)?.meaning }

  /// What a line means, and whose habit it is.
  static func reading(of text: String) -> (meaning: Meaning, language: String)? {
    let ends = (text.utf8.first, text.utf8.last { $0 != UInt8(ascii: " ") })
    for phrase in all where phrase.mayHave(ends) {
      guard let found = found(phrase.pattern[...], text[...]) else { continue }
      func filled(_ words: String) -> String { found.reduce(words) { $0.replacing($1.key, with: $1.value) } }
      switch phrase.meaning {
      case .command(let command): return (.command(filled(command)), phrase.language)
      case .advice(let words): return (.advice(filled(words)), phrase.language)
      }
    }
    return nil
  }

  /// Leaves most phrases out by the first and last letter of the text.
  private func mayHave(_ ends: (first: UInt8?, last: UInt8?)) -> Bool {
    (first == nil || first == ends.first) && (last == nil || last == ends.last)
  }

  private static let places = ["NAME", "EXPR", "OTHER"]

  /// What stands for the places of a pattern; nil where the text is another.
  private static func found(_ pattern: Substring, _ text: Substring) -> [String: String]? {
    guard let place = places.first(where: { pattern.hasPrefix($0) }) else {
      guard let first = pattern.first else { return text.allSatisfy(\.isWhitespace) ? [:] : nil }
      guard text.first == first else { return nil }
      return found(pattern.dropFirst(), text.dropFirst())
    }
    let rest = pattern.dropFirst(place.count)
    if place == "NAME" {
      let name = text.prefix(while: Lexer.continuesName)
      guard name.first.map(Lexer.startsName) == true else { return nil }
      return found(rest, text.dropFirst(name.count))?.merging([place: String(name)]) { first, _ in first }
    }
    // As far as its brackets close, up to what follows it in the pattern.
    var depth = 0
    var end = text.startIndex
    while end < text.endIndex {
      let c = text[end]
      if depth == 0, let next = rest.first, c == next, end > text.startIndex,
        let found = found(rest, text[end...])
      {
        return found.merging([place: String(text[..<end])]) { first, _ in first }
      }
      if c == "(" || c == "[" { depth += 1 }
      if c == ")" || c == "]" { depth -= 1 }
      guard depth >= 0 else { return nil }
      text.formIndex(after: &end)
    }
    return rest.isEmpty && !text.isEmpty ? [place: String(text)] : nil
  }
}
