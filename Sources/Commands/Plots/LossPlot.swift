import Formulas
import Reports
import Sessions

/// The loss of every epoch.
enum LossPlot {
  static func add(_ session: Session, to report: inout Report) throws(Diagnostic) {
    let losses = session.losses
    guard !losses.isEmpty else {
      throw Diagnostic(
        "no epoch has been trained yet, so there is no loss to draw",
        hint: "'train' records one for every epoch")
    }
    func points(_ losses: [Double]) -> [Plot.Point] {
      losses.enumerated().filter { $0.element.isFinite }.map { Plot.Point(Double($0.offset + 1), $0.element) }
    }
    var series = [
      Plot.Series("loss", losses.enumerated().map { Plot.Point(Double($0.offset + 1), $0.element) })
    ]
    let tested = points(session.testLosses)
    if !tested.isEmpty {
      series[0].name = "while training"
      series.append(.init("on the test rows", tested))
    }
    report.draw(
      Plot(
        "loss of \(losses.count) epoch\(losses.count == 1 ? "" : "s")", .lines(series),
        xLabel: "epoch", yLabel: "\(name: session.model.lossName)"))
    if let last = tested.last { report.scalar("test_loss", last.y) }
    report.scalar("epochs", Double(losses.count))
    report.scalar("first_loss", losses.first ?? .nan)
    report.scalar("loss", losses.last ?? .nan)
  }
}
