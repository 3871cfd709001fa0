import Explanations
import Formulas
import LinearAlgebra
import Reports
import Sessions

package enum WhyCommand: Command {
  package static let name = "why"
  package static let shortForms: [String] = []
  package static let usage = "why NAME[i, j] | why L [--deep]"
  package static let summary = "one number as the sum or expression that made it"
  package static let help = [
    "why dW1[0, 2] shows the sum behind that entry, each product with its numbers, and that they add up to the stored value. why L, why S[0, 1], why J[0, 1, 2]: every step, forwards and backwards. --deep goes on to the entries that made it, down to the inputs."
  ]
  package static let group = CommandGroup.differentiate
  package static let examples = ["why dW1[0,2]", "why L --deep"]
  package static let related = ["derive", "show", "jacobian"]
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.names

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    var words = line.words
    let isDeep = words.contains { $0.text == "--deep" }
    words.removeAll { $0.text == "--deep" }
    guard let first = words.first, let last = words.last else {
      throw line.usageError("why what?", usage)
    }
    let asked = String(Array(line.text)[first.range.lowerBound..<last.range.upperBound])
    let parsed = try CommandLine.formula(
      asked, at: first.range.lowerBound, in: line.text, naming: line.naming)
    let session = try ready(for: parsed.expression, workspace.session)
    let question = try WhyQuestion(parsed, in: session, at: first.range.lowerBound..<last.range.upperBound)
    var report = Report()
    if session.cursor > workspace.session.cursor {
      report.note("the pass was run for this alone, and is where it was")
    }
    var data = Report.TensorBlock("\(parsed.expression)", Tensor(question.stored))
    data.isDrawn = false
    report.add(.tensor(data))
    guard let expression = question.expression else {
      report.say("\(question.shown) = \(figure: question.stored)", .formula)
      report.say("\(question.origin)")
      report.scalar("value", question.stored)
      return report
    }
    if isDeep {
      try deep(question, session, &report)
    } else {
      try WhyReport.add(question, expression, session, to: &report)
    }
    return report
  }

  /// The session with the pass run as far as a formula needs it; as it is where that does not help.
  private static func ready(for expression: Expression, _ session: Session) throws(Diagnostic) -> Session {
    let environment = SessionEnvironment(session)
    let missing = expression.names.map { session.model.resolve($0) }.filter {
      environment.value(of: $0) == nil && session.isKnown($0) && !session.hidden.contains($0)
    }
    guard !missing.isEmpty, case .success(let program) = session.program else { return session }
    let isForward = missing.allSatisfy { name in program.forward.contains { $0.name == name } }
    return try session.completed(forward: isForward)
  }

  private static func deep(
    _ question: WhyQuestion, _ session: Session, _ report: inout Report
  ) throws(Diagnostic) {
    let environment = question.environment
    var tree = WhyTree(
      environment: environment, counting: question.counting, named: question.named,
      reserved: session.naming.shown
    ) { name in
      guard let value = environment.value(of: name) else { return nil }
      if name == question.entry.name, let expression = question.expression { return .made(expression, value) }
      guard let equation = question.equation(of: name) else {
        return .given(session.role(of: session.model.resolve(name)) ?? "given", value)
      }
      return .made(equation.expression, value)
    }
    try tree.add(question.entry)
    report.add(.preformatted(tree.lines))
    report.scalar("value", question.stored)
  }
}
