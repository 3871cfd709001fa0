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
    "watch max(abs(dZ1)) stops when that is computed, and in every later pass in which it is another number. 'delete' takes it away.",
    "watch 3: W9 ? is number 3 and waits for a model that has W9, and watch 3: L was 1.5 compares with 1.5 first: so 'save' writes them.",
  ]
  package static let group = CommandGroup.pass
  package static let examples = ["watch L", "watch max(abs(dZ1))"]
  package static let related = ["break", "continue", "delete"]
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.names

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    guard !line.rest.isEmpty else { throw line.usageError("watch what?", usage) }
    let typed = try StopLine(line, taken: workspace.session.stops.items.map(\.number))
    let formula = try WatchedFormula.parse(typed, workspace.session)
    let value = try? Evaluator(SessionEnvironment(workspace.session)).value(of: formula)
    let last = try typed.remembered(line.naming) ?? value
    let number = workspace.session.stops.add(.change(formula, last: last), number: typed.number)
    let now: Prose =
      value.map { value in value.scalarValue.map { "now \(figure: $0)" } ?? "now \(value.shape)" }
      ?? "not computed yet"
    return Report([.text("watch \(number): \(formula), \(now)", style: .plain)])
  }
}

/// A formula whose names the session knows, whether or not they have a value yet.
enum WatchedFormula {
  static func parse(_ typed: StopLine, _ session: Session) throws(Diagnostic) -> Expression {
    let line = typed.line
    let formula = try CommandLine.formula(line.rest, at: line.offset, in: line.text, naming: line.naming)
      .expression
    if !typed.isWaiting, let name = session.unknownName(in: formula) {
      var diagnostic = SessionEnvironment(session).missing(name)
      diagnostic.marks = [line.restRange]
      throw diagnostic
    }
    return formula
  }
}
