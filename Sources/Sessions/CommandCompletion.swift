import Explanations
import Formulas
import NeuralNetworks
import Operations

/// What may stand at the cursor: a command, a name that exists now, an option, a lesson or a file.
package enum CommandCompletion {
  package struct Choice: Sendable {
    /// Where the word begins that is completed, in Characters.
    package var from: Int
    package var words: [String]
    /// The beginning of a file's path, when a file may stand here.
    package var path: String?
    /// The quotation mark in which the path stands.
    package var quote: Character?
  }

  package static func complete(_ line: String, cursor: Int, in workspace: Workspace) -> Choice {
    let characters = Array(line.prefix(cursor))
    let start = partStart(characters)
    let part = Array(characters[start...].drop(while: \.isWhitespace))
    let place = Place(characters: characters, start: characters.count - part.count, workspace: workspace)
    if let quoted = place.quoted { return quoted }
    if let index = place.index { return index }
    guard part.contains(where: \.isWhitespace) else {
      let isFirst = place.name.from == place.start
      return place.formula(or: isFirst ? workspace.commands.commands.map { $0.name } : [])
    }
    let commandWord = String(part.prefix { !$0.isWhitespace })
    let table = workspace.commands
    let matches = table.commands.filter { $0.name.hasPrefix(commandWord) }
    guard let command = table.command(named: commandWord) ?? (matches.count == 1 ? matches[0] : nil) else {
      return place.formula()
    }
    return place.choice(command.completes)
  }

  /// Behind the last `;` outside brackets.
  private static func partStart(_ characters: [Character]) -> Int {
    var (start, depth) = (0, 0)
    for (i, c) in characters.enumerated() {
      if c == "(" || c == "[" { depth += 1 }
      if c == ")" || c == "]" { depth -= 1 }
      if c == ";", depth <= 0 { (start, depth) = (i + 1, 0) }
    }
    return start
  }

  private static let functions = Operation.functions.map { $0.name + "(" }

  /// The cursor in its line.
  private struct Place {
    let characters: [Character]
    /// Where the command begins.
    let start: Int
    let workspace: Workspace

    var session: Session { workspace.session }
    private func symbol(_ name: String) -> String { session.naming.symbol(name) }
    /// Those with a value, and those that the pass will give one.
    var names: [String] {
      SessionEnvironment(session).knownNames.map(symbol)
    }
    private var program: Program? { try? session.program.get() }

    /// The name that ends at the cursor, and where it begins. ∂L/∂W1 is one.
    var name: (from: Int, word: String) { name(endingAt: characters.count) }

    private func name(endingAt end: Int) -> (from: Int, word: String) {
      var from = end
      while from > start,
        Lexer.continuesName(characters[from - 1]) || characters[from - 1] == "∂"
          || (characters[from - 1] == "/" && from < end && characters[from] == "∂")
      {
        from -= 1
      }
      return (from, String(characters[from..<end]))
    }

    /// The word between blanks that ends at the cursor.
    private var word: (from: Int, word: String) {
      let from = characters.lastIndex(where: \.isWhitespace).map { $0 + 1 } ?? start
      return (from, String(characters[from...]))
    }

    /// Words between the command and the cursor's own.
    private var before: [String] {
      characters[start..<word.from].split(whereSeparator: \.isWhitespace).dropFirst().map { String($0) }
    }

    func choice(_ kind: CompletionKind) -> Choice {
      switch kind {
      case .nothing: return Choice(from: characters.count, words: [])
      case .words(let words): return Choice(from: word.from, words: matching(word.word, words))
      case .files: return Choice(from: word.from, words: [], path: word.word)
      case .loadables:
        let named = workspace.commands.loadables.flatMap { $0.names(in: workspace) }
        return Choice(from: word.from, words: matching(word.word, named), path: word.word)
      case .lessons:
        let named = workspace.commands.loadables.flatMap { $0.names(in: workspace) }
        return Choice(from: word.from, words: matching(word.word, named))
      case .listed(let words):
        return Choice(from: word.from, words: matching(word.word, words(workspace.commands)))
      case .parameters: return named(session.model.parameters)
      case .values: return Choice(from: name.from, words: matching(name.word, names))
      case .steps: return named(program?.steps.map(\.name) ?? [])
      case .derivations:
        // Behind a function stands one of its routes.
        if let routes = before.last.flatMap(DerivationTable.row)?.routes {
          return Choice(from: name.from, words: matching(name.word, routes))
        }
        let gradients = program?.backward.map { symbol($0.name) } ?? []
        return Choice(
          from: name.from, words: matching(name.word, gradients + DerivationTable.rows.map(\.name)))
      case .names: return formula()
      case .held(let words): return named(words(session))
      case .settings(let name, let otherwise):
        guard let setting = workspace.commands.command(named: name), setting is any Setting.Type else {
          return choice(otherwise)
        }
        return choice(setting.completes)
      case .byPlace(let decide): return choice(decide(before, word.word))
      case .several(let kinds):
        let choices = kinds.map(choice).filter { !$0.words.isEmpty || $0.path != nil }
        // What begins further to the left takes in more of what was typed.
        guard let from = choices.map(\.from).min() else { return Choice(from: characters.count, words: []) }
        let same = choices.filter { $0.from == from }
        return Choice(
          from: from, words: Array(Set(same.flatMap(\.words))).sorted(),
          path: same.compactMap(\.path).first)
      }
    }

    /// What a formula may go on with, or one of some words.
    func formula(or words: [String] = []) -> Choice {
      let (from, word) = name
      guard from > start, characters[from - 1] == "." else {
        return Choice(from: from, words: matching(word, words + names + functions))
      }
      // Behind a value its attributes as well, behind a module of Python its functions alone.
      let owner = name(endingAt: from - 1).word
      let isValue =
        names.contains(owner) || owner.isEmpty && from > start + 1 && ")]".contains(characters[from - 2])
      let isNumber = owner.allSatisfy(\.isNumber) && !isValue
      let gradient = session.naming.name(owner).gradientName
      let hasGradient = program?.backward.contains { $0.name == gradient } ?? false
      let attributes = isValue ? ["T", "shape"] + (hasGradient ? ["grad"] : []) : []
      return Choice(from: from, words: isNumber ? [] : matching(word, attributes + functions))
    }

    /// Inside a quotation that is open: a file where one is read, and nothing else.
    var quoted: Choice? {
      var open: Int?
      for i in start..<characters.count {
        if let from = open {
          if characters[i] == characters[from] { open = nil }
        } else if "\"'".contains(characters[i]), i == start || "([=, \t".contains(characters[i - 1]) {
          open = i
        }
      }
      guard let open else { return nil }
      let before = String(characters[start..<open])
      let command = before.split(whereSeparator: \.isWhitespace).first.flatMap {
        workspace.commands.command(named: String($0))
      }
      let outside = Place(characters: Array(characters[..<open]), start: start, workspace: workspace)
      let isFile =
        before.trimmed.hasSuffix("load(")
        || command.map { outside.choice($0.completes).path != nil } ?? false
      let path = String(characters[(open + 1)...])
      return Choice(from: open + 1, words: [], path: isFile ? path : nil, quote: characters[open])
    }

    private func named(_ names: [String]) -> Choice {
      Choice(from: name.from, words: matching(name.word, names.map(symbol)))
    }

    /// Behind `dW1[` the rows there are, behind `dW1[0,` the columns.
    var index: Choice? {
      var depth = 0
      var open = characters.count - 1
      while open >= start {
        if characters[open] == "]" { depth += 1 }
        if characters[open] == "[" {
          if depth == 0 { break }
          depth -= 1
        }
        open -= 1
      }
      guard open > start else { return nil }
      let (_, word) = name(endingAt: open)
      let own = session.model.resolve(session.naming.name(word))
      guard !word.isEmpty,
        let shape = SessionEnvironment(session).shape(of: own) ?? program?.shapes[own], !shape.isScalar
      else { return nil }
      let parts = characters[(open + 1)...].split(separator: ",", omittingEmptySubsequences: false)
      let typed = String(parts.last ?? []).trimmed
      guard typed.allSatisfy(\.isNumber), parts.count <= shape.rank else { return nil }
      let isLast = parts.count == shape.rank
      let rows = (0..<min(100, shape.dimensions[parts.count - 1])).map { "\($0)" + (isLast ? "]" : ",") }
      return Choice(from: characters.count - typed.count, words: rows.filter { $0.hasPrefix(typed) })
    }
  }

  /// Those that begin so; where none does, those that would in another case.
  private static func matching(_ word: String, _ candidates: [String]) -> [String] {
    let all = Set(candidates)
    let exact = all.filter { $0.hasPrefix(word) }
    let found = exact.isEmpty ? all.filter { $0.lowercased().hasPrefix(word.lowercased()) } : exact
    return found.sorted()
  }
}
