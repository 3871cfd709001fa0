import Explanations
import Formulas
import Reports
import Sessions

/// The terms of a gradient that has one from every step of a `repeat`, told step by step.
struct RepeatTerms {
  /// With more steps each is one line: its term and what that comes to.
  private static let mostDetailed = 6
  private static let mostLines = 12

  private struct Term {
    let steps: [RepeatStep]
    let origin: Equation
    let why: Why
    /// The sums of the whole formula that are this term's.
    let groups: Range<Int>
  }

  private let terms: [Term]
  private let entry: IndexFormula
  let groupCount: Int

  /// Nil where no term was written by a `repeat`.
  init?(
    _ question: WhyQuestion, _ session: Session,
    _ explanation: (Expression) throws(Diagnostic) -> Why
  ) throws(Diagnostic) {
    var terms: [Term] = []
    var start = 0
    for term in question.terms {
      guard let origin = session.model.equations.first(where: { $0.name == term.origin }) else { return nil }
      let why = try explanation(term.formula)
      let groups = start..<start + why.groups.count
      start = groups.upperBound
      terms.append(Term(steps: origin.steps, origin: origin, why: why, groups: groups))
    }
    guard terms.contains(where: { !$0.steps.isEmpty }) else { return nil }
    self.terms = terms
    entry = question.shown
    groupCount = start
  }

  private static func label(_ term: Term) -> Prose {
    let steps = term.steps.map(\.description).joined(separator: ", ")
    return steps.isEmpty ? "\(term.origin)" : "\(steps): \(term.origin)"
  }

  func add(
    to report: inout Report, _ text: IndexText, detail: (Range<Int>, inout Report) throws(Diagnostic) -> Void
  ) throws(Diagnostic) {
    guard terms.count > Self.mostDetailed else {
      for term in terms {
        report.say("  \(Self.label(term))", .note)
        guard term.groups.isEmpty else {
          try detail(term.groups, &report)
          continue
        }
        // No sum: the term is one product.
        let stages = try term.why.stages(term.why.formula, text)
        let numbers = stages.dropLast().map { "= \($0) " }.joined()
        let row: [Prose] = ["    \(term.why.formula)", "\(numbers)", "= \(stages.last ?? "")"]
        report.add(.table(.init(header: ["", "", ""], rows: [row])))
      }
      return
    }
    var rows: [[Prose]] = []
    func add(_ part: some Sequence<Term>) {
      for term in part {
        let steps = term.steps.map(\.description).joined(separator: ", ")
        rows.append(["  \(steps)", "\(term.why.formula)", "= \(figure: term.why.value)"])
      }
    }
    if terms.count <= Self.mostLines {
      add(terms)
    } else {
      add(terms.prefix(6))
      rows.append(["  ⋮ \(terms.count - 8) more", "", ""])
      add(terms.suffix(2))
    }
    report.add(.table(.init(header: ["", "", ""], rows: rows)))
    let largest = terms.indices.sorted { abs(terms[$0].why.value) > abs(terms[$1].why.value) }.prefix(3)
    let named = largest.map { i in
      "\(terms[i].steps.map(\.description).joined(separator: ", ")) with \(figure: terms[i].why.value)"
        as Prose
    }
    report.explain("largest: \(named.joined(separator: ", "))", indent: 2)
  }
}
