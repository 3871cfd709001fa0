import Formulas
import NeuralNetworks
import Reports
import Sessions

package enum OptimizerCommand: Command, ChangesValues {
  package static let name = "optimizer"
  package static let shortForms: [String] = []
  package static let usage = "optimizer [NAME] [option=…] [lr=…] [t=…]"
  package static let summary = "what update and train do with the gradients, as equations"
  package static let help =
    [
      "optimizer alone shows the equations at hand and lists the others. Choosing one sets lr to a rate that suits it, unless lr= gives another. update shows every equation with its numbers; what is remembered goes by v_W1 and the like and can be shown and set; t= says how many steps have been taken."
    ]
    + Optimizer.all.map { optimizer in
      let chosen = ChosenOptimizer(optimizer)
      let options =
        (optimizer.numbers.map { "\($0.name)=\(Printer.number($0.usual))" })
        + optimizer.choices.map { "\($0.name)=\($0.words.joined(separator: "|"))" }
      return
        "\(optimizer.name): \(chosen.statement.joined(separator: "; ")). \(optimizer.source). Options: \(options.joined(separator: " "))"
    }
  package static let examples = [
    "optimizer", "optimizer adam beta2=0.99", "optimizer momentum form=sutskever lr=0.05",
  ]
  package static let group = CommandGroup.train
  package static let related = ["update", "train", "set"]
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.words(Optimizer.all.map(\.name) + OptimizerOptions.words)

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    guard !line.rest.isEmpty else { return describe(workspace.session, listing: true) }
    let (values, others) = line.options
    guard others.count <= 1 else {
      throw line.usageError("one optimizer at a time", usage, at: others[1].range)
    }
    var chosen = workspace.session.settings.optimizer
    if let word = others.first {
      chosen = ChosenOptimizer(try OptimizerOptions.named(word.text, at: word.range))
      workspace.session.settings.learningRate = chosen.optimizer.usualRate
    }
    var steps: Int?
    for (key, value, word) in values {
      switch key {
      case .learningRate:
        workspace.session.settings.learningRate = try LearningRate.parse(value, at: word.range)
      case "t":
        guard let count = Int(value), count >= 0, count <= 1_000_000_000 else {
          throw Diagnostic("t is a number of steps: 0, 1, …", at: [word.range])
        }
        steps = count
      default: try chosen.set(key, to: value, at: word.range)
      }
    }
    workspace.session.settings.optimizer = chosen
    if let steps {
      var state = OptimizerState(chosen)
      state.steps = steps
      workspace.session.optimizerState = state
    }
    return describe(workspace.session, listing: false)
  }

  private static func describe(_ session: Session, listing: Bool) -> Report {
    var report = Report()
    let chosen = session.settings.optimizer
    report.say("\(chosen.text): \(chosen.optimizer.summary)", .heading)
    for line in chosen.statement { report.say("  \(line)", .formula) }
    let numbers = chosen.optimizer.numbers.filter { option in
      chosen.statement.contains { $0.contains(option.name) }
    }.map { "\($0.name) = \(Printer.number(chosen.number($0.name)))" }
    let steps = session.state(of: chosen).steps
    report.note(
      (numbers + ["lr = \(Printer.number(session.settings.learningRate))", "t = \(steps)"])
        .joined(separator: ", ").prose)
    report.explain("source: \(chosen.optimizer.source)")
    if listing {
      let others = Optimizer.all.filter { $0.name != chosen.name }.map {
        ["\($0.name)" as Prose, "\($0.summary)"]
      }
      report.add(.table(.init(header: ["others", ""], rows: others)))
    }
    report.scalar(.learningRate, session.settings.learningRate)
    return report
  }
}

extension String {
  fileprivate var prose: Prose { "\(self)" }
}
