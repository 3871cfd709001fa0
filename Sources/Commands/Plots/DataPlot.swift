import DataSets
import Formulas
import LinearAlgebra
import Reports
import Sessions

/// The samples: classes in the plane, or a curve with the model's fit.
enum DataPlot {
  static func add(_ session: Session, at range: Range<Int>, to report: inout Report) throws(Diagnostic) {
    guard let samples = PlottedSamples(session) else {
      throw Diagnostic("there are no samples to draw", at: [range], hint: "for example: data moons")
    }
    let names = session.roles.feeding
    let name: Prose =
      session.data.map { "\($0.set.name)" } ?? "\(name: names.input) and \(name: names.target)"
    switch samples.inputs.shape.columns {
    case 1: try curve(name, samples, session, &report)
    case 2:
      let labels = samples.labels(session)
      report.draw(Plot(name, .scatter(samples.series()), xLabel: labels.x, yLabel: labels.y))
    default:
      throw Diagnostic(
        "samples of \(samples.inputs.shape.columns) inputs cannot be drawn in a plane", at: [range],
        hint: session.data?.set.imageShape == nil
          ? "one or two inputs can: data parabola, data moons" : "'data show 3' draws an image")
    }
    report.scalar("samples", Double(samples.count))
  }

  private static func curve(
    _ name: Prose, _ samples: PlottedSamples, _ session: Session, _ report: inout Report
  ) throws(Diagnostic) {
    let x = samples.inputs.elements
    let width = max(1, samples.targets.shape.columns)
    let y = stride(from: 0, to: samples.targets.count, by: width).map { samples.targets.elements[$0] }
    var series = [Plot.Series("samples", x: x, y: y)]
    var title = name
    if let network = OutputFunction(session),
      network.inputCount == 1,
      let low = x.min(), let high = x.max(), low.isFinite, high.isFinite
    {
      let points = (0..<101).map { low + (high - low) * Double($0) / 100 }
      do throws(Diagnostic) {
        let fit = try network(Tensor(unchecked: [points.count, 1], points))
        if fit.shape.rows == points.count {
          let outputs = (0..<points.count).map { fit.elements[$0 * fit.shape.columns] }
          series.append(Plot.Series("\(name: network.output)", x: points, y: outputs))
          title += " and the model's \(name: network.output)"
        }
      } catch {
        report.note("without the model's \(name: network.output): \(error.message)")
      }
    }
    let names = session.roles.feeding
    report.draw(
      Plot(title, .scatter(series), xLabel: "\(name: names.input)", yLabel: "\(name: names.target)"))
  }
}
