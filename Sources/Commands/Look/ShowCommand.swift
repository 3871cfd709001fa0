import Explanations
import Formulas
import LinearAlgebra
import Reports
import Sessions

package enum ShowCommand: Command {
  package static let name = "show"
  package static let shortForms = ["sh", "p", "print"]
  package static let usage = "show NAME… | EXPRESSION [--full]"
  package static let summary = "a value with its shape and formula"
  package static let help = [
    "show dW1 W1 shows both; show A1.T @ dZ2 computes; show dW1[0, 2] is one entry. --full prints everything of a large matrix. The command's name may be left out: dW1 alone shows dW1."
  ]
  package static let group = CommandGroup.look
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.names

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    var words = line.words
    let isFull = words.contains { $0.text == "--full" }
    words.removeAll { $0.text == "--full" }
    guard let first = words.first, let last = words.last else { throw line.usageError("show what?", usage) }
    let isListOfNames = words.count > 1 && words.allSatisfy { Self.isNameLike($0.text) }
    var report = Report()
    if isListOfNames {
      for word in words {
        try show(word.text, at: word.range.lowerBound, line.text, isFull, workspace.session, &report)
      }
    } else {
      let part = String(Array(line.text)[first.range.lowerBound..<last.range.upperBound])
      try show(part, at: first.range.lowerBound, line.text, isFull, workspace.session, &report)
    }
    return report
  }

  private static func isNameLike(_ word: String) -> Bool {
    guard let first = word.first, Lexer.startsName(first) else { return false }
    return word.prefix { $0 != "[" }.allSatisfy(Lexer.continuesName)
      && (!word.contains("[") || word.hasSuffix("]"))
  }

  static func show(
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

/// A line that begins with no command: its value is printed.
package enum ExpressionCommand: Command {
  package static let name = "(expression)"
  package static let shortForms: [String] = []
  package static let usage = "EXPRESSION"
  package static let summary = "its value"
  package static let help = ["A line that does not begin with a command is a formula."]
  package static let group = CommandGroup.look
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.names

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    var report = Report()
    try ShowCommand.show(line.rest, at: line.offset, line.text, false, workspace.session, &report)
    return report
  }
}
