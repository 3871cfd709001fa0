import DataSets
import Formulas
import LinearAlgebra
import Reports
import Sessions

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
        "class by \(name: network.output), and \(samples.count) samples",
        .regions(
          .init(
            xRange: x, yRange: y, rows: rows, columns: columns, classes: classes, samples: samples.series())),
        xLabel: samples.labels(session).x, yLabel: samples.labels(session).y))
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
