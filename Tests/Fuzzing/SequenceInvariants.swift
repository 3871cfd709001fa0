import Commands
import Formulas
import Lessons
import LinearAlgebra
import Platform
import Rendering
import Reports
import Sessions

/// What must hold whatever was typed, and in which order.
package struct SequenceInvariants {
  package struct Broken: Error, CustomStringConvertible {
    package let rule: String
    package let typed: [String]
    package var description: String { rule + "\n  typed: " + typed.joined(separator: "\n         ") }
  }

  private var sequences: CommandSequences
  private var typed: [String] = []
  private let interrupts: Bool

  /// - Parameter interrupts: some commands are interrupted.
  package init(seed: UInt64, interrupts: Bool = false) {
    sequences = CommandSequences(seed: seed)
    self.interrupts = interrupts
  }

  private func demand(_ isTrue: Bool, _ rule: @autoclosure () -> String) throws(Broken) {
    if !isTrue { throw Broken(rule: rule(), typed: typed) }
  }

  package mutating func run(commands count: Int) throws(Broken) {
    var workspace = Workspace(commands: .withLessons)
    for _ in 0..<count { try command(sequences.next(in: workspace.session), &workspace) }
    try passIsRepeatable(workspace.session)
    try freshSession(workspace)
    try saved(workspace)
  }

  /// One command: whole, or nothing changed; what it changed is taken back and done again.
  private mutating func command(_ line: String, _ workspace: inout Workspace) throws(Broken) {
    typed.append(line)
    let before = workspace
    let text = SessionScript.text(before.session)
    if interrupts, sequences.random.integer(below: 4) == 0 {
      // As often among the first questions as among the thousandth.
      Interruption.request(
        atQuestion: 1 + sequences.random.integer(below: 1 << sequences.random.integer(below: 14)))
    }
    let outcomes = Interpreter.run(line, in: &workspace)
    Interruption.request(atQuestion: nil)
    let after = SessionScript.text(workspace.session)
    if outcomes.count == 1, case .failure = outcomes[0].result {
      try demand(after == text, "a command that failed has changed the session: \(line)")
      try demand(
        workspace.past.count == before.past.count && workspace.future.count == before.future.count,
        "a command that failed has changed the history: \(line)")
    } else if outcomes.count == 1, after != text, !["undo", "redo"].contains(line) {
      var other = workspace
      try demand(other.undo() != nil, "what was changed cannot be taken back: \(line)")
      try demand(
        SessionScript.text(other.session) == text, "undo gives another session than the one before \(line)")
      try demand(other.redo() != nil, "what was taken back cannot be done again: \(line)")
      try demand(SessionScript.text(other.session) == after, "redo gives another session than \(line)")
    }
  }

  private func passIsRepeatable(_ session: Session) throws(Broken) {
    var again = session
    again.rewind(to: session.cursor / 2)
    do throws(Diagnostic) { try again.run(to: session.cursor) } catch {
      throw Broken(rule: "the pass fails when it is stepped again: \(error.message.text())", typed: typed)
    }
    try demand(
      zip(again.trace, session.trace).allSatisfy { $0.isIdentical(to: $1) },
      "the pass gives other numbers when it is stepped again")
  }

  /// Without interruptions the same commands give the same session.
  private func freshSession(_ workspace: Workspace) throws(Broken) {
    guard !interrupts else { return }
    var fresh = Workspace(commands: .withLessons)
    for line in typed { _ = Interpreter.run(line, in: &fresh) }
    let (one, two) = (SessionScript.text(workspace.session), SessionScript.text(fresh.session))
    try demand(one == two, "a fresh session gives another one:\n" + Self.difference(one, two))
  }

  /// Something else, of which nothing may stay.
  private static let other = {
    var workspace = Workspace(commands: .withLessons)
    for line in [
      "let scratch = 3", "data xor", "fused off", "notation column", "precision 9", "forward", "watch W1",
      "display L", "break S", "nudge W1[0,0] 0.1", "seed 9",
    ] {
      _ = Interpreter.run(line, in: &workspace)
    }
    return workspace
  }()

  /// Saved, loaded where something else was, saved again: the same bytes, the same values, the same commands.
  private mutating func saved(_ workspace: Workspace) throws(Broken) {
    let text = SessionScript.text(workspace.session)
    var loaded = Self.other
    do throws(Diagnostic) { _ = try Script.run(text, file: "saved", in: &loaded) } catch {
      throw Broken(
        rule: "what was saved does not load: line \(error.line ?? 0): \(error.message.text())\n\(text)",
        typed: typed)
    }
    let again = SessionScript.text(loaded.session)
    try demand(again == text, "saved again it is another file:\n" + Self.difference(text, again))
    let (one, two) = (workspace.session, loaded.session)
    try demand(one.cursor == two.cursor, "the cursor is at \(two.cursor), not at \(one.cursor)")
    try demand(
      zip(one.trace, two.trace).allSatisfy { $0.isIdentical(to: $1) },
      "a step has another value after loading")
    try demand(one.model == two.model, "the model is another one after loading")
    var (first, second) = (workspace, loaded)
    for _ in 0..<10 {
      let line = sequences.next(in: first.session)
      // What goes back in history or in a conversation of 'why', or tells times, differs.
      if ["undo", "redo", "up"].contains(line) { continue }
      typed.append("(then) " + line)
      let (a, b) = (Interpreter.run(line, in: &first), Interpreter.run(line, in: &second))
      if !line.hasPrefix("train") {
        try demand(
          Self.texts(a) == Self.texts(b),
          "after loading it prints other things: \(line)\n" + Self.difference(Self.texts(a), Self.texts(b)))
      }
    }
    let (x, y) = (SessionScript.text(first.session), SessionScript.text(second.session))
    try demand(x == y, "ten commands later the sessions differ:\n" + Self.difference(x, y))
  }

  private static func texts(_ outcomes: [Interpreter.Outcome]) -> String {
    let renderer = TextRenderer()
    return outcomes.map { outcome in
      switch outcome.result {
      case .success(let report): renderer.render(report)
      case .failure(let diagnostic): renderer.render(diagnostic, prompt: nil)
      }
    }.joined()
  }

  private static func difference(_ a: String, _ b: String) -> String {
    let (x, y) = (a.split(separator: "\n"), b.split(separator: "\n"))
    let only = { (p: [Substring], q: [Substring], mark: String) in
      p.filter { !q.contains($0) }.prefix(3).map { mark + $0.prefix(400) }
    }
    return (only(x, y, "- ") + only(y, x, "+ ")).joined(separator: "\n")
  }
}
