import Formulas
import Reports
import Sessions

package enum LetCommand: Command {
  package static let name = "let"
  package static let shortForms: [String] = []
  package static let usage = "let NAME = EXPRESSION"
  package static let summary = "a scratch name of your own"
  package static let help = ["let G = S - Y keeps the value under G. It does not follow later changes of S."]
  package static let group = CommandGroup.network
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.names

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    let assignment = try Assignment(line, usage: usage)
    let session = workspace.session
    let name = assignment.target.name
    guard !session.isKnown(name), session.leaves[name] == nil, name != .sampleCount, name != .learningRate
    else {
      throw Diagnostic(
        "\(name: name) belongs to the network", at: [assignment.nameRange],
        hint: session.leaves[session.model.resolve(name)] != nil
          ? "give it a value with 'set \(name: name) = …'" : "choose another name for a value of your own")
    }
    var value = try assignment.value(in: session, source: line.text)
    if !assignment.target.target.isEmpty {
      value = try AssignedValue.patched(name, value, assignment, session)
    }
    workspace.session.letName(name, value)
    var report = Report()
    report.show(
      "\(name: name)", value,
      formula: assignment.target.target.isEmpty ? assignment.formula.expression.titleFormula : nil)
    return report
  }
}

extension Expression {
  /// The formula for a title; nil for plain numbers, which the value shows anyway.
  var titleFormula: Prose? {
    contains { if case .name = $0 { true } else if case .call = $0 { true } else { false } }
      ? "\(self)" : nil
  }
}
