import Commands
import Explanations
import Exports
import Formulas
import Lessons
import LinearAlgebra
import NeuralNetworks
import Operations
import Reports
import Sessions

/// An assignment with one student's numbers: what the page says, and what is right.
package struct Sheet: Sendable {
  enum Part: Sendable {
    case heading(String)
    case prose(String)
    case item(String)
    case literal([String])
    /// Equations, values and what commands show.
    case shown([Page.Block])
    case question(Int)
  }

  let title: String
  private(set) var parts: [Part] = []
  package private(set) var questions: [AssignedQuestion] = []
  /// What was drawn, for comparing students.
  private(set) var fingerprint = ""

  /// Draws that are thrown away before it is said that there is none that fits.
  private static let mostTries = 400

  /// - Throws: where no draw fits what the file asks for, with the last reason.
  package static func draw(_ text: AssignmentText, secret: Secret, student: String) throws(Diagnostic)
    -> Sheet
  {
    var reason = Diagnostic("nothing was tried")
    for attempt in 0..<(text.isDrawn ? mostTries : 1) {
      try Interruption.check()
      let key = Student.key(student)
      var generator = RandomGenerator(seed: secret.seed(text.title, key, "draw \(attempt)"))
      do throws(Diagnostic) {
        var values = try text.draws.drawn(&generator)
        values["seed"] = "\(secret.seed(text.title, key, "seed \(attempt)") >> 33)"
        return try Sheet(text, values)
      } catch {
        reason = error
      }
    }
    reason.hint = reason.hint ?? (text.isDrawn ? "\(mostTries) draws were tried" : nil)
    throw reason
  }

  private init(_ text: AssignmentText, _ values: [String: String]) throws(Diagnostic) {
    let lesson = text.lesson(with: values)
    title = lesson.title
    fingerprint = values.sorted { $0.key < $1.key }.map(\.value).joined(separator: "|")
    var workspace = LessonRunner.workspace(lesson, commands: .withLessons)
    var seen = SeenValues()
    var shownNames: [String: Int] = [:]
    var names: [(name: String, value: Tensor)] = []
    // The session of the last question, and the same with its pass run to the end.
    var asked: Session?
    var whole = workspace.session
    for block in lesson.blocks {
      switch block.content {
      case .heading(let text): if text != title { parts.append(.heading(text)) }
      case .prose(let text): parts.append(.prose(text))
      case .item(let text): parts.append(.item(text))
      case .literal(let lines): parts.append(.literal(lines))
      case .transcript(let entries):
        var reports: [Report] = []
        for entry in entries {
          let outcomes = LessonRunner.run(entry, in: &workspace)
          for case .failure(var diagnostic) in outcomes.map(\.result) where !entry.mustFail {
            diagnostic.message = "line \(entry.line): \(diagnostic.message)"
            throw diagnostic
          }
          workspace.session.roundToPrint()
          if !entry.isQuiet { reports.append(LessonRunner.report(outcomes)) }
        }
        var blocks = seen.news(in: workspace.session)
        for case .tensor(let shown) in reports.flatMap(\.blocks)
        where shown.isDrawn && workspace.session.leaves[workspace.session.model.resolve(shown.name)] == nil {
          shownNames[workspace.session.model.resolve(shown.name)] = block.line
          blocks.append(seen.block(shown, workspace.session))
        }
        if !blocks.isEmpty { parts.append(.shown(blocks)) }
      case .exercise(let exercise):
        let news = seen.news(in: workspace.session)
        if !news.isEmpty { parts.append(.shown(news)) }
        if asked.map({ $0.differs(from: workspace.session) }) ?? true {
          asked = workspace.session
          whole = workspace.session
          if case .success = whole.program {
            whole = try whole.completed(forward: false)
            try text.draws.check(whole)
          }
        }
        var session = whole
        for (name, value) in names where session.scratch[name] == nil { session.letName(name, value) }
        let question = try AssignedQuestion(exercise, questions.count + 1, session)
        if let name = exercise.name.map(session.model.resolve),
          exercise.kind == .value || exercise.kind == .equation,
          let line = shownNames[name]
        {
          throw Diagnostic(
            "line \(exercise.line) asks for \(name), which the block of line \(line) shows: > quiet …")
        }
        // Later answers may be made of it, though it is no step of the pass.
        if let name = exercise.name, let right = question.right,
          question.session.computed(session.model.resolve(name)) == nil,
          SessionEnvironment(question.session).value(of: name) == nil
        {
          names.append((name, right))
        }
        questions.append(question)
        parts.append(.question(questions.count - 1))
      }
    }
  }

  var points: Double { questions.reduce(0) { $0 + $1.worth.points } }
}

/// Equations and values that a page has shown.
struct SeenValues {
  private var model: [Equation] = []
  private var leaves: [String: Tensor] = [:]

  init() {}

  /// What is new since it was asked last: the equations of another model, and values that are given.
  mutating func news(in session: Session) -> [Page.Block] {
    let writer = MathWriter(SessionEnvironment(session), session.naming)
    var result: [Page.Block] = []
    if session.model.equations != model {
      model = session.model.equations
      result += model.map {
        .display(.row([writer.name($0.name), .sign("="), writer.written($0.expression)]), reason: [])
      }
      // Of a step by its name; the same letters may mean other values.
      leaves = [:]
    }
    for name in session.model.leaves {
      guard let value = session.leaves[name], leaves[name]?.isIdentical(to: value) != true else { continue }
      leaves[name] = value
      result.append(.value(writer.name(name), value, decimals: SolutionNumbers.decimals(value)))
    }
    return result
  }

  func block(_ shown: Report.TensorBlock, _ session: Session) -> Page.Block {
    let writer = MathWriter(SessionEnvironment(session, showsHidden: true), session.naming)
    var left = node(writer.inline(shown.title))
    if let formula = shown.formula { left = .row([left, .sign("="), node(writer.inline(formula))]) }
    return .value(left, shown.value)
  }

  private func node(_ words: [MathWriter.Inline]) -> MathNode {
    .row(
      words.map { part in
        switch part {
        case .words(let text), .code(let text): .words(text)
        case .math(let node): node
        }
      })
  }
}

extension Session {
  /// The printed number is the number: what is given is worked with as the page says it.
  mutating func roundToPrint() {
    func rounded(_ value: Tensor) -> Tensor? {
      let result = value.map { $0 == $0.rounded() ? $0 : SolutionNumbers.printed($0) }
      return result.isIdentical(to: value) ? nil : result
    }
    for (name, value) in leaves.sorted(by: { $0.key < $1.key }) where name != .draw && name != .sampleCount {
      if let new = rounded(value) { setLeaf(name, new) }
    }
    for (name, value) in scratch { if let new = rounded(value) { letName(name, new) } }
  }
}
