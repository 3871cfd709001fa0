import Formulas
import LinearAlgebra
import NeuralNetworks
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

/// A page of help that belongs to no single command.
package struct HelpTopic: Sendable {
  package let name: String
  let make: @Sendable () -> Report

  func report() -> Report { make() }

  package static let all: [HelpTopic] = [
    HelpTopic(name: "names") {
      var report = Report()
      report.add(
        .table(
          .init(
            header: [],
            rows: [
              ["X, Y", "input and target; A0 is X"],
              ["W1, b1", "weights and biases of layer 1"],
              ["Z1, A1", "pre-activation and activation of layer 1"],
              ["S", "the softmax output; A2 (the last activation) and Yhat are other names for the output"],
              ["L", "the loss"],
              ["m", "the number of samples (follows X)"],
              ["J", "softmax's Jacobian for every sample, m×K×K"],
              ["dW1, ∂W1, ∂L/∂W1", "the gradient of the loss by W1, shaped like W1"],
              ["lr", "the learning rate: set lr = 0.5"],
            ])))
      return report
    },
    HelpTopic(name: "expressions") {
      var report = Report()
      report.explain(
        "Formulas are written as in NumPy: A @ B is the matrix product (also A · B), * / + - work entry by entry with broadcasting (⊙ is *), ** is a power, W.T (also Wᵀ) the transpose, Z1 > 0 a mask of 0 and 1, W1[0, 1] an entry, X[:, 0] a slice. [[1, 2], [3, 4]] is a matrix."
      )
      report.explain(
        "relu'(Z1) is a derivative; softmax'(Z2) the Jacobian of every sample. sum(A, axis=0) keeps the axis: the sum of a 3×4 matrix over its rows is 1×4."
      )
      report.explain("'help functions' lists the functions.")
      return report
    },
    HelpTopic(name: "functions") {
      var report = Report()
      let rows = Function.all.map { f -> [String] in
        if case .builtin(let builtin) = f { return [builtin.signature.usage, f.summary] }
        if case .loss = f { return ["\(f.name)(Y, P)", f.summary] }
        return ["\(f.name)(A)", f.summary]
      }
      report.add(.table(.init(header: ["function", "what it gives"], rows: rows)))
      return report
    },
    HelpTopic(name: "lessons", make: LessonHelp.report),
    HelpTopic(name: "keys") {
      var report = Report()
      report.add(
        .table(
          .init(
            header: [],
            rows: [
              ["Tab", "complete a command, a name that exists now, a file"],
              ["Ctrl-R", "search the history"], ["↑ ↓", "earlier and later lines"],
              ["Ctrl-C", "cancel the line, or stop what is running"], ["Ctrl-D", "leave"],
              ["empty line", "repeats step, back, next"],
            ])))
      return report
    },
  ]
}
