import Formulas
import Reports

/// Rows of numbers behind `set X =`, line by line, as programs print them and spreadsheets are copied.
extension Interpreter {
  /// What PyTorch prints above a parameter.
  private static let parameterTitle = "Parameter containing:"

  /// Opens a block for the rows behind `set X =`, `X =` or `check dW1 =`; false where the line is whole.
  static func opensRows(_ line: String, at place: ScriptPlace?, in workspace: inout Workspace) -> Bool {
    guard let part = split(line, table: workspace.commands).last else { return false }
    var target = part.text.prefix { $0 != "=" }
    let behind = part.text.dropFirst(target.count + 1)
    guard target.count < part.text.count, behind.first != "=" else { return false }
    let head = String(line.prefix(part.offset + target.count + 1))
    let verb = target.prefix { Lexer.continuesName($0) }
    if workspace.commands.command(named: String(verb)) is any TakesValue.Type,
      target.dropFirst(verb.count).first == " "
    {
      target = target.dropFirst(verb.count).drop { $0 == " " }
    }
    while target.last == " " { target.removeLast() }
    let name = target.prefix { Lexer.continuesName($0) }
    let subscripts = target.dropFirst(name.count)
    guard name.first.map(Lexer.startsName) == true,
      subscripts.isEmpty || subscripts.first == "[" && subscripts.last == "]"
    else { return false }
    let words = behind.drop(while: \.isWhitespace)
    // A row in brackets of its own is a whole list where a formula may stand; R's `[,1] [,2]` is none.
    let isList = words.first == "[" && words.last { !$0.isWhitespace } == "]" && !words.hasPrefix("[,")
    guard words.isEmpty || words == parameterTitle || !isList && PastedTable.begins(behind) else {
      return false
    }
    var block = OpenBlock(at: place, until: .rows)
    block.append(head, at: place)
    if !words.isEmpty, words != parameterTitle { block.append(String(behind), at: place) }
    workspace.openBlock = block
    return true
  }

  static func continueRows(_ line: String, at place: ScriptPlace?, in workspace: inout Workspace) -> [Outcome]
  {
    let words = line.prefix { $0 != "#" }.drop(while: \.isWhitespace)
    guard !words.isEmpty else {
      if !line.isEmpty, line.contains("#") { return [] }
      workspace.openBlock?.append(line, at: place)
      return workspace.openBlock?.table.isAtEnd == true ? end(in: &workspace) : []
    }
    if words == parameterTitle { return [] }
    if workspace.openBlock?.table.isEmpty == true, !PastedTable.beginsBelow(line[...]) {
      workspace.openBlock?.becomeFormula()
      workspace.openBlock?.append(line, at: place)
      return workspace.openBlock.map { $0.depth > 0 } == true ? [] : endBrackets(in: &workspace)
    }
    guard workspace.openBlock?.table.takes(line[...]) == true else {
      return end(in: &workspace) + run(line, at: place, in: &workspace)
    }
    workspace.openBlock?.append(line, at: place)
    return []
  }

  /// What the end of the input, or of its rows, makes of the block that is open.
  package static func end(in workspace: inout Workspace) -> [Outcome] {
    guard let block = workspace.openBlock else { return [] }
    workspace.openBlock = nil
    guard block.end == .rows, !block.table.isEmpty else {
      return [Outcome(command: block.end == .word ? "model" : block.head, result: .failure(block.unclosed))]
    }
    do throws(Diagnostic) {
      guard !block.table.isNumber, let reading = try block.table.read() else {
        workspace.openBlock = block
        workspace.openBlock?.becomeFormula()
        return endBrackets(in: &workspace)
      }
      return runAll("\(block.head) \(reading.formula)", at: block.place, in: &workspace).map { outcome in
        told(outcome, of: block, reading)
      }
    } catch {
      return [
        // Places in the rows count from the first of them.
        Outcome(command: block.head, result: .failure(block.placing(error, behind: -block.head.count - 1)))
      ]
    }
  }

  private static func told(_ outcome: Outcome, of block: OpenBlock, _ reading: PastedTable.Reading) -> Outcome
  {
    var outcome = outcome
    switch outcome.result {
    case .success(var report):
      if !reading.leftOut.isEmpty { report.note("left out: \(reading.leftOut.joined(separator: " and "))") }
      outcome.result = .success(report)
    case .failure(var diagnostic):
      // The rows were typed in other lines.
      diagnostic.source = block.head
      diagnostic.marks = diagnostic.marks.filter { $0.upperBound <= block.head.count }
      outcome.result = .failure(diagnostic)
    }
    return outcome
  }
}
