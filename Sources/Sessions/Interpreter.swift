import Formulas
import LinearAlgebra
import Reports

/// A typed line → commands → reports. It decides only what a line means; the commands do the rest.
package enum Interpreter {
  /// What came of one command.
  package struct Outcome: Sendable {
    package let command: String
    package var result: Result<Report, Diagnostic>
    /// Whether a failure was an answer that was wrong.
    var isAnswer = false
  }

  /// Runs every command of a line; stops behind the first that fails, and says which were not run.
  /// - Parameter place: where the line stands when it was not typed; messages name it.
  package static func run(
    _ line: String, at place: ScriptPlace? = nil, in workspace: inout Workspace
  ) -> [Outcome] {
    guard line.utf8.count <= Lexer.longestLine else {
      var diagnostic = Diagnostic(
        "this line is longer than \(Lexer.longestLine) bytes, and no longer one is read",
        hint: "put numbers into a file and read it with 'data csv FILE' or 'data npy FILE'")
      (diagnostic.file, diagnostic.line) = (place?.file, place?.line)
      return [Outcome(command: String(line.prefix(60)) + "…", result: .failure(diagnostic))]
    }
    // A print that leaves rows out has a line of points, which is no prompt.
    let line = workspace.openBlock?.end == .rows && line.hasPrefix("..") ? line : strippingPrompt(line)
    switch workspace.openBlock?.end {
    case .word: return [continueBlock(line, at: place, in: &workspace)].compactMap { $0 }
    case .bracket: return continueBrackets(line, at: place, in: &workspace)
    case .rows: return continueRows(line, at: place, in: &workspace)
    case nil: break
    }
    // What is indented belongs to the loop or function before it, and means nothing alone.
    if workspace.hasRefusedHeader, line.first?.isWhitespace == true { return [] }
    workspace.hasRefusedHeader = false
    if place != nil || workspace.outside.isInteractive, OpenBlock.openBrackets(line) > 0 {
      workspace.openBlock = OpenBlock(at: place, until: .bracket)
      workspace.openBlock?.append(line, at: place)
      return []
    }
    if place != nil || workspace.outside.isInteractive, opensRows(line, at: place, in: &workspace) {
      return []
    }
    let outcomes = runAll(line, at: place, in: &workspace)
    if case .failure? = outcomes.last?.result, line.last(where: { !$0.isWhitespace }) == ":" {
      workspace.hasRefusedHeader = true
    }
    return outcomes
  }

  static func runAll(
    _ line: String, at place: ScriptPlace?, in workspace: inout Workspace
  ) -> [Outcome] {
    if line.allSatisfy(\.isWhitespace) {
      // In a script a blank line is only a blank line.
      guard place == nil else { return [] }
      let meaning = workspace.outside.isInteractive ? workspace.activity?.emptyLine : nil
      guard let command = meaning ?? workspace.repeatable else { return [] }
      workspace.isRepeating = true
      defer { workspace.isRepeating = false }
      return [run(command: command, from: 0, of: command, at: place, in: &workspace)]
    }
    var outcomes: [Outcome] = []
    // Rows of a matrix that is asked for are one answer.
    let isAnswer = line.contains(";") && workspace.activity?.isAnswer(line, in: workspace.session) == true
    let parts = isAnswer ? [(text: line, offset: 0)] : split(line, table: workspace.commands)
    for (number, part) in parts.enumerated() {
      MemoryBudget.hasRefused = false
      var outcome = run(command: part.text, from: part.offset, of: line, at: place, in: &workspace)
      if MemoryBudget.hasRefused, case .failure = outcome.result, workspace.loadDepth == 0,
        workspace.forgetHistory()
      {
        MemoryBudget.hasRefused = false
        outcome = run(command: part.text, from: part.offset, of: line, at: place, in: &workspace)
      }
      if MemoryBudget.hasRefused, case .failure(var diagnostic) = outcome.result {
        diagnostic.hint = diagnostic.hint ?? workspace.heldMemory
        outcome = Outcome(command: outcome.command, result: .failure(diagnostic))
      }
      if case .failure(var diagnostic) = outcome.result, !outcome.isAnswer {
        diagnostic.notRun = parts.dropFirst(number + 1).map(\.text)
        outcome.result = .failure(diagnostic)
        outcomes.append(outcome)
        break
      }
      outcomes.append(outcome)
      if workspace.isQuitting { break }
    }
    return outcomes
  }

  /// `stepgrad> forward` pasted from a page means `forward`.
  static func strippingPrompt(_ line: String) -> String {
    let trimmed = line.drop { $0.isWhitespace }
    for prompt in ["stepgrad> ", "> ", "...> ", "... ", ">>> ", ">> ", "julia> ", "(gdb) ", "(Pdb) "]
    where trimmed.hasPrefix(prompt) {
      return String(trimmed.dropFirst(prompt.count))
    }
    // IPython's In [3]: and Out[3]:
    for word in ["In [", "Out["] where trimmed.hasPrefix(word) {
      let rest = trimmed.dropFirst(word.count).drop(while: \.isNumber)
      if rest.hasPrefix("]: ") { return String(rest.dropFirst(3)) }
    }
    return PromptStyle.stripping(trimmed).map(String.init) ?? line
  }

  /// One command, whole or not at all: what fails or is interrupted leaves the workspace as it was, history included.
  /// - Parameter isMeant: the text is what an answer means, and is not asked again whether it is one.
  private static func run(
    command text: String, from offset: Int, of line: String, at place: ScriptPlace?,
    in workspace: inout Workspace, isMeant: Bool = false
  ) -> Outcome {
    let before = workspace
    var isAnswer = false
    // A command's bare name is no phrase: start-up is short without their table. A name that has a value is that value,
    // whatever it means elsewhere.
    let isPlain =
      workspace.commands.commands.contains { $0.name == text } || before.session.scratch[text] != nil
      || text.allSatisfy(Lexer.continuesName) && before.session.isKnown(before.session.naming.name(text))
    let reading = isPlain ? nil : Phrase.reading(of: text)
    let asked = workspace.activity?.asks == true ? nil : workspace.session.withheld
    if !isMeant,
      workspace.activity?.isAnswer(text, in: workspace.session) == true || asked?.isAnswer(text) == true
    {
      let meant = "answer \(text)"
      let outcome = run(command: meant, from: 0, of: meant, at: place, in: &workspace, isMeant: true)
      guard case .failure(var diagnostic) = outcome.result, diagnostic.source == meant else {
        return Outcome(command: text, result: outcome.result)
      }
      // The marks count in what was meant, and the line was typed.
      let moved = offset - (meant.count - text.count)
      diagnostic.source = line
      diagnostic.marks = diagnostic.marks.map {
        max(offset, $0.lowerBound + moved)..<max(offset, $0.upperBound + moved)
      }
      return Outcome(command: text, result: .failure(diagnostic), isAnswer: outcome.isAnswer)
    }
    let phrase = workspace.goesIntoTerm(text) ?? reading?.meaning
    if case .command(let meant)? = phrase {
      let outcome = run(command: meant, from: 0, of: meant, at: place, in: &workspace)
      switch outcome.result {
      case .success(var report):
        if !text.allSatisfy(\.isNumber) { report.note("as '\(meant)'") }
        return Outcome(command: text, result: .success(report))
      case .failure(var diagnostic):
        // The marks count in what was meant, and the line was typed.
        if diagnostic.source == meant {
          diagnostic.source = line
          diagnostic.marks = [offset..<offset + text.count]
        }
        return Outcome(command: text, result: .failure(diagnostic))
      }
    }
    do throws(Diagnostic) {
      if case .advice(let advice)? = phrase {
        throw Diagnostic(
          "this is \(reading?.language ?? "of another program")", at: [offset..<offset + max(1, text.count)],
          hint: text.hasSuffix(":")
            ? "\(advice); the indented lines behind it are left out"
            : "\(advice); 'help habits' lists what is understood")
      }
      let typed = try workspace.commands.resolve(text, at: offset, of: line, session: workspace.session)
      isAnswer = typed.type is any Answering.Type
      if let refusal = workspace.activity?.refusal(of: typed) { throw refusal }
      if let withheld = before.session.withheld, withheld.holdsBack(typed.type, typed.access) {
        throw withheld.refusal(ofCommand: typed.type.name, at: typed.line.nameRange)
      }
      let command = workspace.activity?.meaning(of: typed) ?? typed
      workspace.place = place
      workspace.current = text
      var report: Report
      do { report = try command.type.run(command.line, in: &workspace) } catch {
        throw typed.isAbbreviated && error.isUsage ? unknown(typed, error) : error
      }
      try Interruption.check()
      report.naming = workspace.session.naming
      if let remark = workspace.activity?.note(command.type) { report.append(remark) }
      if workspace.activity?.isOver == true { workspace.activity = nil }
      if workspace.session.differs(from: before.session) {
        if !(command.type is any TimeTravel.Type) {
          for change in workspace.session.watchedChanges() { report.say(change, .heading) }
        }
        if workspace.past.count == before.past.count, !(command.type is any TimeTravel.Type) {
          workspace.current = text
          workspace.remember(before.session)
        }
        if !(command.type is any Asking.Type) { workspace.inquiry = nil }
      }
      workspace.lastShown = report.lastShown ?? workspace.lastShown
      workspace.repeatable = command.type is any Repeatable.Type ? text : nil
      // A block is one entry, when it is closed.
      if workspace.openBlock == nil { workspace.typed.append(text) }
      return Outcome(command: text, result: .success(report))
    } catch {
      let naming = before.session.naming
      workspace = before
      workspace.repeatable = nil
      var diagnostic = error
      if diagnostic.source == nil, diagnostic.file == nil { diagnostic.source = line }
      diagnostic.naming = naming
      if diagnostic.file == nil {
        diagnostic.file = place?.file
        diagnostic.line = diagnostic.line ?? place?.line
      }
      return Outcome(command: text, result: .failure(diagnostic), isAnswer: isAnswer)
    }
  }

  /// The beginning of a command's name with something behind it that the command does not take.
  private static func unknown(_ typed: CommandTable.Resolved, _ reason: Diagnostic) -> Diagnostic {
    Diagnostic(
      "there is no command or name '\(typed.line.name)'", at: [typed.line.nameRange],
      hint: "short for \(typed.type.name)? \(reason.message); usage: \(typed.type.usage)")
  }

  private static func continueBlock(
    _ line: String, at place: ScriptPlace?, in workspace: inout Workspace
  ) -> Outcome? {
    let word = line.split(whereSeparator: \.isWhitespace).first
    guard word == "end", workspace.openBlock?.repeatDepth ?? 0 <= 0 else {
      workspace.openBlock?.append(line, at: place)
      return nil
    }
    guard let block = workspace.openBlock else { return nil }
    workspace.openBlock = nil
    let text = "model " + block.whole
    let outcome = run(command: text, from: 0, of: text, at: place, in: &workspace)
    guard case .failure(let diagnostic) = outcome.result else {
      // As it was typed, so that it can be brought back.
      if workspace.typed.last == text {
        workspace.typed[workspace.typed.count - 1] = "model\n\(block.whole)\nend"
      }
      return outcome
    }
    return Outcome(
      command: outcome.command, result: .failure(block.placing(diagnostic, behind: "model ".count)))
  }

  /// A blank line ends what its bracket does not, unless the next line begins a row: NumPy prints some between matrices.
  private static func continueBrackets(
    _ line: String, at place: ScriptPlace?, in workspace: inout Workspace
  ) -> [Outcome] {
    let isBlank = line.allSatisfy(\.isWhitespace)
    if isBlank, let block = workspace.openBlock, block.gaps < block.mostGaps, block.endsRow {
      workspace.openBlock?.gaps += 1
      return []
    }
    let isNext =
      workspace.openBlock.map { $0.gaps > 0 } == true && !line.drop(while: \.isWhitespace).hasPrefix("[")
    if !isBlank, !isNext {
      workspace.openBlock?.gaps = 0
      workspace.openBlock?.append(line, at: place)
      if let block = workspace.openBlock, block.depth > 0, block.size <= Lexer.longestLine {
        return []
      }
    }
    let ended = endBrackets(in: &workspace)
    return isNext && !isBlank ? ended + run(line, at: place, in: &workspace) : ended
  }

  static func endBrackets(in workspace: inout Workspace) -> [Outcome] {
    let place = workspace.openBlock?.place
    guard let block = workspace.openBlock else { return [] }
    workspace.openBlock = nil
    return runAll(block.whole, at: place, in: &workspace).map { outcome in
      guard case .failure(let diagnostic) = outcome.result else { return outcome }
      return Outcome(command: outcome.command, result: .failure(block.placing(diagnostic, behind: 0)))
    }
  }

  /// Splits at `;` outside brackets and quoted text and takes comments off. `model` takes the rest of its line.
  static func split(_ line: String, table: CommandTable) -> [(text: String, offset: Int)] {
    // A long matrix is one part, which bytes say soonest.
    guard line.utf8.contains(where: { $0 == UInt8(ascii: ";") || $0 == UInt8(ascii: "#") }) else {
      let part = line.drop(while: \.isWhitespace)
      let text = part.isEmpty ? "" : String(part).trimmed
      return text.isEmpty ? [] : [(text, line.distance(from: line.startIndex, to: part.startIndex))]
    }
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
    var isQuoted = false
    for (i, c) in characters.enumerated() {
      // A mark that is never closed is told by the command that it stands in.
      if c == "\"", isQuoted || characters[(i + 1)...].contains("\"") { isQuoted.toggle() }
      if isQuoted { continue }
      if c == "(" || c == "[" { depth += 1 }
      if c == ")" || c == "]" { depth -= 1 }
      if c == "#" {
        add(start..<i)
        return parts
      }
      guard c == ";", depth <= 0 else { continue }
      if table.takesWholeLine(String(characters[start..<i])) { continue }
      add(start..<i)
      start = i + 1
      depth = 0
    }
    add(start..<characters.count)
    return parts
  }
}
