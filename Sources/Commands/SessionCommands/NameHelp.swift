import Formulas
import LinearAlgebra
import Operations
import Reports
import Sessions

/// What a name of the session is, and what can be asked of it.
enum NameHelp {
  /// Nil for what is no name here.
  static func page(_ name: String, _ session: Session) -> Report? {
    let own = session.model.resolve(name)
    let program = try? session.program.get()
    let shape = SessionEnvironment(session).shape(of: name) ?? program?.shapes[own]
    guard shape != nil || session.isKnown(name) else { return nil }
    var report = Report()
    let role = session.role(of: name).map { ", \($0)" } ?? ""
    let extent = shape.map { $0.isScalar ? "one number" : "\($0)" } ?? "not computed yet"
    report.say("\(name: name): \(extent)\(role)", .formula)
    if own != name { report.explain("Another name for \(name: own).") }
    if name == .learningRate {
      report.explain(
        "The learning rate: how far an update goes against the gradient, W = W - lr * dW. 'set lr = 0.5' changes it, 'update lr=0.5' and 'train lr=0.5' for once."
      )
      return report
    }
    if let step = program?.steps.first(where: { $0.name == own }) {
      if let reason = session.reasonHidden(own) {
        report.explain("\(reason)")
        return report
      }
      report.say("  \(step)", .formula)
      if let rule = step.rules.last { report.note("  by the rule: \(rule)") }
    }
    if let source = source(of: own, session) {
      report.explain(
        "The gradient of the loss by \(name: source), shaped like it: how the loss moves with each entry.")
    }
    let place = String(repeating: "0", count: min(2, shape?.rank ?? 0)).map(String.init).joined(
      separator: ",")
    let entry = place.isEmpty ? "" : "[\(place)]"
    report.note(
      "show \(name: name)   why \(name: name)\(entry)\(source(of: own, session) == nil ? "" : "   derive \(name: name)   check \(name: name) = …")"
    )
    return report
  }

  private static func source(of name: String, _ session: Session) -> String? {
    (session.model.leaves + session.model.equations.map(\.name)).first { $0.gradientName == name }
  }
}
