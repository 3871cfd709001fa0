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
    let points = losses.enumerated().map { Plot.Point(Double($0.offset + 1), $0.element) }
    report.draw(
      Plot(
        "loss of \(losses.count) epoch\(losses.count == 1 ? "" : "s")", .lines([.init("loss", points)]),
        xLabel: "epoch", yLabel: "\(name: session.model.lossName)"))
    report.scalar("epochs", Double(losses.count))
    report.scalar("first_loss", losses.first ?? .nan)
    report.scalar("loss", losses.last ?? .nan)
  }
}
