import Formulas
import Reports
import Sessions

/// The session's learning rate.
enum LearningRate {
  static func parse(_ text: String, at range: Range<Int>) throws(Diagnostic) -> Double {
    guard let value = Double(text), value.isFinite else {
      throw Diagnostic("'\(text.prefix(20))' is not a learning rate", at: [range], hint: "for example lr=0.1")
    }
    return value
  }

  static func set(_ value: Double?, at range: Range<Int>, _ workspace: inout Workspace) throws(Diagnostic)
    -> Report
  {
    guard let value, value.isFinite else { throw Diagnostic("a learning rate is one number", at: [range]) }
    workspace.session.settings.learningRate = value
    var report = Report([.text("lr = \(Printer.number(value))", style: .plain)])
    report.scalar(.learningRate, value)
    return report
  }
}
