import Explanations
import Formulas
import NeuralNetworks
import Operations
import Reports
import Sessions

/// Turns a report into the session's notation: the one place where names are changed for the eye.
package struct NotationDisplay {
  private let session: Session
  private let names: [String: String]

  package init(_ session: Session) {
    self.session = session
    let steps = (session.model.equations.map(\.name)) + session.model.leaves
    names = session.settings.notation.names(of: steps, output: session.model.outputName)
  }

  package func shown(_ report: Report) -> Report {
    guard session.settings.notation != .default, !report.isInNotation else { return report }
    var result = report
    result.blocks = report.blocks.map(shown)
    return result
  }

  private func shown(_ block: Report.Block) -> Report.Block {
    switch block {
    case .tensor(var tensor):
      if session.settings.notation == .index, tensor.formula != nil, let formula = entryFormula(tensor.name) {
        tensor.formula = formula
      }
      tensor.formula = tensor.formula.map(rename)
      tensor.remark = tensor.remark.map(rename)
      tensor.name = rename(tensor.name)
      return .tensor(tensor)
    case .text(let text, let style): return .text(rename(text), style: style)
    case .paragraph(let text, let indent): return .paragraph(rename(text), indent: indent)
    case .table(var table):
      table.rows = table.rows.map { $0.map(rename) }
      return .table(table)
    case .preformatted, .blank, .plot, .failure: return block
    }
  }

  private func rename(_ text: String) -> String { Notation.rename(text, names) }

  /// `Σ_k X[i,k]·W1[k,j]` for a step; nil for what is no step.
  private func entryFormula(_ name: String) -> String? {
    guard case .success(let program) = session.program,
      let equation = program.steps.first(where: { $0.name == session.model.resolve(name) })
    else { return nil }
    let text = entryText(equation, program)
    return text.flatMap { text in text.firstRange(of: " = ").map { String(text[$0.upperBound...]) } }
  }

  private func entryText(_ equation: Equation, _ program: Program) -> String? {
    Notation.entryText(
      of: equation, shape: program.shapes[equation.name] ?? .scalar,
      environment: program.shapeEnvironment,
      counting: program.counting,
      named: session.namedFormulas, precision: session.settings.precision)
  }

  func text(of equation: Equation, _ program: Program) -> String {
    if session.settings.notation == .index, let text = entryText(equation, program) { return text }
    return rename(equation.text)
  }
}
