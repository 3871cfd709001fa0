import Reports
import Sessions

/// The model's equations, as they are printed and as they can be given back.
enum EquationList {
  static func report(_ session: Session) -> Report {
    var report = Report()
    for equation in session.model.equations { report.say("\(equation)", .formula) }
    return report
  }
}
