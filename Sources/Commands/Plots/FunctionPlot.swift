import Formulas
import LinearAlgebra
import Operations
import Reports

/// A function and its derivative, both from the formulas that the passes compute with.
enum FunctionPlot {
  static let samples = 161

  static func add(_ f: Operation, from: Double, to: Double, to report: inout Report)
    throws(Diagnostic)
  {
    let x = (0..<samples).map { from + (to - from) * Double($0) / Double(samples - 1) }
    let u = Tensor(unchecked: [samples], x)
    let function = f.scalarFunction
    let v = u.map { function?.value($0) ?? .nan }
    let formula = f.slope(at: "u", value: "v") ?? 1
    let value = try Evaluator(Bindings(["u": u, "v": v])).value(of: formula)
    // A constant slope is one number.
    let slope = value.broadcast(to: u.shape) ?? value
    let derivative = formula.substituting(["v": .name("\(f.name)(u)")])
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
