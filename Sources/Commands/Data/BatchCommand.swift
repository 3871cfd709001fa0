import DataSets
import Formulas
import LinearAlgebra
import NeuralNetworks
import Reports
import Sessions

package enum BatchCommand: Command, ChangesValues {
  package static let name = "batch"
  package static let shortForms: [String] = []
  package static let usage =
    "batch [next | N | all | test | rows I… [inputs=NAME:EXTENTS targets=NAME:EXTENTS] | size=N position=N rows=I,…]"
  package static let summary = "which rows of the data set are X and Y"
  package static let help = [
    "batch next takes the next rows in the present order. batch 16 takes 16 rows from its beginning, and batches have 16 rows from then on. batch all is the whole training part, batch test the test part, batch rows 3 7 the rows 3 and 7, batch rows 0:64 the first 64. The pass begins again with them. batch rows 0:64 inputs=u:8xm targets=t:mx3 says where they lie: in u as columns, in t as rows.",
    "batch alone tells which rows X holds. size=, position= and rows= say how large batches are, how many rows of the present order are drawn and which rows X holds, and change no value: a saved session says so. batch toy says that nobody chose these numbers, so that another network may replace them, batch own that somebody did.",
  ]
  package static let group = CommandGroup.train
  package static let examples = ["data moons; batch 16", "data moons; batch rows 3 7"]
  package static let related = ["data", "shuffle"]
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.byPlace { before, _ in
    before.isEmpty ? .words(["next", "all", "test", "rows", "size=", "position=", "rows="]) : .nothing
  }

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    if ["toy", "own"].contains(line.rest) {
      workspace.session.callBatchToy(line.rest == "toy")
      return Report()
    }
    var data = try DataDescription.loaded(workspace.session)
    let words = line.words
    guard let first = words.first else {
      return Report([.text(BatchWords.text(workspace.session), style: .plain)])
    }
    if first.text.contains("=") { return try note(line, data, &workspace) }
    if first.text != "rows", words.count > 1 {
      throw line.usageError("batch takes one thing", usage, at: words[1].range)
    }
    let rows: [Int]
    var (inputs, targets): (BatchForm.Leaf?, BatchForm.Leaf?) = (nil, nil)
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
    case "rows":
      let (places, numbers) = line.options
      rows = try chosen(Array(numbers.dropFirst()), data.set, line)
      (inputs, targets) = try Self.places(places, workspace.session.model, data.set, line)
    default:
      data.batchSize = min(try BatchWords.size(first.text, at: first.range), max(1, data.set.trainingCount))
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
    if inputs == nil, targets == nil {
      workspace.session.choose(rows)
    } else {
      workspace.session.choose(rows, inputs: inputs, targets: targets)
    }
    var report = Report([.text(BatchWords.text(workspace.session), style: .note)])
    if BatchForm.fitting(workspace.session, data.set) == nil {
      report.note(DataDescription.advice(workspace.session, data.set))
    }
    report.scalar("batch", Double(rows.count))
    report.scalar("position", Double(data.position))
    return report
  }

  /// Which leaves `inputs=u:64xm` and `targets=t:mx10` name; they must be of the model and as wide as the set.
  private static func places(
    _ options: [(key: String, value: String, word: CommandLine.Word)], _ model: Model, _ set: DataSet,
    _ line: CommandLine
  ) throws(Diagnostic) -> (inputs: BatchForm.Leaf?, targets: BatchForm.Leaf?) {
    var (inputs, targets): (BatchForm.Leaf?, BatchForm.Leaf?) = (nil, nil)
    for (key, value, word) in options {
      guard ["inputs", "targets"].contains(key) else {
        throw line.usageError("batch rows has no option '\(key)'", usage, at: word.range)
      }
      guard let leaf = BatchForm.Leaf(text: value) else {
        throw Diagnostic(
          "'\(value.prefix(40))' does not say how samples lie", at: [word.range],
          hint: "a name and its extents, with m for the samples: X:mx\(set.features), or X:\(set.features)xm")
      }
      guard model.leaves.contains(leaf.name) else {
        throw Diagnostic("the model has no free name '\(leaf.name)'", at: [word.range])
      }
      guard key == "inputs" ? leaf.width == set.features : set.labels.has(width: leaf.width) else {
        throw Diagnostic(
          "a row of \(set.name) has not \(leaf.width) \(key)", at: [word.range],
          hint: "it has \(set.features) features and targets of \(set.labels.widths[0])")
      }
      if key == "inputs" { inputs = leaf } else { targets = leaf }
    }
    return (inputs, targets)
  }

  private static func chosen(
    _ words: [CommandLine.Word], _ set: DataSet, _ line: CommandLine
  ) throws(Diagnostic) -> [Int] {
    guard !words.isEmpty else { throw line.usageError("which rows?", usage) }
    var rows: [Int] = []
    for word in words { rows += try rowNumbers(word.text, set, at: word.range) }
    return rows
  }

  /// `3`, `0:64`, several with commas between them.
  private static func rowNumbers(
    _ text: String, _ set: DataSet, at range: Range<Int>
  ) throws(Diagnostic) -> [Int] {
    var rows: [Int] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let ends = part.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
      guard let low = ends.first ?? nil, let high = ends.count == 1 ? low + 1 : ends[1], ends.count <= 2,
        low >= 0, low < high, high <= set.count, rows.count <= set.count
      else {
        throw Diagnostic(
          "there is no row '\(part.prefix(20))'", at: [range],
          hint: "rows count from 0: 0 to \(set.count - 1)")
      }
      rows += low..<high
    }
    return rows
  }

  /// What a saved session says of its batches.
  private static func note(
    _ line: CommandLine, _ data: DataState, _ workspace: inout Workspace
  ) throws(Diagnostic) -> Report {
    var data = data
    let (values, others) = line.options
    if let other = others.first { throw line.usageError("batch takes one thing", usage, at: other.range) }
    for (key, value, word) in values {
      switch key {
      case "size": data.batchSize = try BatchWords.size(value, at: word.range)
      case "rows": data.rows = try rowNumbers(value, data.set, at: word.range)
      case "position":
        guard let position = Int(value), (0...data.order.count).contains(position) else {
          throw Diagnostic("the position is a number from 0 to \(data.order.count)", at: [word.range])
        }
        data.position = position
      default: throw line.usageError("batch has no option '\(key)'", usage, at: word.range)
      }
    }
    workspace.session.data = data
    return Report([.text(BatchWords.text(workspace.session), style: .note)])
  }
}
