import Differentiation
import Formulas
import LinearAlgebra
import Operations
import Platform
import Reports
import Sessions

package enum CompareCommand: Command {
  package static let name = "compare"
  package static let shortForms: [String] = []
  package static let usage = "compare softmax"
  package static let summary = "the full softmax Jacobian beside the shortcut (S - Y)/m"
  package static let help = [
    "Computes dL/dZ both ways at the values of this session: through dS and the m×K×K Jacobian, and by the fused shortcut. Shows both, their difference, the number of multiplications and the time each took."
  ]
  package static let group = CommandGroup.differentiate
  package static let access = CommandAccess.wholePass
  package static let completes = CompletionKind.words(["softmax"])

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    guard line.rest == "softmax" else { throw line.usageError("compare what?", usage, at: line.restRange) }
    let session = try workspace.session.completed(forward: true)
    let environment = SessionEnvironment(session)
    let model = session.model
    guard
      let softmax = model.equations.last(where: {
        if case .call("softmax", _, _) = $0.expression { true } else { false }
      }), case .call(_, let arguments, let options) = softmax.expression, let logits = arguments.first,
      model.equations.contains(where: { equation in
        equation.expression.contains { $0.isCrossEntropy(of: softmax.name) }
      })
    else {
      throw Diagnostic(
        "there is nothing to compare: no cross_entropy reads a softmax",
        hint: "for example: net 2 4:relu 3:softmax")
    }
    let program = try session.readyProgram()
    let Z = try Evaluator(environment).value(of: logits)
    // The pass from the logits alone, so that any formula may stand inside softmax.
    var head = program.forward.map { Equation($0.name, $0.expression.replacing(logits, with: .name("Z"))) }
    if case .name(let name) = logits { head.removeAll { $0.name == name } }
    head = Jacobian.path(from: "Z", to: model.lossName, head)
    let base = Overlay(["Z": Z], over: environment)
    func derive(_ isFused: Bool) throws(Diagnostic) -> [Equation] {
      try program.derive(head, output: model.lossName, from: ("Z", logits), isFused: isFused)
    }
    let (full, fused) = (try derive(false), try derive(true))
    func run(_ equations: [Equation]) throws(Diagnostic) -> Overlay {
      var overlay = base
      for equation in equations {
        overlay.values[equation.name] = try Evaluator(overlay).value(of: equation.expression)
      }
      return overlay
    }
    let byJacobian = try run(full)
    let byShortcut = try run(fused)
    guard let a = byJacobian.value(of: "dZ"), let b = byShortcut.value(of: "dZ"), a.shape == b.shape else {
      throw Diagnostic("the two ways gave values of different shapes")
    }
    return try report(
      session, full, fused, a, b, byJacobian, logits: logits.description, axis: options.axis ?? -1,
      { () throws(Diagnostic) in _ = try run(full) }, { () throws(Diagnostic) in _ = try run(fused) })
  }

  private static func report(
    _ session: Session, _ full: [Equation], _ fused: [Equation], _ a: Tensor, _ b: Tensor, _ values: Overlay,
    logits: String, axis: Int, _ runFull: () throws(Diagnostic) -> Void,
    _ runFused: () throws(Diagnostic) -> Void
  ) throws(Diagnostic) -> Report {
    var report = Report()
    let display = { (text: String) in text.replacingName("Z", with: logits) }
    report.say("through the Jacobian", .heading)
    for equation in full where equation.name != "dZ" && equation.name != "J" {
      guard let value = values.value(of: equation.name) else { continue }
      report.show(equation.name, value, formula: display(equation.expression.description))
    }
    if let J = values.value(of: "J") {
      report.say(
        "J (\(J.shape)) = softmax'(\(logits)), a matrix for every sample: 'jacobian softmax' shows it",
        .formula)
    }
    report.show("full", a, formula: full.last.map { display($0.expression.description) })
    report.say("by the shortcut", .heading)
    report.show("fused", b, formula: fused.last.map { display($0.expression.description) })
    let difference = a.combined(with: b, -) ?? a
    report.show("difference", difference, formula: "full - fused")
    let largest = difference.elements.reduce(0) { $0.isNaN || $1.isNaN ? Double.nan : max($0, abs($1)) }
    for equation in full {
      guard let value = values.value(of: equation.name), !value.isFinite else { continue }
      for note in underflowNotes(equation, value, values) { report.say(note, .warning) }
      break
    }
    if a.isFinite {
      report.say(
        "largest difference \(Figures.short(largest, digits: 2))", largest < 1e-12 ? .success : .failure)
    } else {
      report.say(
        "the way through the Jacobian lost its numbers; the shortcut divides by nothing and is right",
        .failure)
    }
    let (K, m) = axis == 0 ? (a.shape.rows, a.shape.columns) : (a.shape.columns, a.shape.rows)
    let (fullTime, fusedTime) = (try time(runFull), try time(runFused))
    report.add(
      .table(
        .init(
          header: ["way", "multiplications, divisions", "numbers stored", "time"],
          rows: [
            [
              "Jacobian", "m(2K + 2K²) = \(m * (2 * K + 2 * K * K))", "mK² = \(m * K * K)",
              "\(Figures.short(fullTime * 1e6, digits: 3)) µs",
            ],
            ["shortcut", "mK = \(m * K)", "0", "\(Figures.short(fusedTime * 1e6, digits: 3)) µs"],
          ])))
    report.scalar("max_difference", largest)
    report.scalar("full_operations", Double(m * (2 * K + 2 * K * K)))
    report.scalar("fused_operations", Double(m * K))
    report.scalar("full_seconds", fullTime)
    report.scalar("fused_seconds", fusedTime)
    return report
  }

  private static func underflowNotes(_ equation: Equation, _ value: Tensor, _ values: Overlay) -> [String] {
    guard let bad = value.elements.firstIndex(where: { !$0.isFinite }) else { return [] }
    let at = value.index(at: bad).map(String.init).joined(separator: ",")
    for name in equation.expression.names {
      guard let operand = values.value(of: name), operand.shape == value.shape,
        operand.elements.indices.contains(bad),
        operand.elements[bad] == 0, name != "Y"
      else { continue }
      return [
        "\(equation.name)[\(at)] is \(value.elements[bad]): \(name)[\(at)] underflowed to 0 (its logit lies more than 745 below the largest), and \(equation.expression) divides by it"
      ]
    }
    return ["\(equation.name)[\(at)] is \(value.elements[bad])"]
  }

  /// Seconds for one run: the fastest of several, for at most a few milliseconds.
  private static func time(_ body: () throws(Diagnostic) -> Void) throws(Diagnostic) -> Double {
    var best = Double.infinity
    var total = 0.0
    for _ in 0..<20 where total < 5e-3 {
      let start = Clock.seconds()
      try body()
      let elapsed = Clock.seconds() - start
      best = min(best, elapsed)
      total += elapsed
    }
    return best
  }
}

extension Overlay {
  /// The session's own J must not hide the J of this derivation.
  fileprivate func hidingJacobian() -> any Environment { Hiding(base: self, hidden: "J") }
}

private struct Hiding: Environment {
  let base: any Environment
  let hidden: String
  func shape(of name: String) -> Shape? { name == hidden ? nil : base.shape(of: name) }
  func value(of name: String) -> Tensor? { name == hidden ? nil : base.value(of: name) }
  func missing(_ name: String) -> Diagnostic { base.missing(name) }
  func example(ofShape shape: Shape) -> String? { base.example(ofShape: shape) }
}

extension Expression {
  fileprivate func isCrossEntropy(of name: String) -> Bool {
    if case .call("cross_entropy", let arguments, _) = self {
      arguments.last == .name(name)
    } else {
      false
    }
  }
}

extension String {
  /// A name in a printed formula replaced by another, whole words only.
  fileprivate func replacingName(_ name: String, with other: String) -> String {
    (try? Parser.parse(self)).map { "\($0.expression.substituting([name: .name(other)]))" } ?? self
  }
}
