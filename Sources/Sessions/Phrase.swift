import Formulas

/// What people type out of habit from Python, and what it is here. One table for the interpreter, help and tests.
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

  package static let all: [Phrase] = [
    Phrase("NAME.backward()", .command("backward")),
    Phrase("NAME.step()", .command("update")),
    Phrase(
      "NAME.zero_grad()",
      .advice("every backward pass computes its gradients anew: nothing is to be set to zero")),
    Phrase("print(EXPR)", .command("show EXPR")),
    Phrase("NAME.shape", .command("show NAME")),
    Phrase("len(EXPR)", .command("show EXPR")),
    Phrase("np.allclose(EXPR, OTHER)", .command("max(abs(EXPR - (OTHER)))")),
    Phrase("torch.allclose(EXPR, OTHER)", .command("max(abs(EXPR - (OTHER)))")),
    Phrase("exit()", .command("quit")),
    Phrase("quit()", .command("quit")),
    Phrase("exit", .command("quit")),
    Phrase("help(EXPR)", .command("help EXPR")),
    Phrase("NAME?", .command("help NAME")),
    Phrase("import EXPR", .advice("nothing is imported: NumPy's functions are there, with or without np.")),
    Phrase("from EXPR", .advice("nothing is imported: NumPy's functions are there, with or without np.")),
    Phrase("for EXPR", .advice("a loop of updates is 'train epochs=10'")),
    Phrase("while EXPR", .advice("a loop of updates is 'train epochs=10'")),
    Phrase(
      "with torch.no_grad()EXPR", .advice("nothing is recorded behind your back: formulas change no gradient")
    ),
    Phrase("def EXPR", .advice("'let NAME = …' keeps a value, 'model' takes equations")),
  ]

  private init(_ pattern: String, _ meaning: Meaning) {
    self.pattern = pattern
    self.meaning = meaning
  }

  package static func meaning(of text: String) -> Meaning? {
    for phrase in all {
      guard let found = found(phrase.pattern[...], text[...]) else { continue }
      guard case .command(let command) = phrase.meaning else { return phrase.meaning }
      return .command(found.reduce(command) { $0.replacing($1.key, with: $1.value) })
    }
    return nil
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
