import Formulas
import Reports
import Sessions

/// Runs steps and reports each.
enum PassRunner {
  static func advance(_ workspace: inout Workspace, to end: Int) throws(Diagnostic) -> Report {
    var report = Report()
    while workspace.session.cursor < end, let (equation, value) = try workspace.session.advance() {
      if let title = workspace.session.title(ofStep: workspace.session.cursor - 1) {
        report.say(title, .heading)
      }
      StepReport.add(equation, value, to: &report, in: workspace.session)
    }
    return report
  }
}
