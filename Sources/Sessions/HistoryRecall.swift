import Formulas

/// `!!`, `!3` and `!net`, as in shells: a line that was typed before.
package enum HistoryRecall {
  /// The line that is meant; nil for any other line.
  /// - Parameters:
  ///   - commands: as `history` numbers them.
  ///   - last: the last line as it was typed.
  package static func line(
    for typed: String, commands: [String], last: String?
  ) throws(Diagnostic) -> String? {
    let text = typed.trimmed
    guard text.first == "!", text.count > 1, !text.hasPrefix("!=") else { return nil }
    let word = String(text.dropFirst())
    if word == "!" {
      guard let last else { throw nothing(text, "nothing has been typed yet") }
      return last
    }
    if let number = Int(word) {
      let place = number > 0 ? number - 1 : commands.count + number
      guard commands.indices.contains(place) else {
        throw nothing(
          text, commands.isEmpty ? "nothing has been typed yet" : "'history' goes from 1 to \(commands.count)"
        )
      }
      return commands[place]
    }
    guard let found = commands.last(where: { $0.hasPrefix(word) }) else {
      throw nothing(text, "no line of 'history' begins with '\(word.prefix(40))'")
    }
    return found
  }

  private static func nothing(_ typed: String, _ reason: String) -> Diagnostic {
    var diagnostic = Diagnostic("\(reason)", at: [0..<typed.count])
    diagnostic.source = typed
    return diagnostic
  }
}
