import Formulas
import Operations
import Reports
import Sessions

package enum WatchCommand: Command {
  package static let name = "watch"
  package static let shortForms: [String] = []
  package static let usage = "watch NAME | EXPRESSION"
  package static let summary = "stop behind the step that changes a value"
  package static let help = [
    "watch max(abs(dZ1)) stops when that is computed, and in every later pass in which it is another number. 'delete' takes it away."
  ]
  package static let group = CommandGroup.pass
  package static let examples = ["watch L", "watch max(abs(dZ1))"]
  package static let related = ["break", "continue", "delete"]
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.names

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    guard !line.rest.isEmpty else { throw line.usageError("watch what?", usage) }
    let formula = try WatchedFormula.parse(line, workspace.session)
    let value = try? Evaluator(SessionEnvironment(workspace.session)).value(of: formula)
    let number = workspace.session.stops.add(.change(formula, last: value))
    let now: Prose =
      value.map { value in value.scalarValue.map { "now \(figure: $0)" } ?? "now \(value.shape)" }
      ?? "not computed yet"
    return Report([.text("watch \(number): \(formula), \(now)", style: .plain)])
  }
}

/// A formula whose names the session knows, whether or not they have a value yet.
enum WatchedFormula {
  static func parse(_ line: CommandLine, _ session: Session) throws(Diagnostic) -> Expression {
    let formula = try CommandLine.formula(line.rest, at: line.offset, in: line.text, naming: line.naming)
      .expression
    let environment = SessionEnvironment(session)
    for name in formula.names where !session.isKnown(name) && environment.shape(of: name) == nil {
      var diagnostic = environment.missing(name)
      diagnostic.marks = [line.restRange]
      throw diagnostic
    }
    return formula
  }
}
