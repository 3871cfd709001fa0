import Formulas
import NeuralNetworks
import Reports
import Sessions

/// The model's equations, as they are printed and as they can be given back.
enum EquationList {
  static func add(_ model: Model, indent: String = "", to report: inout Report) {
    for line in model.lines {
      switch line {
      case .equation(let equation): report.say("\(indent)\(equation)", .formula)
      case .heading(let title): report.note("\(indent)# \(title)")
      case .repetition(let text): report.say("\(indent)\(text)", .formula)
      }
    }
  }

  static func report(_ session: Session) -> Report {
    var report = Report()
    add(session.model, to: &report)
    return report
  }
}
