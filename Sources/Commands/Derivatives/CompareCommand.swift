import Differentiation
import Formulas
import LinearAlgebra
import NeuralNetworks
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
  package static let examples = ["compare softmax", "fused off; compare softmax"]
  package static let related = ["jacobian", "fused", "bench"]
  package static let access = CommandAccess.wholePass
  package static let completes = CompletionKind.words(Operation.all.filter { $0.jacobian != nil }.map(\.name))

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    guard Operation.named(line.rest)?.jacobian != nil else {
      throw line.usageError("compare what?", usage, at: line.restRange)
    }
    let session = try workspace.session.completedExactly(forward: true)
    let environment = SessionEnvironment(session)
    guard let head = SoftmaxHead(session) else {
      throw Diagnostic(
        "there is nothing to compare: \(Self.missing(session))", hint: "for example: net 2 5:relu 3:softmax")
    }
    let Z = try Evaluator(environment).value(of: head.formula)
    var base = Overlay([head.logits: Z], over: environment)
    if let softmax = head.equations.first {
      base.values[softmax.name] = try Evaluator(base).value(of: softmax.expression)
    }
    func derive(_ isFused: Bool) throws(Diagnostic) -> [Equation] {
      try session.readyProgram().derive(
        head.equations, output: session.model.lossName, from: (head.logits, head.formula), isFused: isFused)
    }
    func run(_ equations: [Equation]) throws(Diagnostic) -> Overlay {
      var overlay = base
      for equation in equations {
        overlay.values[equation.name] = try Evaluator(overlay).value(of: equation.expression)
      }
      return overlay
    }
    let (full, fused) = (try derive(false), try derive(true))
    let comparison = SoftmaxComparison(
      head: head, full: full, fused: fused, byJacobian: try run(full), byShortcut: try run(fused))
    return try comparison.report(
      session, { () throws(Diagnostic) in _ = try run(full) }, { () throws(Diagnostic) in _ = try run(fused) }
    )
  }
}

extension CompareCommand {
  /// What a cross-entropy of a softmax is wanting in a model.
  private static func missing(_ session: Session) -> Prose {
    guard let loss = session.roles.loss, loss.needsDistributions else {
      return session.roles.loss?.function.name == Operation.binaryCrossEntropy.name
        ? "the loss is the cross-entropy of yes and no; its shortcut is that of a sigmoid: 'derive sigmoid_binary_cross_entropy'"
        : "the loss is no cross-entropy"
    }
    if loss.logits == nil, case .name(let name) = loss.predictions,
      let step = session.model.equations.last(where: { $0.name == name }),
      JacobianStep(step.expression) != nil
    {
      return
        "\(name: name) is a softmax, and \(loss.term) is another function of it than cross_entropy: a number that is added inside of the logarithm, or a clip, changes the gradient a little"
    }
    return loss.logits == nil
      ? "the cross-entropy reads \(loss.predictions), which is no softmax"
      : "nothing shows by how many entries the cross-entropy is divided"
  }
}

/// The end of a network from its logits on: the softmax, the cross-entropy that reads it, however they are typed, and
/// what stands between that and the loss.
struct SoftmaxHead {
  /// What the softmax is taken of, in the session's names.
  let formula: Expression
  /// The name that stands for it here: its own where it has one.
  let logits: String
  let softmax: String
  let equations: [Equation]
  /// The axis of the classes, counted from the front.
  let axis: Int

  /// Nil where the loss is no cross-entropy of a softmax.
  init?(_ session: Session) {
    let roles = session.roles
    guard let loss = roles.loss, loss.needsDistributions, let formula = loss.logits,
      let activation = loss.activation, let operation = OperationCall(activation)?.operation,
      let axis = roles.lossAxis,
      let call = loss.call(roles)
    else { return nil }
    func unused(_ name: String) -> String {
      session.isKnown(name) ? unused(name + "_") : name
    }
    let (logits, softmax): (String, String)
    if case .name(let name) = formula { logits = name } else { logits = unused(operation.argumentName) }
    softmax = loss.output ?? unused(operation.resultName)
    var needed: Set = [session.model.lossName]
    var behind: [Equation] = []
    for equation in session.model.equations.reversed()
    where needed.contains(equation.name) && ![logits, softmax].contains(equation.name) {
      var expression = equation.expression
      if equation.name == loss.equation { expression = expression.replacing(loss.term, with: call) }
      expression = expression.replacing(loss.predictions, with: .name(softmax))
      expression = expression.replacing(formula, with: .name(logits))
      needed.formUnion(expression.names)
      behind.insert(Equation(equation.name, expression), at: 0)
    }
    equations = [Equation(softmax, activation.replacing(formula, with: .name(logits)))] + behind
    (self.logits, self.softmax, self.formula, self.axis) = (logits, softmax, formula, axis)
  }

  /// A formula in the session's names.
  func shown(_ expression: Expression) -> Prose { "\(expression.substituting([logits: formula]))" }
}

/// The gradient of the logits on both ways, side by side.
private struct SoftmaxComparison {
  let head: SoftmaxHead
  let full: [Equation]
  let fused: [Equation]
  let byJacobian: Overlay
  let byShortcut: Overlay

  func report(
    _ session: Session, _ runFull: () throws(Diagnostic) -> Void, _ runFused: () throws(Diagnostic) -> Void
  ) throws(Diagnostic) -> Report {
    guard let last = full.last, let a = byJacobian.value(of: last.name),
      let b = byShortcut.value(of: last.name),
      a.shape == b.shape
    else { throw Diagnostic("the two ways gave values of different shapes") }
    var report = Report()
    let J = full.first(where: \.isJacobian)
    report.say(J == nil ? "step by step" : "through the Jacobian", .heading)
    for equation in full.dropLast() where !equation.isJacobian {
      guard let value = byJacobian.value(of: equation.name) else { continue }
      report.show("\(name: equation.name)", value, formula: head.shown(equation.expression))
    }
    if let J, let value = byJacobian.value(of: J.name) {
      let isStep = session.model.equations.contains { JacobianStep($0.expression) != nil }
      report.say(
        "\(name: J.name) (\(value.shape)) = \(head.shown(J.expression)), a matrix for every sample\(isStep ? ": 'jacobian softmax' shows it" : "")",
        .formula)
    }
    report.show("full", a, formula: head.shown(last.expression))
    report.say("by the shortcut", .heading)
    report.show("fused", b, formula: fused.last.map { head.shown($0.expression) })
    let difference = a.combined(with: b, -) ?? a
    report.show("difference", difference, formula: "full - fused")
    let largest = difference.elements.reduce(0) { $0.isNaN || $1.isNaN ? Double.nan : max($0, abs($1)) }
    for equation in full {
      guard let value = byJacobian.value(of: equation.name), !value.isFinite else { continue }
      report.say(underflow(equation, value), .warning)
      break
    }
    if let reason = session.brokenShortcut {
      report.say(
        "\(reason): the shortcut does not hold for them, and the way through the Jacobian is right", .warning)
    }
    if a.isFinite {
      report.say(
        "largest difference \(Figures.short(largest, digits: 2))", largest < 1e-12 ? .success : .failure)
    } else {
      report.say(
        "the way through the Jacobian lost its numbers; the shortcut divides by nothing and is right",
        .failure)
    }
    let K = a.shape.dimensions.indices.contains(head.axis) ? a.shape.dimensions[head.axis] : 1
    let m = K == 0 ? 0 : a.count / K
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

  /// Which probability became 0 where numbers were lost.
  private func underflow(_ equation: Equation, _ value: Tensor) -> Prose {
    guard let bad = value.elements.firstIndex(where: { !$0.isFinite }) else { return "" }
    let at = value.index(at: bad)
    let number: Prose = "\(Expression.name(equation.name).entry(at)) is \(value.elements[bad])"
    guard let S = byJacobian.value(of: head.softmax), S.shape == value.shape, S.elements[bad] == 0 else {
      return number
    }
    return
      "\(number): \(Expression.name(head.softmax).entry(at)) underflowed to 0 (its logit lies more than 745 below the largest), and \(head.shown(equation.expression)) divides by it"
  }

  /// Seconds for one run: the fastest of several, for at most a few milliseconds.
  private func time(_ body: () throws(Diagnostic) -> Void) throws(Diagnostic) -> Double {
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
