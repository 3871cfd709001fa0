import Explanations
import Formulas
import LinearAlgebra
import Reports
import Sessions

package enum WhyCommand: Command, Asking {
  package static let name = "why"
  package static let shortForms: [String] = []
  package static let usage = "why [NAME[i, j] | NAME | N | 1/m | .T | sum] [--deep]"
  package static let summary = "one number as the sum that made it; where the parts of a formula come from"
  package static let help = [
    "why dW1[0,2] shows the sum behind that entry, each product with its numbers, and that they add up to the stored value. why L, why S[0,1], why J[0,1,2]: every step, forwards and backwards; what is not computed yet is run for it. --deep goes on to the entries that made it, down to the inputs.",
    "Terms are numbered: a number alone (or 'why 2') goes into that term, 'up' goes back, and the first line says by which way one came. 'why' alone asks about what was shown last.",
    "why dW1, the whole matrix, says where each factor, transpose, sum and 1/m of its formula comes from; 'why 1/m', 'why .T' and 'why sum' say it of the formula shown last.",
  ]
  package static let group = CommandGroup.differentiate
  package static let examples = ["why dW1[0,2]", "why dW1", "why L --deep"]
  package static let related = ["up", "derive", "show", "jacobian"]
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.several([.names, .words(["--deep"])])

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    var words = line.words
    let isDeep = words.contains { $0.text == "--deep" }
    words.removeAll { $0.text == "--deep" }
    guard let first = words.first, let last = words.last else {
      guard let parsed = lastShown(workspace), parsed.expression.isEntryOrName else {
        // On the way of a conversation the last thing shown is its page.
        if let pages = workspace.inquiry?.pages, !pages.isEmpty {
          return try show(pages, nil, at: line.nameRange, &workspace)
        }
        throw line.usageError("why what?", usage)
      }
      return try ask(parsed, isDeep, at: line.nameRange, &workspace)
    }
    let range = first.range.lowerBound..<last.range.upperBound
    let asked = String(Array(line.text)[range])
    if let number = Int(asked) { return try goInto(number, isDeep, at: range, &workspace) }
    if let wanted = PartQuestion(asked) { return try part(wanted, asked, at: range, workspace) }
    let parsed = try CommandLine.formula(asked, at: range.lowerBound, in: line.text, naming: line.naming)
    return try ask(parsed, isDeep, at: range, &workspace)
  }

  /// What was shown last and behind the last page of the conversation; nil too where the session has it no more.
  private static func lastShown(_ workspace: Workspace) -> Parsed? {
    guard let parsed = workspace.lastShown.flatMap({ try? Parser.parse($0) }) else { return nil }
    let environment = SessionEnvironment(workspace.session)
    let isThere = parsed.expression.names.allSatisfy {
      workspace.session.isKnown($0) || environment.value(of: workspace.session.model.resolve($0)) != nil
    }
    return isThere ? parsed : nil
  }

  /// A new conversation.
  private static func ask(
    _ parsed: Parsed, _ isDeep: Bool, at range: Range<Int>, _ workspace: inout Workspace
  ) throws(Diagnostic) -> Report {
    let page = Inquiry.Page(.value(parsed.expression), isDeep: isDeep)
    return try show([page], parsed, at: range, &workspace)
  }

  private static func goInto(
    _ number: Int, _ isDeep: Bool, at range: Range<Int>, _ workspace: inout Workspace
  ) throws(Diagnostic) -> Report {
    guard let pages = workspace.inquiry?.pages, let page = pages.last else {
      throw Diagnostic("a number has no reason", at: [range], hint: "for example: why L")
    }
    let shown = WhyPage(
      session: try ready(for: page.subject, workspace.session), workspace: workspace, parsed: nil,
      range: range)
    guard let subject = try shown.subject(number, on: page) else {
      throw Diagnostic(
        page.doors == 0 ? "nothing here goes further" : "there is no \(number) here: 1 to \(page.doors)",
        at: [range], hint: "'up' goes back")
    }
    // Behind what a tree leaves out of its own entry stand all terms of that entry.
    let isDeep = isDeep || page.isDeep && subject != page.subject
    return try show(pages + [Inquiry.Page(subject, isDeep: isDeep)], nil, at: range, &workspace)
  }

  /// The last of these pages, with the way to it on top.
  static func show(
    _ pages: [Inquiry.Page], _ parsed: Parsed?, at range: Range<Int>, _ workspace: inout Workspace
  ) throws(Diagnostic) -> Report {
    guard var page = pages.last else { return Report() }
    let session = try ready(for: page.subject, workspace.session)
    var report = Report()
    if pages.count == 1, session.cursor > workspace.session.cursor {
      report.note("the pass was run for this alone, and is where it was")
    }
    if pages.count > 1 { report.say(pages.map(\.title).joined(separator: " › "), .heading) }
    page.doors = try WhyPage(session: session, workspace: workspace, parsed: parsed, range: range)
      .show(page, &report)
    workspace.inquiry = Inquiry(pages.dropLast() + [page])
    workspace.lastShown = nil
    return report
  }

  /// The session with the pass run as far as a formula needs it; as it is where that does not help.
  private static func ready(
    for subject: Inquiry.Subject, _ session: Session
  ) throws(Diagnostic) -> Session {
    let environment = SessionEnvironment(session)
    let missing = subject.expression.names.map { session.model.resolve($0) }.filter {
      environment.value(of: $0) == nil && session.isKnown($0) && !session.hidden.contains($0)
    }
    guard !missing.isEmpty, case .success(let program) = session.program else { return session }
    let isForward = missing.allSatisfy { name in program.forward.contains { $0.name == name } }
    return try session.completed(forward: isForward)
  }

  // MARK: Parts of a formula

  private static func part(
    _ wanted: PartQuestion, _ asked: String, at range: Range<Int>, _ workspace: Workspace
  ) throws(Diagnostic) -> Report {
    let formula = lastShown(workspace)?.expression ?? workspace.inquiry?.pages.last?.subject.expression
    guard let shown = formula?.names.first else {
      throw Diagnostic("'\(asked)' of which formula?", at: [range], hint: "show one first: show dW1")
    }
    let name = workspace.session.model.resolve(shown)
    let session = try ready(for: .value(.name(name)), workspace.session)
    try session.demandShown(name)
    let equation = SessionEnvironment(session).equation(of: name)
    let all = try WholeReport.origins(name, session)?.parts ?? []
    let parts = all.filter(wanted.means)
    var report = Report()
    report.say(equation.map { "\($0)" } ?? "\(name: name)", .formula)
    if parts.isEmpty {
      report.say("there is no \(asked) in this formula, and none came in before")
      let others = all.filter { wanted.kinds.contains($0.kind) }
      if !others.isEmpty { report.note("there is \(others.map(\.part).joined(separator: ", "))") }
    } else {
      WholeReport.add(parts, numbers: [], to: &report)
    }
    return report
  }
}

/// A part of a formula that is asked for: `1/m`, `1/4`, `.T`, `sum`.
private struct PartQuestion {
  let kinds: [FormulaOrigins.Kind]
  /// What a division is by; nil for any.
  let divisor: Expression?

  private static let names: [String: [FormulaOrigins.Kind]] = [
    "mean": [.division], ".T": [.transpose], "T": [.transpose], "ᵀ": [.transpose], "transpose": [.transpose],
    "sum": [.sum, .addition], "Σ": [.sum, .addition], "+": [.addition],
  ]

  init?(_ asked: String) {
    let asked = asked.filter { !$0.isWhitespace }
    if let kinds = Self.names[asked] {
      (self.kinds, divisor) = (kinds, nil)
      return
    }
    guard let count = asked == "m" ? "m" : asked.split(separator: "/", omittingEmptySubsequences: false).last,
      ["m", "/\(count)", "1/\(count)"].contains(asked),
      let parsed = try? Parser.parse(String(count)).expression,
      FormulaOrigins.isCount(parsed)
    else { return nil }
    (kinds, divisor) = ([.division], parsed)
  }

  func means(_ part: FormulaOrigins.Part) -> Bool {
    guard kinds.contains(part.kind) else { return false }
    guard let divisor, let own = part.divisor else { return true }
    // The samples are meant where they are counted together with something else: m·3 entries.
    return divisor == own || divisor == .name(.sampleCount) && own.contains(name: .sampleCount)
  }
}

extension Inquiry.Subject {
  fileprivate var expression: Expression {
    switch self {
    case .value(let expression): expression
    case .term(let parent, _): parent.expression
    }
  }
}

extension Inquiry.Page {
  /// What it is called in the way to it.
  fileprivate var title: Prose {
    switch subject {
    case .value(let expression): "\(expression)"
    case .term(_, let number): "term \(number)"
    }
  }
}

extension Expression {
  fileprivate var isEntryOrName: Bool {
    switch self {
    case .name, .index(.name, _): true
    case .number, .list, .negative, .binary, .transpose, .call, .derivative, .index: false
    }
  }
}
