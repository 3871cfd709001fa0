import DataSets
import Formulas
import LinearAlgebra
import NeuralNetworks
import Reports
import Sessions

/// What the network makes of inputs of any number: the forward equations up to the output.
struct OutputFunction {
  let session: Session
  let output: String
  private let equations: [Equation]
  private let isColumns: Bool

  /// Nil for a model without an output that a loss compares with a target.
  init?(_ session: Session) {
    guard let output = session.model.outputName, session.model.leaves.contains("X"),
      let end = session.model.equations.firstIndex(where: { $0.name == output })
    else { return nil }
    self.session = session
    self.output = output
    equations = Array(session.model.equations[...end])
    isColumns = session.model.layout == .columns
  }

  var inputCount: Int? {
    guard let X = session.leaves["X"], X.rank == 2 else { return nil }
    return isColumns ? X.shape.rows : X.shape.columns
  }

  /// Rows of inputs → rows of outputs, whatever the layout. A model that needs the number of samples somewhere
  /// else than in X (a reshape to it) fails with the message of its shapes.
  func callAsFunction(_ inputs: Tensor) throws(Diagnostic) -> Tensor {
    var values = Bindings(session.leaves)
    values.values["X"] = isColumns ? inputs.transposed() : inputs
    values.values["m"] = Tensor(Double(inputs.shape.rows))
    for equation in equations {
      // The target has the old number of samples: an equation that reads it is not part of the way to the output.
      if let target = session.model.targetName, equation.expression.contains(name: target) { continue }
      _ = try ShapeInference(values).shape(of: equation.expression)
      values.values[equation.name] = try Evaluator(values).value(of: equation.expression)
    }
    guard let result = values.values[output], result.rank == 2 else {
      throw Diagnostic("\(output) is no matrix of outputs")
    }
    return isColumns ? result.transposed() : result
  }
}

/// Samples as points of a plane, by class.
struct PlottedSamples {
  let inputs: Tensor
  let targets: Tensor
  let classNames: [String]?
  /// More points than this fill the window.
  private static let most = 600

  /// The training rows of the data set when X is its batch, else X and the target.
  init?(_ session: Session) {
    let isColumns = session.model.layout == .columns
    if let data = session.data {
      let rows = data.set.trainingIndices
      let step = max(1, (rows.count + Self.most - 1) / Self.most)
      let some = stride(from: 0, to: rows.count, by: step).map { rows[$0] }
      let width = BatchForm.fitting(session, data.set)?.targetWidth ?? data.set.labels.widths[0]
      (inputs, targets) = data.set.batch(some[...], width: width)
      classNames = data.set.classNames
      return
    }
    guard let X = session.leaves["X"], let Y = session.leaves[session.model.targetName ?? "Y"], X.rank == 2,
      Y.rank == 2
    else { return nil }
    inputs = isColumns ? X.transposed() : X
    targets = isColumns ? Y.transposed() : Y
    classNames = nil
    guard inputs.shape.rows == targets.shape.rows else { return nil }
  }

  var count: Int { inputs.shape.rows }

  /// The class that a row of outputs or targets stands for.
  static func classOf(_ row: ArraySlice<Double>) -> Int {
    guard row.count > 1 else { return (row.first ?? 0) > 0.5 ? 1 : 0 }
    var best = row.startIndex
    for i in row.indices where row[i] > row[best] { best = i }
    return best - row.startIndex
  }

  static func classes(_ rows: Tensor) -> [Int] {
    let width = max(1, rows.shape.columns)
    return (0..<rows.shape.rows).map { classOf(rows.elements[$0 * width..<($0 + 1) * width]) }
  }

  /// One series a class. x and y are the first two inputs.
  func series() -> [Plot.Series] {
    let labels = Self.classes(targets)
    let count = max(classNames?.count ?? 0, (labels.max() ?? 0) + 1, 2)
    return (0..<count).map { number in
      let name = classNames.flatMap { $0.indices.contains(number) ? $0[number] : nil }
      return Plot.Series(
        name.map { $0 == "\(number)" ? "class \(number)" : $0 } ?? "class \(number)",
        labels.indices.filter { labels[$0] == number }.map {
          Plot.Point(inputs[$0, 0] ?? 0, inputs[$0, 1] ?? 0)
        })
    }
  }
}

/// The plane of two inputs, every point with the class that the network gives it.
enum BoundaryPlot {
  static let columns = 72
  static let rows = 36

  static func add(_ session: Session, at range: Range<Int>, to report: inout Report) throws(Diagnostic) {
    guard let network = OutputFunction(session), let samples = PlottedSamples(session) else {
      throw Diagnostic(
        "plot boundary needs a network with an output that a loss compares with classes", at: [range])
    }
    guard samples.inputs.shape.columns == 2, network.inputCount == 2 else {
      let found = network.inputCount.map { "has \($0)" } ?? "takes images"
      throw Diagnostic(
        "a boundary is drawn in the plane of two inputs, and this network \(found)", at: [range],
        hint: "for example: data moons; net 2 8:tanh 1:sigmoid")
    }
    let (x, y) = (Self.range(samples.inputs, 0), Self.range(samples.inputs, 1))
    var grid: [Double] = []
    for row in 0..<rows {
      for column in 0..<columns {
        grid.append(x.lowerBound + (x.upperBound - x.lowerBound) * (Double(column) + 0.5) / Double(columns))
        grid.append(y.upperBound - (y.upperBound - y.lowerBound) * (Double(row) + 0.5) / Double(rows))
      }
    }
    let outputs = try network(Tensor(unchecked: [rows * columns, 2], grid))
    guard outputs.isFinite else {
      throw Diagnostic(
        "the network's outputs are not finite here", at: [range], hint: "has training diverged?")
    }
    let classes = PlottedSamples.classes(outputs)
    let hits = zip(
      PlottedSamples.classes(try network(samples.inputs)), PlottedSamples.classes(samples.targets)
    )
    .count { $0 == $1 }
    report.draw(
      Plot(
        "class by \(network.output), and \(samples.count) samples",
        .regions(
          .init(
            xRange: x, yRange: y, rows: rows, columns: columns, classes: classes, samples: samples.series())),
        xLabel: "X[:, 0]", yLabel: "X[:, 1]"))
    report.note("\(hits) of \(samples.count) samples lie in a region of their class")
    report.scalar("samples", Double(samples.count))
    report.scalar("accuracy", samples.count > 0 ? Double(hits) / Double(samples.count) : .nan)
    report.scalar("regions", Double(Set(classes).count))
  }

  /// The samples with a tenth of their spread around them.
  private static func range(_ inputs: Tensor, _ column: Int) -> ClosedRange<Double> {
    let values = (0..<inputs.shape.rows).compactMap { inputs[$0, column] }.filter(\.isFinite)
    let (low, high) = (values.min() ?? -1, values.max() ?? 1)
    let margin = high > low ? 0.1 * (high - low) : 1
    return low - margin...high + margin
  }
}

/// The samples: classes in the plane, or a curve with the model's fit.
enum DataPlot {
  static func add(_ session: Session, at range: Range<Int>, to report: inout Report) throws(Diagnostic) {
    guard let samples = PlottedSamples(session) else {
      throw Diagnostic("there are no samples to draw", at: [range], hint: "for example: data moons")
    }
    let name = session.data?.set.name ?? "X and \(session.model.targetName ?? "Y")"
    switch samples.inputs.shape.columns {
    case 1: try curve(name, samples, session, &report)
    case 2: report.draw(Plot(name, .scatter(samples.series()), xLabel: "X[:, 0]", yLabel: "X[:, 1]"))
    default:
      throw Diagnostic(
        "samples of \(samples.inputs.shape.columns) inputs cannot be drawn in a plane", at: [range],
        hint: session.data?.set.imageShape == nil
          ? "one or two inputs can: data parabola, data moons" : "'data show 3' draws an image")
    }
    report.scalar("samples", Double(samples.count))
  }

  private static func curve(
    _ name: String, _ samples: PlottedSamples, _ session: Session, _ report: inout Report
  ) throws(Diagnostic) {
    let x = samples.inputs.elements
    let width = max(1, samples.targets.shape.columns)
    let y = stride(from: 0, to: samples.targets.count, by: width).map { samples.targets.elements[$0] }
    var series = [Plot.Series("samples", x: x, y: y)]
    var title = name
    if let network = OutputFunction(session),
      network.inputCount == 1 || session.leaves["X"]?.shape.columns == 1,
      let low = x.min(), let high = x.max(), low.isFinite, high.isFinite
    {
      let points = (0..<101).map { low + (high - low) * Double($0) / 100 }
      if let fit = try? network(Tensor(unchecked: [points.count, 1], points)), fit.shape.rows == points.count
      {
        let outputs = (0..<points.count).map { fit.elements[$0 * fit.shape.columns] }
        series.append(Plot.Series(network.output, x: points, y: outputs))
        title += " and the model's \(network.output)"
      }
    }
    report.draw(Plot(title, .scatter(series), xLabel: "X", yLabel: session.model.targetName ?? "Y"))
  }
}
