import Formulas
import Operations
import Reports
import Sessions

package enum PlotCommand: Command {
  package static let name = "plot"
  package static let shortForms: [String] = []
  package static let usage = "plot loss | boundary | data | FUNCTION | NAME [from=-4 to=4] [ascii]"
  package static let summary = "draw the loss, a boundary, the data, a function or a matrix"
  package static let help = [
    "plot loss is the loss of every epoch trained so far. plot boundary colours the plane of two inputs by the class that the network gives, with the samples over it. plot data draws the samples: with one input also the network's curve.",
    "plot relu (or \(Operation.functionsOfOne.map(\.name).filter { $0 != "relu" }.joined(separator: ", "))) draws the function and its derivative; from= and to= choose the range.",
    "plot W1 draws a matrix in grey, a convolution's filters one by one; a row or column becomes a curve. ascii draws with plain characters.",
  ]
  package static let group = CommandGroup.look
  package static let examples = ["plot relu", "plot W1"]
  package static let related = ["heat", "data", "train"]
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.byPlace { before, _ in
    before.isEmpty
      ? .several([.words(["loss", "boundary", "data"] + Operation.functionsOfOne.map(\.name)), .values])
      : .words(["from=", "to=", "ascii"])
  }

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    let (options, words) = line.options
    let others = words.filter { $0.text != "ascii" && $0.text != "--ascii" }
    guard let what = others.first else { throw line.usageError("plot what?", usage) }
    if others.count > 1 { throw line.usageError("plot draws one thing", usage, at: others[1].range) }
    var range: (from: Double?, to: Double?) = (nil, nil)
    for (key, value, word) in options {
      guard key == "from" || key == "to" else {
        throw line.usageError("plot has no option '\(key)'", usage, at: word.range)
      }
      guard let number = Double(value), number.isFinite, abs(number) <= 1e6 else {
        throw Diagnostic(
          "\(key)= is a number between -1000000 and 1000000", at: [word.range],
          hint: "for example from=-4 to=4")
      }
      if key == "from" { range.from = number } else { range.to = number }
    }
    var report = Report()
    switch what.text {
    case "loss": try LossPlot.add(workspace.session, to: &report)
    case "boundary": try BoundaryPlot.add(workspace.session, at: what.range, to: &report)
    case "data": try DataPlot.add(workspace.session, at: what.range, to: &report)
    default:
      let name = what.text.hasSuffix("'") ? String(what.text.dropLast()) : what.text
      if let f = Operation.named(name), f.slope != nil {
        let from = range.from ?? min(-4, (range.to ?? 4) - 8)
        let to = range.to ?? max(4, from + 8)
        guard from < to else {
          throw Diagnostic("from must lie below to", at: options.map(\.word.range))
        }
        try FunctionPlot.add(f, from: from, to: to, to: &report)
      } else {
        try ValuePlot.add(what, workspace.session, to: &report)
      }
    }
    if words.count != others.count {
      report.blocks = report.blocks.map { block in
        guard case .plot(var plot) = block else { return block }
        plot.isASCII = true
        return .plot(plot)
      }
    }
    return report
  }
}
