import Formulas
import LinearAlgebra
import Reports

/// A typed line → commands → reports. It decides only what a line means; the commands do the rest.
package enum Interpreter {
  /// What came of one command.
  package struct Outcome: Sendable {
    package let command: String
    package let result: Result<Report, Diagnostic>
  }

  /// Runs every command of a line; stops behind the first that fails.
  package static func run(_ line: String, in workspace: inout Workspace) -> [Outcome] {
    guard line.utf8.count <= Lexer.longestLine else {
      let diagnostic = Diagnostic(
        "this line is \(line.utf8.count) bytes long; the longest that is read has \(Lexer.longestLine)",
        hint: "put numbers into a file and read it with 'data csv FILE' or 'data npy FILE'")
      return [Outcome(command: String(line.prefix(60)) + "…", result: .failure(diagnostic))]
    }
    let line = strippingPrompt(line)
    if workspace.openBlock != nil { return [continueBlock(line, in: &workspace)].compactMap { $0 } }
    if line.allSatisfy(\.isWhitespace) {
      // Enter goes on with a lesson; in a script a blank line is only a blank line.
      let goesOn = workspace.lesson != nil && workspace.outside.isInteractive
      guard let command = workspace.repeatable ?? (goesOn ? NextCommand.name : nil) else { return [] }
      return [run(command: command, at: 0, of: command, in: &workspace)]
    }
    var outcomes: [Outcome] = []
    for part in split(line, table: CommandTable.standard) {
      let outcome = run(command: part.text, at: part.offset, of: line, in: &workspace)
      outcomes.append(outcome)
      if case .failure = outcome.result { break }
      if workspace.isQuitting { break }
    }
    return outcomes
  }

  /// `stepgrad> forward` pasted from a page means `forward`.
  static func strippingPrompt(_ line: String) -> String {
    let trimmed = line.drop { $0.isWhitespace }
    for prompt in ["stepgrad> ", "> ", "... "] where trimmed.hasPrefix(prompt) {
      return String(trimmed.dropFirst(prompt.count))
    }
    return line
  }

  private static func run(
    command text: String, at offset: Int, of line: String, in workspace: inout Workspace
  ) -> Outcome {
    let before = workspace.session
    let depth = workspace.past.count
    do throws(Diagnostic) {
      var command = try CommandTable.standard.resolve(text, at: offset, of: line, session: workspace.session)
      if workspace.runsLessonText, let refusal = LessonRunner.refusal(command.type) { throw refusal }
      if let refusal = PracticePlayer.refusal(command.type, command.line, before) { throw refusal }
      if command.type == ExpressionCommand.self, workspace.lesson?.asks == true {
        command = CommandTable.Resolved(type: AnswerCommand.self, line: command.line)
      }
      let report = try command.type.run(command.line, in: &workspace)
      workspace.lesson?.note(command.type)
      if workspace.past.count == depth, workspace.session.differs(from: before),
        !(command.type is any TimeTravel.Type)
      {
        workspace.remember(before)
      }
      // Behind a page of a lesson an empty line goes on with the lesson.
      let isLessonStep = workspace.lesson?.isInFlow == true
      workspace.repeatable = command.type is any Repeatable.Type && !isLessonStep ? text : nil
      workspace.typed.append(text)
      return Outcome(command: text, result: .success(report))
    } catch {
      workspace.session = before
      workspace.repeatable = nil
      var diagnostic = error
      if diagnostic.source == nil, diagnostic.file == nil { diagnostic.source = line }
      return Outcome(command: text, result: .failure(diagnostic))
    }
  }

  private static func continueBlock(_ line: String, in workspace: inout Workspace) -> Outcome? {
    let word = line.split(whereSeparator: \.isWhitespace).first
    guard word == "end" else {
      workspace.openBlock?.append(line)
      return nil
    }
    let lines = workspace.openBlock ?? []
    workspace.openBlock = nil
    let equations = lines.map { $0.prefix { $0 != "#" } }.joined(separator: ";")
    return run(command: "model " + equations, at: 0, of: "model " + equations, in: &workspace)
  }

  /// Splits at `;` outside brackets and takes comments off. `model` takes the rest of its line.
  static func split(_ line: String, table: CommandTable) -> [(text: String, offset: Int)] {
    var parts: [(text: String, offset: Int)] = []
    var start = 0
    var depth = 0
    let characters = Array(line)
    func add(_ range: Range<Int>) {
      var range = range
      while let first = range.first, characters[first].isWhitespace { range = range.dropFirst() }
      while let last = range.last, characters[last].isWhitespace { range = range.dropLast() }
      if !range.isEmpty { parts.append((String(characters[range]), range.lowerBound)) }
    }
    for (i, c) in characters.enumerated() {
      if c == "(" || c == "[" { depth += 1 }
      if c == ")" || c == "]" { depth -= 1 }
      if c == "#" {
        add(start..<i)
        return parts
      }
      guard c == ";", depth <= 0 else { continue }
      let word = String(characters[start..<i].drop(while: \.isWhitespace).prefix { !$0.isWhitespace })
      if table.takesWholeLine(word) { continue }
      add(start..<i)
      start = i + 1
      depth = 0
    }
    add(start..<characters.count)
    return parts
  }
}

/// A command that an empty line repeats: step, back, next.
package protocol Repeatable {}

/// A command that moves in the history of sessions and is not itself taken back.
package protocol TimeTravel {}

extension Session {
  /// Whether a command changed anything that `undo` should bring back.
  func differs(from other: Session) -> Bool {
    cursor != other.cursor || settings != other.settings || isFused != other.isFused || model != other.model
      || leaves != other.leaves || scratch != other.scratch || data != other.data || losses != other.losses
      || practice != other.practice
  }
}
