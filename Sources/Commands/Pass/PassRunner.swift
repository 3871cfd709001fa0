import Explanations
import Formulas
import LinearAlgebra
import Operations
import Reports
import Sessions

/// Runs steps and reports them: all, or only the last. Stops where `break` and `watch` say, shows what `display` asks
/// for, and at a terminal says what comes next.
package struct PassRunner {
  enum Shown { case each, last }

  private var workspace: Workspace
  private var report = Report()
  private let shown: Shown
  private let explains: Bool
  private let endsPass: Bool

  /// - Parameter endsPass: the command runs a whole pass, whose end needs no word about what comes.
  static func advance(
    _ workspace: inout Workspace, to end: Int, shown: Shown = .each, explains: Bool = false,
    endsPass: Bool = false
  ) throws(Diagnostic) -> Report {
    var runner = PassRunner(
      workspace: workspace, shown: shown,
      explains: explains || workspace.session.settings.isExplaining, endsPass: endsPass)
    let isStopped = try runner.run(to: end)
    runner.display()
    if !endsPass || isStopped { NextLine.add(to: &runner.report, in: runner.workspace) }
    workspace.session = runner.workspace.session
    return runner.report
  }

  /// `step [n]`, as `next` outside of a lesson is too.
  package static func step(
    _ line: CommandLine, _ usage: String, in workspace: inout Workspace
  ) throws(Diagnostic) -> Report {
    var explains = false
    var count = 1
    for word in line.words {
      if word.text == "why", !explains {
        explains = true
      } else if let number = Int(word.text), number >= 1, count == 1 {
        count = number
      } else {
        throw line.usageError("'\(word.text.prefix(20))' is not a number of steps", usage, at: word.range)
      }
    }
    let program = try workspace.session.readyProgram()
    guard workspace.session.cursor < program.steps.count else {
      let last: Prose = program.steps.last.map { "\(name: $0.name)" } ?? "the last"
      let hint: Prose =
        program.missingLoss == nil
        ? "'update' takes a step of gradient descent, 'restart' begins again, 'back' goes back"
        : "'restart' begins again, 'back' goes back"
      if workspace.isRepeating { return Report([.text("the pass is done; \(hint)", style: .note)]) }
      throw Diagnostic("the pass is done: there is no step after \(last)", hint: hint)
    }
    let left = program.steps.count - workspace.session.cursor
    return try advance(
      &workspace, to: workspace.session.cursor + min(count, left), explains: explains)
  }

  // MARK: Running

  private init(workspace: Workspace, shown: Shown, explains: Bool, endsPass: Bool) {
    (self.workspace, self.shown, self.explains, self.endsPass) = (workspace, shown, explains, endsPass)
  }

  /// True when it stopped before the end.
  private mutating func run(to end: Int) throws(Diagnostic) -> Bool {
    let start = workspace.session.cursor
    let program = try workspace.session.readyProgram()
    var done: [(equation: Equation, value: Tensor)] = []
    var reasons: [Prose] = []
    while workspace.session.cursor < end, reasons.isEmpty {
      let position = workspace.session.cursor
      if position > start, let reason = stopBefore(program.steps[position].name) {
        reasons = [reason]
        break
      }
      let waiting = workspace.session.stops.items.filter { isWaiting($0) }
      guard let step = try workspace.session.advance() else { break }
      if shown == .each {
        // Behind steps of the forward pass, or where somebody steps at a terminal.
        if position == program.forward.count, start < position || workspace.outside.isInteractive, !endsPass {
          report.say("— backward: what the loss changes by —", .note)
        }
        if let title = workspace.session.title(ofStep: position) { report.say(title, .heading) }
        try add(step)
      }
      done.append(step)
      reasons = waiting.compactMap { stopBehind($0, step.equation.name) } + workspace.session.watchedChanges()
    }
    if shown == .last, let last = done.last {
      if done.count > 1 {
        report.note("\(done.count) steps: \(name: done[0].equation.name) to \(name: last.equation.name)")
      }
      try add(last)
    }
    for reason in reasons { report.say(reason, .heading) }
    return workspace.session.cursor < end
  }

  private mutating func add(_ step: (equation: Equation, value: Tensor)) throws(Diagnostic) {
    StepReport.add(step.equation, step.value, to: &report, in: workspace.session)
    guard explains, workspace.session.reasonHidden(step.equation.name) == nil else { return }
    for line in try StepReason.lines(step.equation, in: workspace.session) { report.explain(line, indent: 2) }
  }

  // MARK: Stopping

  private func number(_ formula: Expression) -> Tensor? {
    try? Evaluator(SessionEnvironment(workspace.session)).value(of: formula)
  }

  private func isTrue(_ formula: Expression) -> Bool {
    number(formula)?.elements.contains { $0 != 0 } ?? false
  }

  /// Whether a condition has no value before its step, so that it is asked behind it.
  private func isWaiting(_ item: Stops.Item) -> Bool {
    guard case .step(_, let condition?) = item.kind else { return false }
    return number(condition) == nil
  }

  private func stopBefore(_ name: String) -> Prose? {
    for item in workspace.session.stops.items {
      guard case .step(let own, let condition) = item.kind, own == name else { continue }
      if condition.map({ isTrue($0) }) ?? true {
        return
          "break \(item.number): stopped before \(name: name)\(condition.map { ", \($0)" as Prose } ?? "")"
      }
    }
    return nil
  }

  private func stopBehind(_ item: Stops.Item, _ name: String) -> Prose? {
    guard case .step(let own, let condition?) = item.kind, own == name else { return nil }
    let value: Tensor
    do { value = try Evaluator(SessionEnvironment(workspace.session)).value(of: condition) } catch {
      // Passing by without a word would look like a condition that does not hold.
      return
        "break \(item.number): stopped at \(name: name), since its condition cannot be computed here: \(error.message)"
    }
    return value.elements.contains { $0 != 0 }
      ? "break \(item.number): stopped at \(name: name), \(condition)" : nil
  }

  private mutating func display() {
    for display in workspace.session.stops.displays {
      guard let value = number(display.formula) else {
        report.note("display \(display.number): \(display.formula) has no value yet")
        continue
      }
      var block = Report.TensorBlock("\(display.formula)", value, remark: "display \(display.number)")
      block.isData = false
      report.add(.tensor(block))
    }
  }
}

/// What comes behind the cursor. Said to a person at a terminal, who steps; scripts and the pages of lessons stay as
/// they are, unless `explain on` asks for it.
enum NextLine {
  static func add(to report: inout Report, in workspace: Workspace) {
    let isAsked = workspace.outside.isInteractive && workspace.loadDepth == 0 && !workspace.isScripted
    guard isAsked || workspace.session.settings.isExplaining else { return }
    report.note(text(workspace.session))
  }

  static func text(_ session: Session) -> Prose {
    guard case .success(let program) = session.program else { return "the pass is not ready" }
    guard program.steps.indices.contains(session.cursor) else {
      return program.missingLoss == nil
        ? "the pass is done: 'update' takes a step of gradient descent, 'restart' begins again"
        : "the pass is done, and no loss ends it: 'restart' begins again"
    }
    let step = program.steps[session.cursor]
    if let reason = session.reasonHidden(step.name) {
      return "next: \(name: step.name), hidden while \(reason)"
    }
    let shape: Prose = program.shapes[step.name].map { $0.isScalar ? "" : "   (\($0))" } ?? ""
    let rules: Prose = step.rules.isEmpty ? "" : ", \(step.telling.joined(separator: ", "))"
    return "next: \(session.shown(step))\(shape)\(rules)"
  }
}
