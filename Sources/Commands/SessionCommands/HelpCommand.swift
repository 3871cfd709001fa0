import Formulas
import Reports
import Sessions

package enum HelpCommand: Command {
  package static let name = "help"
  package static let shortForms = ["h", "?"]
  package static let usage = "help [COMMAND | TOPIC]"
  package static let summary = "all commands, one of them, or a topic"
  package static let help = ["Topics: \(HelpTopic.all.map(\.name).joined(separator: ", "))."]
  package static let group = CommandGroup.session
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.listed { table in
    HelpTopic.all.map(\.name) + table.commands.map { $0.name } + Function.all.map(\.name)
  }

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    if line.rest.isEmpty { return overview(workspace.commands) }
    let word = line.rest.lowercased()
    if let topic = HelpTopic.all.first(where: { $0.name == word }) { return topic.report() }
    let table = workspace.commands
    if let command = table.command(named: line.rest)
      ?? table.commands.first(where: { $0.name.hasPrefix(word) })
    {
      return page(command)
    }
    if let function = Function.named(line.rest) { return page(function) }
    let names = table.commands.map { $0.name } + HelpTopic.all.map(\.name) + Function.all.map(\.name)
    throw Diagnostic(
      "there is no help on '\(line.rest.prefix(40))'", at: [line.restRange],
      hint: Suggestions.nearest(to: line.rest, in: names).map { "did you mean \($0)?" }
        ?? "'help' lists commands and topics")
  }

  private static func overview(_ table: CommandTable) -> Report {
    var report = Report()
    for group in CommandGroup.allCases {
      report.say(group.rawValue, .heading)
      let rows = table.commands.filter { $0.group == group }.map { command in
        let short = command.shortForms.isEmpty ? "" : " (" + command.shortForms.joined(separator: ", ") + ")"
        return ["  " + command.name + short, command.summary]
      }
      report.add(.table(.init(header: [], rows: rows)))
    }
    report.add(.blank)
    report.explain(
      "'help COMMAND' tells more. Topics: \(HelpTopic.all.map(\.name).joined(separator: ", ")). A line that begins with no command is a formula: A1.T @ dZ2. Unique prefixes of commands work; an empty line repeats step, back and next; ';' separates commands."
    )
    return report
  }

  private static func page(_ command: any Command.Type) -> Report {
    var report = Report()
    report.say(command.usage, .formula)
    report.explain(command.summary.prefix(1).uppercased() + command.summary.dropFirst() + ".")
    for paragraph in command.help { report.explain(paragraph) }
    if !command.shortForms.isEmpty { report.note("short: \(command.shortForms.joined(separator: ", "))") }
    return report
  }

  private static func page(_ function: Function) -> Report {
    var report = Report()
    switch function {
    case .elementwise(let f):
      report.say("\(f.name)(u)", .formula)
      report.explain(f.summary)
      report.say("\(f.name)'(u) = \(f.derivative.substituting(["v": .name("\(f.name)(u)")]))", .formula)
    case .loss(let f):
      report.say(
        "\(f.name)(Y, P) = \(f.definition(targets: "Y", predictions: "P", divisor: f.averaging == .none ? nil : .name(f.averaging == .samples ? "m" : "n")))",
        .formula)
      report.explain(f.summary + (f.averaging == .none ? "." : "; reduction=sum leaves the division out."))
    case .builtin(let f):
      report.say(f.signature.usage, .formula)
      report.explain(f.signature.summary)
    }
    return report
  }
}
