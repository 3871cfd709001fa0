import Differentiation
import Formulas
import LinearAlgebra
import Operations
import Reports
import Sessions

package enum NudgeCommand: Command, Asking, ChangesValues {
  package static let name = "nudge"
  package static let shortForms: [String] = []
  package static let usage = "nudge NAME[i, j] [by]"
  package static let summary = "move one number a little and see every value that moves with it"
  package static let help = [
    "nudge W1[0,2] 0.01 adds 0.01 (0.01 too when nothing stands there) to that entry of an input, target or parameter, and shows which values of the pass move and by how much, and the loss beside what the gradient promised: dW1[0,2] times 0.01. The rest is curvature, and falls with the square of the nudge.",
    "'back' takes it away, as 'undo' does: at once, or behind steps when it has gone back over them. Of several the last goes first.",
    "nudge W1[0,2] to 0.3 at 5 makes it 0.3, as if that had been done behind five steps, and shows nothing: so 'save' writes it.",
  ]
  package static let group = CommandGroup.differentiate
  package static let examples = ["nudge W1[0,2] 0.01", "nudge X[0,1] -0.1"]
  package static let related = ["gradcheck", "why", "back"]
  package static let access = CommandAccess.wholePass
  package static let completes = CompletionKind.byPlace { before, _ in
    before.isEmpty ? .held { $0.model.leaves } : .names
  }

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    let words = line.words
    guard let first = words.first else { throw line.usageError("nudge what?", usage) }
    if words.count > 1, words[1].text == "to" { return try again(words, line, &workspace) }
    guard words.count <= 2 else { throw line.usageError("nudge what?", usage) }
    let before = try workspace.session.completedExactly(forward: false)
    try before.demandLoss()
    let (position, entry) = try target(first, line, before)
    var by = 0.01
    if words.count == 2 {
      let formula = try CommandLine.formula(
        words[1].text, at: words[1].range.lowerBound, in: line.text, naming: line.naming)
      guard let number = try Evaluator(SessionEnvironment(before)).checkedValue(of: formula).scalarValue,
        number.isFinite, number != 0
      else { throw line.usageError("by a number other than 0", usage, at: words[1].range) }
      by = number
    }
    guard let old = before.leaves[entry.name]?.elements[position] else {
      throw SessionEnvironment(before).missing(entry.name)
    }
    var after = workspace.session
    try after.nudge(entry, at: position, to: old + by)
    workspace.session = after
    workspace.inquiry = nil
    return try report(
      entry, entry.name, position, old, by, before, try after.completed(forward: false),
      isWide: workspace.outside.width >= 60)
  }

  /// `nudge W1[0,2] to 0.3 at 5`: as it was nudged behind five steps, wherever the pass is.
  private static func again(
    _ words: [CommandLine.Word], _ line: CommandLine, _ workspace: inout Workspace
  ) throws(Diagnostic) -> Report {
    guard words.count == 5, words[3].text == "at", let cursor = Int(words[4].text),
      (0..<1 << 30).contains(cursor)
    else { throw line.usageError("behind 'to' stands a number, 'at' and how many steps were done", usage) }
    let (position, entry) = try target(words[0], line, workspace.session)
    let formula = try CommandLine.formula(
      words[2].text, at: words[2].range.lowerBound, in: line.text, naming: line.naming)
    guard let number = try Evaluator(Bindings([:])).value(of: formula.expression).scalarValue else {
      throw line.usageError("to one number", usage, at: words[2].range)
    }
    try workspace.session.nudge(entry, at: position, to: number, noted: cursor)
    workspace.inquiry = nil
    let remark = workspace.session.nudges.last?.remark(in: workspace.session) ?? ""
    return Report([.text("\(remark)", style: .note)])
  }

  private static func target(
    _ word: CommandLine.Word, _ line: CommandLine, _ session: Session
  ) throws(Diagnostic) -> (position: Int, entry: NamedEntry) {
    let parsed = try CommandLine.formula(
      word.text, at: word.range.lowerBound, in: line.text, naming: line.naming)
    var subscripts: [Subscript] = []
    var base = parsed.expression
    if case .index(let inner, let items) = base { (base, subscripts) = (inner, items) }
    guard case .name(let typed) = base else {
      throw line.usageError("nudge takes an entry of a name", usage, at: word.range)
    }
    let name = session.model.resolve(typed)
    guard let value = session.leaves[name] else {
      var diagnostic = SessionEnvironment(session).missing(typed)
      if let equation = SessionEnvironment(session).equation(of: name) {
        let given = equation.expression.names.filter { session.leaves[$0] != nil }
        diagnostic = Diagnostic(
          "\(name: name) is computed, so it cannot be nudged by itself",
          hint: given.first.map { "nudge what it is computed from: nudge \(name: $0)[…]" }
            ?? "nudge an input or a parameter")
      }
      diagnostic.marks = [word.range]
      throw diagnostic
    }
    let index = zip(subscripts, value.shape.dimensions).compactMap {
      $0.isAt ? $0.positions(extent: $1)?.first : nil
    }
    guard subscripts.count == value.rank, index.count == value.rank, let position = value.position(of: index)
    else {
      let example = NamedEntry(name: name, index: value.shape.dimensions.map { min(1, max(0, $0 - 1)) })
      throw Diagnostic(
        "\(name: name) is \(value.shape): say which entry", at: [word.range],
        hint: "for example: nudge \(example) 0.01")
    }
    return (position, NamedEntry(name: name, index: index))
  }

  private static func report(
    _ entry: NamedEntry, _ name: String, _ position: Int, _ old: Double, _ by: Double, _ before: Session,
    _ after: Session, isWide: Bool
  ) throws(Diagnostic) -> Report {
    var report = Report()
    report.say("\(entry): \(figure: old) → \(figure: old + by)", .heading)
    let program = try after.readyProgram()
    var rows: [[Prose]] = []
    var still: [String] = []
    for step in program.steps {
      guard let a = before.computed(step.name), let b = after.computed(step.name), a.shape == b.shape else {
        continue
      }
      let moved = Interruption.indices(a.count) { a.elements[$0] != b.elements[$0] }
      guard
        let most = moved.max(by: {
          abs(b.elements[$0] - a.elements[$0]) < abs(b.elements[$1] - a.elements[$1])
        })
      else {
        still.append(step.name)
        continue
      }
      let change = b.elements[most] - a.elements[most]
      let place = NamedEntry(name: step.name, index: a.index(at: most))
      rows.append(
        [
          "\(name: step.name)", a.rank == 0 ? "" : "\(moved.count) of \(a.count)",
          "\(change < 0 ? "" : "+")\(Figures.short(change, digits: 3))",
        ]
          + ["\(place)"]
          + (isWide
            ? ["\(figure: a.elements[most])", "→ \(figure: b.elements[most])"]
            : ["\(figure: a.elements[most]) → \(figure: b.elements[most])"]))
    }
    let header: [Prose] = ["value", "moved", "most by", "at"] + (isWide ? ["from", "to"] : ["from → to"])
    report.add(.table(.init(header: header, rows: rows, rightAligned: isWide ? [1, 2, 4] : [1, 2])))
    if !still.isEmpty { report.explain("does not move: \(names: still)") }
    try compare(entry, name, position, by, before, after, &report)
    return report
  }

  /// The loss beside what its gradient promised.
  private static func compare(
    _ entry: NamedEntry, _ name: String, _ position: Int, _ by: Double, _ before: Session, _ after: Session,
    _ report: inout Report
  ) throws(Diagnostic) {
    let loss = before.model.lossName
    let environment = SessionEnvironment(before)
    guard let old = before.computed(loss)?.scalarValue, let new = after.computed(loss)?.scalarValue else {
      return
    }
    report.scalar("loss_before", old)
    report.scalar("loss", new)
    guard let slope = environment.value(of: name.gradientName)?.elements[position] else {
      report.note("'back' takes it away")
      return
    }
    let promised = slope * by
    let gradient = NamedEntry(name: name.gradientName, index: entry.index)
    report.explain(
      "\(name: loss) moved by \(Figures.short(new - old, digits: 6)); the gradient promised \(gradient) · \(Printer.number(by)) = \(Figures.short(promised, digits: 6)), and \(Figures.short(new - old - promised, digits: 2)) is curvature, or a kink on the way."
    )
    report.scalar("change", new - old)
    report.scalar("promised", promised)
    report.note("'back' takes it away")
  }
}
