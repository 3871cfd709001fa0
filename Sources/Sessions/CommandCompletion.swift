import Explanations
import Formulas
import Operations

/// What may stand at the cursor: a command, a name that exists now, an option, a lesson or a file.
package enum CommandCompletion {
  package struct Choice: Sendable {
    /// Where the word begins that is completed, in Characters.
    package var from: Int
    package var words: [String]
    /// The beginning of a file's path, when a file may stand here.
    package var path: String?
  }

  package static func complete(_ line: String, cursor: Int, in workspace: Workspace) -> Choice {
    let characters = Array(line.prefix(cursor))
    let start = (characters.lastIndex(of: ";").map { $0 + 1 } ?? 0)
    let part = Array(characters[start...].drop(while: \.isWhitespace))
    let partStart = characters.count - part.count
    let isFirstWord = !part.contains(where: \.isWhitespace)
    let symbol = workspace.session.naming.symbol
    let names = SessionEnvironment(workspace.session).names.map(symbol)
    if isFirstWord {
      let (from, word) = lastWord(characters, from: partStart)
      let commands = from == partStart ? workspace.commands.commands.map { $0.name } : []
      return Choice(
        from: from, words: matching(word, commands + names + (from == partStart ? [] : functions)))
    }
    let commandWord = String(part.prefix { !$0.isWhitespace })
    let table = workspace.commands
    let matches = table.commands.filter { $0.name.hasPrefix(commandWord) }
    let command = table.command(named: commandWord) ?? (matches.count == 1 ? matches[0] : nil)
    switch command?.completes {
    case .words(let words):
      let blank = characters.lastIndex(where: \.isWhitespace).map { $0 + 1 } ?? partStart
      return Choice(from: blank, words: matching(String(characters[blank...]), words))
    case .files, .loadables:
      let blank = characters.lastIndex(where: \.isWhitespace).map { $0 + 1 } ?? partStart
      let word = String(characters[blank...])
      var named: [String] = []
      if case .loadables = command?.completes {
        named = matching(word, table.loadables.flatMap { $0.names(in: workspace) })
      }
      return Choice(from: blank, words: named, path: word)
    case .listed(let words):
      let (from, word) = lastWord(characters, from: partStart)
      return Choice(from: from, words: matching(word, words(table)))
    case .parameters:
      let (from, word) = lastWord(characters, from: partStart)
      return Choice(from: from, words: matching(word, workspace.session.model.parameters.map(symbol)))
    case .steps:
      let (from, word) = lastWord(characters, from: partStart)
      let steps = (try? workspace.session.program.get())?.steps.map { symbol($0.name) } ?? []
      return Choice(from: from, words: matching(word, steps))
    case .derivations:
      let (from, word) = lastWord(characters, from: partStart)
      let gradients = (try? workspace.session.program.get())?.backward.map { symbol($0.name) } ?? []
      // Behind a function stands one of its routes.
      let before = String(characters[partStart..<from]).split(whereSeparator: \.isWhitespace).last.map(
        String.init)
      let routes = before.flatMap(DerivationTable.row)?.routes
      return Choice(
        from: from, words: matching(word, routes ?? gradients + DerivationTable.rows.map(\.name)))
    case .names, .nothing, nil:
      let (from, word) = lastWord(characters, from: partStart)
      return Choice(from: from, words: matching(word, names + functions))
    }
  }

  private static let functions = Operation.functions.map { $0.name + "(" }

  private static func lastWord(_ characters: [Character], from start: Int) -> (Int, String) {
    var from = characters.count
    // ∂L/∂W1 is one word.
    while from > start,
      Lexer.continuesName(characters[from - 1]) || characters[from - 1] == "∂"
        || (characters[from - 1] == "/" && from < characters.count && characters[from] == "∂")
    {
      from -= 1
    }
    return (from, String(characters[from...]))
  }

  private static func matching(_ word: String, _ candidates: [String]) -> [String] {
    Array(Set(candidates.filter { $0.hasPrefix(word) })).sorted()
  }
}
