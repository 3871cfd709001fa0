import Explanations
import Formulas
import LinearAlgebra
import Operations
import Reports
import Sessions

/// One page of the conversation: an entry with its sum, a term of it, a whole value with where its formula comes from.
struct WhyPage {
  /// The session with the pass run as far as the page needs it.
  let session: Session
  let workspace: Workspace
  /// Where the question stands in the typed line.
  let parsed: Parsed?
  let range: Range<Int>

  /// What is shown, and how many doors it has.
  func show(_ page: Inquiry.Page, _ report: inout Report) throws(Diagnostic) -> Int {
    switch page.subject {
    case .term(let parent, let number): return try show(term: number, of: parent, &report)
    case .value(let expression):
      if let name = Self.wholeValue(expression, session) {
        return try WholeReport.add(name, session, to: &report)
      }
      let question = try self.question(expression)
      var data = Report.TensorBlock("\(expression)", Tensor(question.stored))
      data.isDrawn = false
      report.add(.tensor(data))
      guard let formula = question.expression else {
        report.say("\(question.shown) = \(figure: question.stored)", .formula)
        report.say("\(question.origin)")
        report.scalar("value", question.stored)
        return 0
      }
      if page.isDeep {
        let tree = try self.tree(question)
        for line in tree.numbered { report.say(line) }
        report.scalar("value", question.stored)
        return tree.doors.count
      }
      try WhyReport.add(question, formula, session, to: &report)
      let doors = try self.doors(question, page.subject)
      if workspace.outside.isInteractive, !doors.others.isEmpty {
        let first = doors.count - doors.others.count
        let others = doors.others.prefix(6).enumerated().map { "\(first + $0 + 1) \($1)" as Prose }
        report.note("a number goes on: \(others.joined(separator: ", "))")
      }
      return doors.count
    }
  }

  /// What a number on a page goes into; nil where the page has no such number.
  func subject(_ number: Int, on page: Inquiry.Page) throws(Diagnostic) -> Inquiry.Subject? {
    switch page.subject {
    case .term(let parent, let term):
      let entries = try doors(of: parent).entries(of: term) ?? []
      return entries.indices.contains(number - 1) ? .value(entries[number - 1].expression) : nil
    case .value(let expression):
      if let name = Self.wholeValue(expression, session) {
        let names = try WholeReport.names(name, session)
        return names.indices.contains(number - 1) ? .value(.name(names[number - 1])) : nil
      }
      guard page.isDeep else { return try doors(of: page.subject).subject(number) }
      let entries = try tree(question(expression)).doors
      return entries.indices.contains(number - 1) ? .value(entries[number - 1].expression) : nil
    }
  }

  /// The name of a value with several entries, all of which are asked for.
  static func wholeValue(_ expression: Expression, _ session: Session) -> String? {
    guard case .name(let name) = expression else { return nil }
    let resolved = session.model.resolve(name)
    guard (SessionEnvironment(session).shape(of: resolved)?.rank ?? 0) > 0 else { return nil }
    return resolved
  }

  // MARK: Parts of pages

  private func question(_ expression: Expression) throws(Diagnostic) -> WhyQuestion {
    if let parsed, parsed.expression == expression { return try WhyQuestion(parsed, in: session, at: range) }
    return try WhyQuestion(try Parser.parse("\(expression)"), in: session, at: range)
  }

  private func doors(_ question: WhyQuestion, _ subject: Inquiry.Subject) throws(Diagnostic) -> WhyDoors {
    let formula = question.expression ?? .number(0)
    return WhyDoors(question, try WhyReport.explanation(question, formula, session).why, of: subject)
  }

  private func doors(of subject: Inquiry.Subject) throws(Diagnostic) -> WhyDoors {
    guard case .value(let expression) = subject else {
      throw Diagnostic("a term of a term has no terms", at: [range])
    }
    return try doors(try question(expression), subject)
  }

  private func show(
    term number: Int, of parent: Inquiry.Subject, _ report: inout Report
  ) throws(Diagnostic) -> Int {
    let doors = try self.doors(of: parent)
    guard let term = try doors.term(number) else { return 0 }
    let stages = try doors.stages(term, IndexText(precision: session.settings.precision))
    report.say("term \(number): \(term) = \(stages.joined(separator: " = "))", .formula)
    let entries = try doors.entries(of: number) ?? []
    let rows = try entries.enumerated().map { place, entry throws(Diagnostic) -> [Prose] in
      let question = try self.question(entry.expression)
      let from: Prose = question.expression.map { "\(question.whole) = \($0)" } ?? "\(question.origin)"
      return ["  \(place + 1)", "\(entry) = \(figure: question.stored)", from]
    }
    report.add(.table(.init(header: [], rows: rows)))
    return entries.count
  }

  /// Lines of a tree: a window of the usual height at a terminal, more elsewhere.
  private var mostLines: Int { workspace.outside.isInteractive ? 16 : 80 }

  private func tree(_ question: WhyQuestion) throws(Diagnostic) -> WhyTree {
    let environment = question.environment
    var tree = WhyTree(
      environment: environment, counting: question.counting, named: question.named,
      reserved: session.naming.shown, mostLines: mostLines
    ) { name in
      guard let value = environment.value(of: name) else { return nil }
      if name == question.entry.name, let expression = question.expression { return .made(expression, value) }
      guard let equation = question.equation(of: name) else {
        return .given(session.role(of: session.model.resolve(name)) ?? "given", value)
      }
      return .made(equation.expression, value)
    }
    try tree.grow(question.entry)
    return tree
  }
}

/// A whole value: the formula, and where each of its parts comes from.
enum WholeReport {
  static func origins(_ name: String, _ session: Session) throws(Diagnostic) -> FormulaOrigins? {
    let environment = SessionEnvironment(session)
    guard session.leaves[name] == nil, session.scratch[name] == nil,
      let equation = environment.equation(of: name)
    else { return nil }
    let program = try session.readyProgram()
    let shape = environment.shape(of: name) ?? .scalar
    let entries = Notation.entry(
      of: equation, shape: shape, environment: environment, counting: program.counting,
      named: session.namedFormulas, reserved: session.naming.shown)
    return FormulaOrigins(
      of: equation, forward: program.forward, backward: program.backward, environment: environment,
      counting: program.counting, entries: entries.map { "\($0.left) = \($0.right)" },
      role: { session.role(of: $0) })
  }

  /// What the numbers of the page go into.
  static func names(_ name: String, _ session: Session) throws(Diagnostic) -> [String] {
    var result: [String] = []
    for part in try origins(name, session)?.parts ?? [] {
      if let name = part.name, !result.contains(name) { result.append(name) }
    }
    return result
  }

  /// The number of doors.
  static func add(_ name: String, _ session: Session, to report: inout Report) throws(Diagnostic) -> Int {
    let environment = SessionEnvironment(session)
    let value = try Evaluator(environment).value(of: .name(name))
    var data = Report.TensorBlock("\(name: name)", value)
    data.isDrawn = false
    report.add(.tensor(data))
    guard let origins = try origins(name, session), let equation = environment.equation(of: name) else {
      report.say("\(name: name) (\(value.shape))", .formula)
      report.say("given: \(session.role(of: name) ?? "no formula made it")")
      return 0
    }
    report.say("\(name: name) (\(value.shape)) = \(equation.expression)", .formula)
    report.explain(origins.derivation ?? "an equation of the model: it is given", indent: 2)
    try add(origins.parts, numbers: names(name, session), to: &report)
    if let example = value.shape.dimensions.first.map({ _ in value.index(at: value.count / 2) }) {
      report.note("'why \(NamedEntry(name: name, index: example))' is one entry in numbers")
    }
    return try names(name, session).count
  }

  static func add(_ parts: [FormulaOrigins.Part], numbers: [String], to report: inout Report) {
    var named: Set<String> = []
    let rows = parts.map { part -> [Prose] in
      let place = part.name.flatMap { named.insert($0).inserted ? numbers.firstIndex(of: $0) : nil }
      let number = place.map { "  \($0 + 1)" } ?? ""
      return ["\(number)", part.part, part.reason]
    }
    report.add(.table(.init(header: [], rows: rows)))
  }
}
