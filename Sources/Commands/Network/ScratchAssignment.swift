import Formulas
import Reports
import Sessions

/// A value given to a name of the student's own.
enum ScratchAssignment {
  static func run(
    _ assignment: Assignment, _ line: CommandLine, _ workspace: inout Workspace
  ) throws(Diagnostic) -> Report {
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
