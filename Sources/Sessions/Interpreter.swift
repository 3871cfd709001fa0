import Formulas
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
      // In a script a blank line is only a blank line.
      let meaning = workspace.outside.isInteractive ? workspace.activity?.emptyLine : nil
      guard let command = workspace.repeatable ?? meaning else { return [] }
      return [run(command: command, at: 0, of: command, in: &workspace)]
    }
    var outcomes: [Outcome] = []
    for part in split(line, table: workspace.commands) {
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
      let typed = try workspace.commands.resolve(text, at: offset, of: line, session: workspace.session)
      if let refusal = workspace.activity?.refusal(of: typed.type) { throw refusal }
      if typed.type.access == .wholePass, let withheld = before.withheld, !withheld.hidden.isEmpty {
        throw withheld.refusal(ofCommand: typed.type.name, at: typed.line.nameRange)
      }
      let command = workspace.activity?.meaning(of: typed) ?? typed
      var report = try command.type.run(command.line, in: &workspace)
      report.naming = workspace.session.naming
      workspace.activity?.note(command.type)
      if workspace.past.count == depth, workspace.session.differs(from: before),
        !(command.type is any TimeTravel.Type)
      {
        workspace.remember(before)
      }
      let isRepeatable =
        command.type is any Repeatable.Type && workspace.activity?.ownsEmptyLine != true
      workspace.repeatable = isRepeatable ? text : nil
      workspace.typed.append(text)
      return Outcome(command: text, result: .success(report))
    } catch {
      workspace.session = before
      workspace.repeatable = nil
      var diagnostic = error
      if diagnostic.source == nil, diagnostic.file == nil { diagnostic.source = line }
      diagnostic.naming = before.naming
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
