import Formulas
import LinearAlgebra
import Reports
import Sessions

/// A step as it is shown: value, shape, formula, and a word where its numbers went wrong.
enum StepReport {
  static func add(_ equation: Equation, _ value: Tensor, to report: inout Report, in session: Session) {
    if let reason = session.reasonHidden(equation.name) {
      report.note("\(equation.name): done, and hidden while \(reason)")
      return
    }
    var block = Report.TensorBlock(equation.name, value, formula: equation.expression.description)
    block.showsRowSums = equation.name == "J"
    block.labelSlices(parameters: session.model.parameters, own: equation.name)
    report.add(.tensor(block))
    if let computed = equation.computedAs { report.note("  computed as \(computed)") }
    for note in NumericalNotes.notes(equation, in: session) { report.say(note, .warning) }
  }
}
