import DataSets
import Formulas
import Reports
import Sessions

package enum ShuffleCommand: Command, ChangesValues {
  package static let name = "shuffle"
  package static let shortForms: [String] = []
  package static let usage = "shuffle [seed=N]"
  package static let summary = "put the training rows in a new order and take the first batch"
  package static let help = [
    "The same seed gives the same order on every machine; without one the session's is used, the next time the one after it."
  ]
  package static let group = CommandGroup.train
  package static let examples = ["data moons; shuffle", "data moons; shuffle seed=3"]
  package static let related = ["batch", "data"]
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.words(["seed="])

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    var data = try DataDescription.loaded(workspace.session)
    let (options, others) = line.options
    if let word = others.first { throw line.usageError("shuffle takes seed=N", usage, at: word.range) }
    var seed = data.orderSeed.map { $0 &+ 1 } ?? workspace.session.settings.seed
    for (key, value, word) in options {
      guard key == "seed" else {
        throw line.usageError("shuffle has no option '\(key)'", usage, at: word.range)
      }
      guard let number = Int(value), number >= 0 else {
        throw Diagnostic("a seed is a whole number, 0 or more", at: [word.range])
      }
      seed = number
    }
    data.shuffle(seed: seed)
    let rows = Array(data.nextRows())
    workspace.session.data = data
    workspace.session.choose(rows)
    var report = Report([
      .text("\(data.order.count) training rows in a new order (seed \(seed))", style: .note),
      .text(BatchWords.text(workspace.session), style: .note),
    ])
    report.scalar("seed", Double(seed))
    return report
  }
}
