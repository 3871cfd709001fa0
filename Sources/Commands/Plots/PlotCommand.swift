import Formulas
import LinearAlgebra
import Reports
import Sessions

package enum PlotCommand: Command {
  package static let name = "plot"
  package static let shortForms: [String] = []
  package static let usage = "plot loss | boundary | data | FUNCTION | NAME [from=-4 to=4] [ascii]"
  package static let summary = "draw the loss, a boundary, the data, a function or a matrix"
  package static let help = [
    "plot loss is the loss of every epoch trained so far. plot boundary colours the plane of two inputs by the class that the network gives, with the samples over it. plot data draws the samples: with one input also the network's curve.",
    "plot relu (or \(ElementwiseFunction.all.map(\.name).filter { $0 != "relu" }.joined(separator: ", "))) draws the function and its derivative; from= and to= choose the range.",
    "plot W1 draws a matrix in grey, a convolution's filters one by one; a row or column becomes a curve. ascii draws with plain characters.",
  ]
  package static let group = CommandGroup.look
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.words(
    ["loss", "boundary", "data", "from=", "to=", "ascii"] + ElementwiseFunction.all.map(\.name))

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
      if case .elementwise(let f) = Function.named(name) {
        let from = range.from ?? min(-4, (range.to ?? 4) - 8)
        let to = range.to ?? max(4, from + 8)
        guard from < to else {
          throw Diagnostic("from must lie below to", at: options.map(\.word.range))
        }
        FunctionPlot.add(f, from: from, to: to, to: &report)
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

/// The loss of every epoch.
enum LossPlot {
  static func add(_ session: Session, to report: inout Report) throws(Diagnostic) {
    let losses = session.losses
    guard !losses.isEmpty else {
      throw Diagnostic(
        "no epoch has been trained yet, so there is no loss to draw",
        hint: "'train' records one for every epoch")
    }
    let points = losses.enumerated().map { Plot.Point(Double($0.offset + 1), $0.element) }
    report.draw(
      Plot(
        "loss of \(losses.count) epoch\(losses.count == 1 ? "" : "s")", .lines([.init("loss", points)]),
        xLabel: "epoch", yLabel: session.model.lossName))
    report.scalar("epochs", Double(losses.count))
    report.scalar("first_loss", losses.first ?? .nan)
    report.scalar("loss", losses.last ?? .nan)
  }
}

/// A function and its derivative, both from the formulas that the passes compute with.
enum FunctionPlot {
  static let samples = 161

  static func add(_ f: ElementwiseFunction, from: Double, to: Double, to report: inout Report) {
    let x = (0..<samples).map { from + (to - from) * Double($0) / Double(samples - 1) }
    let u = Tensor(unchecked: [samples], x)
    let v = u.map(f.value)
    let slope =
      (try? Evaluator(Bindings(["u": u, "v": v])).value(of: f.derivative))?.broadcast(to: u.shape) ?? u
    let derivative = f.derivative.substituting(["v": .name("\(f.name)(u)")])
    report.draw(
      Plot(
        "\(f.name)(u) and its derivative",
        .lines([
          .init("\(f.name)(u)", x: x, y: v.elements),
          .init("\(f.name)'(u) = \(derivative)", x: x, y: slope.elements),
        ]), xLabel: "u"))
    let finite = { (values: [Double]) in values.filter(\.isFinite) }
    report.scalar("from", from)
    report.scalar("to", to)
    report.scalar("min", finite(v.elements).min() ?? .nan)
    report.scalar("max", finite(v.elements).max() ?? .nan)
    report.scalar("max_slope", finite(slope.elements).max() ?? .nan)
  }
}

/// Any value: a vector as a curve, a matrix as grey cells, images one by one.
enum ValuePlot {
  static let mostImages = 16

  static func add(_ word: CommandLine.Word, _ session: Session, to report: inout Report) throws(Diagnostic) {
    let environment = SessionEnvironment(session)
    let value: Tensor
    do {
      let parsed = try CommandLine.formula(word.text, at: 0, in: word.text)
      value = try Evaluator(environment).checkedValue(of: parsed)
    } catch {
      var diagnostic = error
      diagnostic.source = nil
      diagnostic.marks = [word.range]
      if diagnostic.hint == nil || environment.shape(of: word.text) == nil {
        let known = ["loss", "boundary", "data"] + ElementwiseFunction.all.map(\.name) + environment.names
        diagnostic.hint =
          Suggestions.nearest(to: word.text, in: known).map { "did you mean \($0)?" } ?? diagnostic.hint
      }
      throw diagnostic
    }
    guard value.count > 1 else {
      throw Diagnostic("\(word.text) is one number: there is nothing to draw", at: [word.range])
    }
    let (rows, columns) = (value.shape.rows, value.shape.columns)
    if rows == 1 || columns == 1, value.rank <= 2 {
      let points = value.elements.enumerated().map { Plot.Point(Double($0.offset), $0.element) }
      report.draw(Plot("\(word.text) (\(value.shape))", .lines([.init(word.text, points)]), xLabel: "entry"))
      return
    }
    let size = rows * columns
    guard size > 0 else { throw Diagnostic("\(word.text) is empty", at: [word.range]) }
    let count = value.count / size
    // One scale for all of them, so that they can be compared.
    let finite = value.elements.filter(\.isFinite)
    let low = finite.min() ?? 0
    let high = max(low, finite.max() ?? 1)
    let leading = Tensor(repeating: 0, shape: Shape(Array(value.shape.dimensions.dropLast(2))))
    for slice in 0..<min(count, mostImages) {
      let index = leading.index(at: slice).map(String.init).joined(separator: ", ")
      let title = count > 1 ? "\(word.text)[\(index)]" : "\(word.text) (\(value.shape))"
      report.draw(
        Plot(
          title,
          .image(
            .init(
              width: columns, height: rows, pixels: Array(value.elements[slice * size..<(slice + 1) * size]),
              range: low...high))))
    }
    if count > mostImages { report.note("\(count - mostImages) more not drawn") }
    report.note("dark is \(Figures.short(low)), light is \(Figures.short(high))")
    report.scalar("min", low)
    report.scalar("max", high)
  }
}
