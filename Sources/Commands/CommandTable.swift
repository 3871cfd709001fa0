import Formulas
import LinearAlgebra

/// All commands: the one list that help, completion, abbreviations and "did you mean" read.
package struct CommandTable: Sendable {
  package let commands: [any Command.Type]

  package static let standard = CommandTable(commands: [
    ForwardCommand.self,
    BackwardCommand.self,
    StepCommand.self,
    BackCommand.self,
    UntilCommand.self,
    RestartCommand.self,
    ShowCommand.self,
    TraceCommand.self,
    ShapesCommand.self,
    InfoCommand.self,
    NotationCommand.self,
    JacobianCommand.self,
    CompareCommand.self,
    GradcheckCommand.self,
    FusedCommand.self,
    NetCommand.self,
    EquationsCommand.self,
    ModelCommand.self,
    ParamCommand.self,
    SetCommand.self,
    LetCommand.self,
    WhyCommand.self,
    UpdateCommand.self,
    LossCommand.self,
    AccuracyCommand.self,
    LoadCommand.self,
    SaveCommand.self,
    UndoCommand.self,
    RedoCommand.self,
    ResetCommand.self,
    HistoryCommand.self,
    PrecisionCommand.self,
    HeatCommand.self,
    HelpCommand.self,
    QuitCommand.self,
    DeriveCommand.self,
    CheckCommand.self,
    PlotCommand.self,
    CostCommand.self,
    BenchCommand.self,
    DataCommand.self,
    BatchCommand.self,
    ShuffleCommand.self,
    LessonsCommand.self,
    LessonCommand.self,
    NextCommand.self,
    AnswerCommand.self,
    HintCommand.self,
    RevealCommand.self,
    TrainCommand.self,
    BLASCommand.self,
    PracticeCommand.self,
  ])

  package struct Resolved {
    package let type: any Command.Type
    package let line: CommandLine
  }

  package func command(named name: String) -> (any Command.Type)? {
    commands.first { $0.name == name || $0.shortForms.contains(name) }
  }

  func takesWholeLine(_ word: String) -> Bool {
    guard !word.isEmpty else { return false }
    return command(named: word)?.name == "model" || (word.count >= 3 && "model".hasPrefix(word))
  }

  /// The command that a text asks for: a full name, then a name of the session as an expression, then a short form
  /// or a prefix that only one command has, else an expression.
  func resolve(
    _ text: String, at offset: Int, of line: String, session: Session
  ) throws(Diagnostic) -> Resolved {
    let word = String(text.prefix { Lexer.continuesName($0) || $0 == "?" })
    let after = text.dropFirst(word.count)
    let rest = after.drop(while: \.isWhitespace)
    let commandLine = CommandLine(
      text: line, name: word, nameRange: offset..<offset + max(1, word.count),
      rest: String(rest), offset: offset + text.count - rest.count)
    let isWordAlone = after.first.map { $0.isWhitespace || $0 == "[" || $0 == "\"" } ?? true
    let expression = Resolved(
      type: ExpressionCommand.self,
      line: CommandLine(
        text: line, name: "", nameRange: offset..<offset + text.count, rest: text, offset: offset))
    guard let first = word.first, Lexer.startsName(first) || first == "?", isWordAlone || word == "?" else {
      return expression
    }
    if let exact = commands.first(where: { $0.name == word }), !after.hasPrefix("[") {
      return Resolved(type: exact, line: commandLine)
    }
    if session.isKnown(word)
      || SessionEnvironment(session).shape(of: word) != nil
    {
      return expression
    }
    if !after.hasPrefix("[") {
      if let short = command(named: word) { return Resolved(type: short, line: commandLine) }
      let matches = commands.filter { $0.name.hasPrefix(word) }
      if let only = matches.first, matches.count == 1 { return Resolved(type: only, line: commandLine) }
      if matches.count > 1, !isOperator(rest) {
        throw Diagnostic(
          "'\(word)' is short for several commands", at: [commandLine.nameRange],
          hint: "which one: \(matches.map { $0.name }.joined(separator: ", "))?")
      }
    }
    if isOperator(rest), !rest.isEmpty || session.isKnown(word) { return expression }
    if rest.isEmpty, session.isKnown(word) { return expression }
    // Two words without an operator between them cannot be a formula: the first was meant as a command.
    let names = commands.flatMap { [$0.name] }
    let known = rest.isEmpty ? SessionEnvironment(session).names + names : names
    throw Diagnostic(
      "there is no command or name '\(word)'", at: [commandLine.nameRange],
      hint: Suggestions.nearest(to: word, in: known).map { "did you mean \($0)?" }
        ?? "'help' lists the commands")
  }

  private func isOperator(_ rest: Substring) -> Bool {
    guard let first = rest.first else { return false }
    return "+-*/@=<>.([)],!ᵀ·⊙^:'′²³×−≤≥≠".contains(first)
  }
}

extension Session {
  /// A name that the model defines, whether or not it has a value yet.
  func isKnown(_ name: String) -> Bool {
    let name = model.resolve(name)
    let planned = (try? program.get())?.shapes.keys.contains(name) ?? false
    return planned || model.equations.contains { $0.name == name } || model.leaves.contains(name)
      || name == "J"
      || (name.hasPrefix("d")
        && (model.leaves.contains(String(name.dropFirst()))
          || model.equations.contains { "d" + $0.name == name }))
  }
}
