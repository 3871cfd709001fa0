import Formulas
import NeuralNetworks
import Reports
import Sessions

/// `optimizer=NAME` and the options of that optimiser, as `optimizer`, `update` and `train` read them.
struct OptimizerOptions {
  typealias Option = (key: String, value: String, word: CommandLine.Word)

  let chosen: ChosenOptimizer
  /// Whether it is another than the session's, so that the session's learning rate was not meant for it.
  let isOther: Bool
  /// Options that are the command's own.
  let rest: [Option]

  init(_ options: [Option], _ session: Session) throws(Diagnostic) {
    var chosen = session.settings.optimizer
    if let name = options.last(where: { $0.key == "optimizer" }) {
      let optimizer = try Self.named(name.value, at: name.word.range)
      if optimizer.name != chosen.name { chosen = ChosenOptimizer(optimizer) }
    } else if chosen.name == Optimizer.sgd.name, options.contains(where: { $0.key == "momentum" }) {
      chosen = ChosenOptimizer(.momentum)
    }
    var rest: [Option] = []
    for option in options where option.key != "optimizer" {
      if Optimizer.optionNames.contains(option.key) {
        try chosen.set(option.key, to: option.value, at: option.word.range)
      } else {
        rest.append(option)
      }
    }
    self.chosen = chosen
    isOther = chosen.name != session.settings.optimizer.name
    self.rest = rest
  }

  static func named(_ name: String, at range: Range<Int>) throws(Diagnostic) -> Optimizer {
    if let optimizer = Optimizer.named(name) { return optimizer }
    let names = Optimizer.all.map(\.name)
    let guess: Prose? = Suggestions.nearest(to: name, in: names).map { "did you mean \($0)?" }
    throw Diagnostic(
      "there is no optimizer '\(name.prefix(20))'", at: [range],
      hint: guess ?? "there are \(names.joined(separator: ", "))")
  }

  /// The learning rate where none is given: the session's, which is meant for its own optimiser.
  func usualRate(_ session: Session) -> Double {
    isOther && chosen.name != Optimizer.sgd.name
      ? chosen.optimizer.usualRate : session.settings.learningRate
  }

  static let words =
    Optimizer.all.map { "optimizer=\($0.name)" } + Optimizer.optionNames.map { "\($0)=" }
}
