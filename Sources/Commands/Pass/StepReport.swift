import Differentiation
import Formulas
import LinearAlgebra
import NeuralNetworks
import Reports
import Sessions

/// A step as it is shown: value, shape, formula, and a word where its numbers went wrong.
enum StepReport {
  static func add(_ equation: Equation, _ value: Tensor, to report: inout Report, in session: Session) {
    if let reason = session.reasonHidden(equation.name) {
      report.note("\(name: equation.name): done, and hidden while \(reason)")
      return
    }
    var block = Report.TensorBlock(
      "\(name: equation.name)", value, formula: session.shownFormula(of: equation))
    block.showsRowSums = equation.isJacobian
    block.labelSlices(parameters: session.model.parameters, own: equation.name)
    report.add(.tensor(block))
    if let computed = equation.computedAs { report.note("  computed as \(computed)") }
    if let note = Self.unreached(equation, in: session) { report.note(note) }
    for note in NumericalNotes.notes(equation, in: session) { report.say(note, .warning) }
  }

  /// Why a gradient is 0 everywhere: nothing that the loss is made of depends on its value.
  static func unreached(_ equation: Equation, in session: Session) -> Prose? {
    guard equation.rules.contains(BackwardPass.unreached), let name = equation.name.gradientOf else {
      return nil
    }
    let loss = session.model.lossName
    let equations = session.model.equations
    if Jacobian.path(from: name, to: loss, equations).isEmpty {
      return "  \(name: loss) does not depend on \(name: name)"
    }
    let open = equations.map { equation in
      var open = equation
      for part in open.expression.detachedParts { open.expression = open.expression.replacing(part, with: 0) }
      return open
    }
    if Jacobian.path(from: name, to: loss, open).isEmpty {
      let truncation = session.model.truncation.map { ": 'truncate \($0)' put it there" as Prose } ?? ""
      return "  every way from \(name: name) to \(name: loss) is cut by a detach" + truncation
    }
    return "  every way from \(name: name) to \(name: loss) leads through a step without a slope"
  }
}
