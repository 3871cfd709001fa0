import Formulas
import Operations
import Reports
import Sessions

package enum HelpCommand: Command {
  package static let name = "help"
  package static let shortForms = ["h", "?"]
  package static let usage = "help [COMMAND | FUNCTION | NAME | TOPIC]"
  package static let summary = "all commands, one of them, or a topic"
  package static let help = ["Topics: \(HelpTopic.all.map(\.name).joined(separator: ", "))."]
  package static let group = CommandGroup.session
  package static let examples = ["help", "help softmax"]
  package static let related = ["apropos", "learn"]
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.listed { table in
    HelpTopic.all.map(\.name) + table.commands.map { $0.name } + Operation.functions.map(\.name)
  }

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    if line.rest.isEmpty { return overview(workspace.commands) }
    let word = line.rest.lowercased()
    if let topic = HelpTopic.all.first(where: { $0.name == word }) { return topic.report() }
    let table = workspace.commands
    if let command = table.command(named: line.rest) { return page(command, table) }
    if let function = Vocabulary.operations.signature(line.rest).flatMap({ Operation.named($0.name) }) {
      return page(function)
    }
    if let page = NameHelp.page(line.naming.name(line.rest), workspace.session) { return page }
    if let command = table.commands.first(where: { $0.name.hasPrefix(word) }) { return page(command, table) }
    if let own = SessionEnvironment(workspace.session).knownNames.first(where: { $0.lowercased() == word }),
      let page = NameHelp.page(own, workspace.session)
    {
      return page
    }
    let found = HelpSearch.report(line.rest, table)
    if !found.blocks.isEmpty { return found }
    let names = table.commands.map { $0.name } + HelpTopic.all.map(\.name) + Operation.functions.map(\.name)
    throw Diagnostic(
      "there is no help on '\(line.rest.prefix(40))'", at: [line.restRange],
      hint: Suggestions.nearest(to: line.rest, in: names).map { "did you mean \($0)?" }
        ?? "'help' lists commands and topics")
  }

  private static func overview(_ table: CommandTable) -> Report {
    var report = Report()
    for group in CommandGroup.allCases {
      report.say("\(group.rawValue)", .heading)
      let rows = table.commands.filter { $0.group == group }.map { command -> [Prose] in
        let short = command.shortForms.isEmpty ? "" : " (" + command.shortForms.joined(separator: ", ") + ")"
        return ["  \(command.name)\(short)", "\(command.summary)"]
      }
      report.add(.table(.init(header: [], rows: rows)))
    }
    report.add(.blank)
    report.explain(
      "'help COMMAND' tells more, 'apropos WORD' searches. Topics: \(HelpTopic.all.map(\.name).joined(separator: ", ")). A line that begins with no command is a formula: A1.T @ dZ2. Unique prefixes of commands work; an empty line repeats step, back and next; ';' separates commands."
    )
    return report
  }

  private static func page(_ command: any Command.Type, _ table: CommandTable) -> Report {
    var report = Report()
    report.say("\(command.usage)", .formula)
    report.explain("\(command.summary.prefix(1).uppercased())\(command.summary.dropFirst()).")
    for paragraph in command.help { report.explain("\(paragraph)") }
    if !command.shortForms.isEmpty { report.note("short: \(command.shortForms.joined(separator: ", "))") }
    report.say("for example:")
    for example in command.examples { report.say("  \(example)", .formula) }
    let related = command.related.filter { table.command(named: $0) != nil }
    if !related.isEmpty { report.note("see also: \(related.joined(separator: ", "))") }
    return report
  }

  /// Signature, definition, derivative: all as they are computed.
  private static func page(_ operation: Operation) -> Report {
    var report = Report()
    report.say("\(operation.signature.usage)", .formula)
    if let note = operation.note { report.explain("\(note.prefix(1).uppercased())\(note.dropFirst()).") }
    if operation.definitionText != operation.title { report.say("\(operation.definitionText)", .formula) }
    if operation.slope != nil, let slope = operation.slope(at: "u", value: .name("\(operation.name)(u)")) {
      report.say("\(operation.name)'(u) = \(slope)", .formula)
    } else if operation.rule != nil, operation.cases.contains(where: { $0.backward?.isEmpty == false }) {
      report.say("\(operation.statement)", .formula)
    }
    if let loss = operation.loss {
      report.explain(
        loss.averaging == .none
          ? "reduction=mean divides by the number of entries." : "reduction=sum leaves the division out.")
    }
    return report
  }
}
