import Explanations
import Formulas
import LinearAlgebra
import Operations
import Reports
import Sessions

/// The value of a formula as it is shown: with its shape, the formula that made it, and where nan came from.
enum ValueReport {
  static func add(
    _ text: String, at offset: Int, _ source: String, _ isFull: Bool, _ session: Session,
    _ report: inout Report
  ) throws(Diagnostic) {
    let parsed = try CommandLine.formula(text, at: offset, in: source)
    let environment = SessionEnvironment(session)
    let value: Tensor
    do {
      value = try Evaluator(environment).checkedValue(of: parsed)
    } catch {
      var diagnostic = error
      diagnostic.source = source
      throw diagnostic
    }
    var block = Report.TensorBlock(text, value)
    var computed: Expression?
    block.isFull = isFull
    if case .name(let name) = parsed.expression {
      block.name = name
      let resolved = session.model.resolve(name)
      block.labelSlices(parameters: session.model.parameters, own: resolved)
      if let equation = environment.equation(of: name), session.scratch[resolved] == nil,
        session.leaves[resolved] == nil
      {
        block.formula = equation.expression.description
        computed = equation.computedAs
        block.showsRowSums = resolved == "J"
      } else {
        block.remark = session.role(of: resolved)
      }
      if resolved != name { block.remark = "another name for \(resolved)" }
    }
    report.add(.tensor(block))
    if let computed { report.note("  computed as \(computed)") }
    guard !value.isFinite else { return }
    if case .name(let name) = parsed.expression, let equation = environment.equation(of: name) {
      for note in NumericalNotes.notes(equation, in: session) { report.say(note, .warning) }
    } else if let origin = NumericalOrigin.explain(parsed.expression, as: nil, in: environment) {
      report.say(origin, .warning)
    }
  }
}
