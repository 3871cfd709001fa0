import Explanations
import Formulas
import LinearAlgebra
import NeuralNetworks
import Operations
import Reports
import Sessions

/// The value of a formula as it is shown: with its shape, the formula that made it, and where nan came from.
enum ValueReport {
  static func add(
    _ text: String, at offset: Int, _ source: String, _ isFull: Bool, _ session: inout Session,
    _ report: inout Report
  ) throws(Diagnostic) {
    let parsed = try CommandLine.formula(text, at: offset, in: source, naming: session.naming)
      .seeded(from: &session.nextSeed)
    let environment = SessionEnvironment(session)
    let value: Tensor
    do {
      value = try Evaluator(environment).checkedValue(of: parsed)
    } catch {
      var diagnostic = error
      diagnostic.source = source
      throw diagnostic
    }
    var block = Report.TensorBlock("\(parsed.expression)", value)
    var computed: Expression?
    var unreached: Prose?
    block.isFull = isFull
    if parsed.expression.isNamed { block.asked = text.filter { !$0.isWhitespace } }
    if case .name(let name) = parsed.expression {
      let resolved = session.model.resolve(name)
      block.labelSlices(parameters: session.model.parameters, own: resolved)
      if let equation = environment.equation(of: name), session.scratch[resolved] == nil,
        session.leaves[resolved] == nil
      {
        block.formula = session.shownFormula(of: equation)
        computed = equation.computedAs
        unreached = StepReport.unreached(equation, in: session)
        block.showsRowSums = equation.isJacobian
      } else {
        block.remark = session.role(of: resolved).map { "\($0)" }
      }
      if resolved != name { block.remark = "another name for \(name: resolved)" }
    }
    report.add(.tensor(block))
    if let computed { report.note("  computed as \(computed)") }
    if let unreached { report.note(unreached) }
    if let note = parsed.expression.eachWithEachNote(in: environment) { report.say(note, .warning) }
    guard !value.isFinite else { return }
    if case .name(let name) = parsed.expression, let equation = environment.equation(of: name) {
      for note in NumericalNotes.notes(equation, in: session) { report.say(note, .warning) }
    } else if let origin = NumericalOrigin(environment, session.model.equations)
      .explain(parsed.expression, as: nil)
    {
      report.say(origin, .warning)
    }
  }
}

extension Expression {
  /// A name, or a part of what it names.
  fileprivate var isNamed: Bool {
    switch self {
    case .name: true
    case .index(let value, _): value.isNamed
    case .number, .list, .negative, .binary, .transpose, .call, .derivative: false
    }
  }
}
