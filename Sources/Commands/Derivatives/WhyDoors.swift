import Explanations
import Formulas
import Operations
import Sessions

/// What the numbers on a page of `why` go into: the terms of its sums, then the entries beside them.
struct WhyDoors {
  private let why: Why
  private let question: WhyQuestion
  private let subject: Inquiry.Subject
  /// Entries of the formula that stand in no numbered term.
  let others: [NamedEntry]

  init(_ question: WhyQuestion, _ why: Why, of subject: Inquiry.Subject) {
    (self.question, self.why, self.subject) = (question, why, subject)
    var inTerms: Set<NamedEntry> = []
    for group in why.groups {
      if case .terms(let parts) = group.fold { inTerms.formUnion(parts.flatMap(\.namedEntries)) }
    }
    others = why.formula.namedEntries.filter { $0.name != .sampleCount && !inTerms.contains($0) }
  }

  private var terms: Int { why.groups.reduce(0) { $0 + $1.terms.count } }
  var count: Int { terms + others.count }

  /// A term in which one entry alone was computed is that entry.
  func subject(_ number: Int) throws(Diagnostic) -> Inquiry.Subject? {
    guard let entries = try entries(of: number) else {
      let place = number - terms - 1
      return others.indices.contains(place) ? .value(others[place].expression) : nil
    }
    let made = entries.filter { question.equation(of: $0.name) != nil }
    return made.count == 1 ? .value(made[0].expression) : .term(subject, number)
  }

  /// The entries of a term; nil where the number is none of a term.
  func entries(of number: Int) throws(Diagnostic) -> [NamedEntry]? {
    try term(number)?.namedEntries.filter { $0.name != .sampleCount }
  }

  /// A term with its indices put in.
  func term(_ number: Int) throws(Diagnostic) -> IndexFormula? {
    var left = number - 1
    for group in why.groups {
      if group.terms.indices.contains(left) { return try why.formula(of: group.terms[left], in: group) }
      left -= group.terms.count
    }
    return nil
  }

  /// The numbers of a term: `1·0.5 = 0.5`.
  func stages(_ term: IndexFormula, _ text: IndexText) throws(Diagnostic) -> [String] {
    try why.stages(term, text)
  }
}

extension NamedEntry {
  var expression: Expression {
    index.isEmpty ? .name(name) : .index(.name(name), index.map { .at($0) })
  }
}
