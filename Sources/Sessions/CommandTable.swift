import Formulas

/// All commands: the one list that help, completion, abbreviations and "did you mean" read.
package struct CommandTable: Sendable {
  package let commands: [any Command.Type]
  /// What runs a line that begins with no command's name.
  package let formula: any Command.Type
  /// What `load` opens besides scripts.
  package let loadables: [any Loadable.Type]

  package init(
    commands: [any Command.Type], formula: any Command.Type, loadables: [any Loadable.Type] = []
  ) {
    self.commands = commands
    self.formula = formula
    self.loadables = loadables
  }

  /// This table with what another target adds to it.
  package func adding(
    _ more: [any Command.Type], loadables others: [any Loadable.Type] = []
  ) -> CommandTable {
    CommandTable(commands: commands + more, formula: formula, loadables: loadables + others)
  }

  package struct Resolved {
    package let type: any Command.Type
    package let line: CommandLine
    /// Whether only the beginning of its name was typed.
    let isAbbreviated: Bool

    package init(_ type: any Command.Type, _ line: CommandLine, isAbbreviated: Bool = false) {
      self.type = type
      self.line = line
      self.isAbbreviated = isAbbreviated
    }

    /// How far the command reaches as it was typed.
    package var access: CommandAccess {
      if line.readsFiles { return .files }
      return if case .asTyped(let decide) = type.access { decide(line) } else { type.access }
    }
  }

  package func command(named name: String) -> (any Command.Type)? {
    commands.first { $0.name == name || $0.shortForms.contains(name) }
  }

  /// Whether a `;` behind this text goes on with the equations of a model: behind `model Z = X @ W` it does, behind the
  /// name of a ready model it ends the command.
  func takesWholeLine(_ text: String) -> Bool {
    let words = text.split(maxSplits: 2, whereSeparator: \.isWhitespace)
    guard let word = words.first.map(String.init),
      command(named: word)?.name == "model" || (word.count >= 3 && "model".hasPrefix(word))
    else { return false }
    guard words.count > 1, words[1] != "repeat", !words[1].contains("=") else { return true }
    return words.count > 2 && words[2].hasPrefix("=")
  }

  /// The command that a text asks for: a full name, then a name of the session as an expression, then a short form
  /// or a prefix that only one command has, else an expression. A short form and a prefix count where what stands
  /// behind them fits the command, so that two commands may share one: `b` is backward, and `b dZ1` is break.
  func resolve(
    _ text: String, at offset: Int, of line: String, session: Session
  ) throws(Diagnostic) -> Resolved {
    let naming = session.naming
    let word = String(text.prefix { Lexer.continuesName($0) || $0 == "?" })
    let after = text.dropFirst(word.count)
    let rest = after.drop(while: \.isWhitespace)
    let commandLine = CommandLine(
      text: line, name: word, nameRange: offset..<offset + max(1, word.count),
      rest: String(rest), offset: offset + text.count - rest.count, naming: naming)
    let isWordAlone =
      after.first.map { $0.isWhitespace || $0 == "[" || $0 == "\"" } ?? true
      || (after.hasPrefix("!") && !after.hasPrefix("!="))
    let expression = Resolved(
      formula,
      CommandLine(
        text: line, name: "", nameRange: offset..<offset + text.count, rest: text, offset: offset,
        naming: naming))
    guard let first = word.first, Lexer.startsName(first) || first == "?", isWordAlone || word == "?" else {
      return expression
    }
    // A value may be called as a command is: `next = next[:1]` of a model whose targets are next.
    let isValue = session.isKnown(naming.name(word)) && isOperator(rest)
    if let exact = commands.first(where: { $0.name == word }), !after.hasPrefix("["), !isValue {
      if let setting = setting(behind: exact, commandLine) { return setting }
      return Resolved(exact, commandLine)
    }
    // Only a command's full name stands before the sign of an assignment.
    if Assignment.isMeant(by: String(after)),
      after.drop(while: \.isWhitespace).first.map({ "=+-*/[".contains($0) }) == true
    {
      return expression
    }
    let name = naming.name(word)
    let isKnown = session.isKnown(name)
    if isKnown || SessionEnvironment(session).shape(of: name) != nil {
      return expression
    }
    if !after.hasPrefix("[") {
      let fitting = commands.filter { rest.isEmpty || !$0.takesNothing }
      if let short = fitting.first(where: { $0.shortForms.contains(word) }) {
        return Resolved(short, commandLine)
      }
      let matches = fitting.filter { $0.name.hasPrefix(word) }
      if let only = matches.first, matches.count == 1 {
        guard !(only is any ChangesValues.Type) else {
          let short = only.shortForms.first.map { " or '\($0)'" } ?? ""
          throw Diagnostic(
            "there is no command or name '\(word)'", at: [commandLine.nameRange],
            hint:
              "did you mean \(only.name)? It changes values, so it is typed in full: '\(only.name)'\(short)")
        }
        return Resolved(only, commandLine, isAbbreviated: true)
      }
      if matches.count > 1, !isOperator(rest), Vocabulary.operations.signature(word) == nil {
        throw Diagnostic(
          "'\(word)' is short for several commands", at: [commandLine.nameRange],
          hint: "which one: \(matches.map { $0.name }.joined(separator: ", "))?")
      }
    }
    if isOperator(rest) { return expression }
    let bare = commands.filter {
      $0.takesNothing && !($0 is any ChangesValues.Type) && $0.name.hasPrefix(word)
    }
    if let only = bare.first, bare.count == 1, !rest.isEmpty {
      throw Diagnostic(
        "there is no command or name '\(word)'", at: [commandLine.nameRange],
        hint: "did you mean \(only.name)? Nothing stands behind it")
    }
    if Vocabulary.operations.signature(word) != nil
      || (try? Parser.parse("\(word)(\(rest))", naming: naming)) != nil
    {
      throw Diagnostic(
        "'\(word)' is a function", at: [commandLine.nameRange],
        hint: "what it is applied to stands in brackets: \(word)(\(rest.isEmpty ? "…" : rest))")
    }
    // Two words without an operator between them cannot be a formula: the first was meant as a command.
    let names = commands.map { $0.name }
    let known = rest.isEmpty ? SessionEnvironment(session).knownNames + names : names
    throw Diagnostic(
      "there is no command or name '\(word)'", at: [commandLine.nameRange],
      hint: naming.nearest(to: word, in: known).map { "did you mean \(name: $0)?" }
        ?? "'help' lists the commands")
  }

  /// `set pager off` is `pager off`; `set pager = 1` gives a name a value.
  private func setting(behind verb: any Command.Type, _ line: CommandLine) -> Resolved? {
    guard verb is any SettingVerb.Type, let first = line.firstWord,
      let command = commands.first(where: { $0.name == first.text && $0 is any Setting.Type })
    else { return nil }
    let rest = line.rest.dropFirst(first.text.count).drop(while: \.isWhitespace)
    guard !Assignment.isMeant(by: String(rest)) else { return nil }
    return Resolved(
      command,
      CommandLine(
        text: line.text, name: first.text, nameRange: first.range, rest: String(rest),
        offset: line.offset + line.rest.count - rest.count, naming: line.naming))
  }

  private func isOperator(_ rest: Substring) -> Bool {
    guard let first = rest.first else { return false }
    return "+-*/@=<>.([)],!ᵀ·⊙^:'′²³×−≤≥≠".contains(first)
  }
}
