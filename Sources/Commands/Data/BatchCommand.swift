import DataSets
import Formulas
import LinearAlgebra
import Reports
import Sessions

package enum BatchCommand: Command {
  package static let name = "batch"
  package static let shortForms: [String] = []
  package static let usage = "batch [next | N | all | test | rows I…]"
  package static let summary = "which rows of the data set are X and Y"
  package static let help = [
    "batch next takes the next rows in the present order. batch 16 takes 16 rows from its beginning, and batches have 16 rows from then on. batch all is the whole training part, batch test the test part, batch rows 3 7 the rows 3 and 7. The pass begins again with them.",
    "batch alone tells which rows X holds.",
  ]
  package static let group = CommandGroup.train
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.words(["next", "all", "test", "rows"])

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    var data = try DataDescription.loaded(workspace.session)
    let words = line.words
    guard let first = words.first else {
      return Report([.text(self.words(workspace.session), style: .plain)])
    }
    if first.text != "rows", words.count > 1 {
      throw line.usageError("batch takes one thing", usage, at: words[1].range)
    }
    let rows: [Int]
    switch first.text {
    case "next": rows = Array(data.nextRows())
    case "all": rows = data.set.trainingIndices
    case "test":
      rows = data.set.testIndices
      guard !rows.isEmpty else {
        throw Diagnostic(
          "\(data.set.name) has no test part", at: [first.range],
          hint: "load it with one: data \(data.set.name) … test=0.2")
      }
    case "rows": rows = try chosen(Array(words.dropFirst()), data.set, line)
    default:
      data.batchSize = min(try size(first.text, at: first.range), max(1, data.set.trainingCount))
      data.position = 0
      rows = Array(data.nextRows())
    }
    let (entries, overflow) = rows.count.multipliedReportingOverflow(by: data.set.features)
    guard !overflow, entries <= Shape.largestCount else {
      throw Diagnostic(
        "\(rows.count) rows of \(data.set.features) numbers are too many for one matrix", at: [first.range],
        hint: "step through fewer: batch 64")
    }
    workspace.session.data = data
    workspace.session.choose(rows)
    var report = Report([.text(self.words(workspace.session), style: .note)])
    if BatchForm.fitting(workspace.session, data.set) == nil {
      report.note(DataDescription.advice(workspace.session, data.set))
    }
    report.scalar("batch", Double(rows.count))
    report.scalar("position", Double(data.position))
    return report
  }

  private static func chosen(
    _ words: [CommandLine.Word], _ set: DataSet, _ line: CommandLine
  ) throws(Diagnostic) -> [Int] {
    guard !words.isEmpty else { throw line.usageError("which rows?", usage) }
    var rows: [Int] = []
    for word in words {
      guard let row = Int(word.text), row >= 0, row < set.count else {
        throw Diagnostic(
          "there is no row '\(word.text.prefix(20))'", at: [word.range],
          hint: "rows count from 0: 0 to \(set.count - 1)")
      }
      rows.append(row)
    }
    return rows
  }

  static func size(_ text: String, at range: Range<Int>) throws(Diagnostic) -> Int {
    guard let size = Int(text), size >= 1 else {
      throw Diagnostic(
        "'\(text.prefix(20))' is not a batch: next, all, test, rows or a number of rows", at: [range],
        hint: "for example batch 16")
    }
    return size
  }

  /// What X holds.
  static func words(_ session: Session) -> String {
    guard let data = session.data else { return "no data set is loaded" }
    guard let rows = session.chosenRows else {
      return "X holds rows of its own, not the set's: 'batch next' takes the set's"
    }
    let shapes = ["X", session.model.targetName ?? "Y"].compactMap { name in
      session.leaves[name].map { "\(name) \($0.shape)" }
    }.joined(separator: ", ")
    let isAll = rows == data.set.trainingIndices
    let what: String
    if isAll {
      what = "all \(rows.count) training rows"
    } else if rows == data.set.testIndices {
      what = "the \(rows.count) test rows"
    } else if rows.count <= 8 {
      what = "row\(rows.count == 1 ? "" : "s") \(rows.map(String.init).joined(separator: ", "))"
    } else {
      what = "\(rows.count) rows: \(rows.prefix(4).map(String.init).joined(separator: ", ")), …"
    }
    return "the batch is \(what) (\(shapes))"
  }
}

package enum ShuffleCommand: Command {
  package static let name = "shuffle"
  package static let shortForms: [String] = []
  package static let usage = "shuffle [seed=N]"
  package static let summary = "put the training rows in a new order and take the first batch"
  package static let help = [
    "The same seed gives the same order on every machine; without one the session's is used, the next time the one after it."
  ]
  package static let group = CommandGroup.train
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
      .text(BatchCommand.words(workspace.session), style: .note),
    ])
    report.scalar("seed", Double(seed))
    return report
  }
}
