import Differentiation
import Formulas
import LinearAlgebra
import Operations

/// One entry as the sum or expression that made it: symbols, then numbers.
package struct Why {
  package let entry: NamedEntry
  package let formula: IndexFormula
  /// What the formula comes to, and what the session holds.
  package let value: Double
  package let stored: Double
  /// Every sum (or largest, …) in the formula, in the order in which they are needed.
  package let groups: [Group]
  private let evaluator: IndexValues

  package struct Group {
    package let fold: IndexFormula
    package let kind: IndexFormula.Fold
    /// Terms that are there: products with the padding around an image are not.
    package var terms: [Term] = []
    package var paddingCount = 0
    package var total = 0.0
  }

  package struct Term {
    /// Values of the sum's variables, in their order.
    package let indices: [Int]
    /// The position in a sum without a common formula.
    package let position: Int
    package let value: Double
  }

  /// - Parameter expression: what the entry is an entry of.
  package init(
    _ entry: NamedEntry, of expression: Expression, stored: Double, environment: any Environment,
    counting: SampleCounting?, named: [Expression: String] = [:], reserved: Set<String> = []
  ) throws(Diagnostic) {
    var expander = IndexExpansion(
      environment, counting: counting, named: named, reserved: reserved)
    let formula = try expander.expand(expression, entry.index.map { Index($0) })
    self.entry = entry
    self.formula = formula
    self.stored = stored
    evaluator = IndexValues(environment)
    self.expander = expander
    var locals: [String: Double] = [:]
    var groups: [Group] = []
    try Self.collect(formula, evaluator, &locals, &groups)
    self.groups = groups
    self.locals = locals
    value = try evaluator.value(formula)
  }

  private var expander: IndexExpansion
  private let locals: [String: Double]

  private static func collect(
    _ formula: IndexFormula, _ evaluator: IndexValues, _ locals: inout [String: Double],
    _ groups: inout [Group]
  ) throws(Diagnostic) {
    switch formula {
    case .letting(let name, let value, let body):
      try collect(value, evaluator, &locals, &groups)
      locals[name] = try evaluator.value(value, [:], locals: locals)
      try collect(body, evaluator, &locals, &groups)
    case .fold(let kind, let variables, let body):
      if groups.contains(where: { $0.fold == formula }) { return }
      var group = Group(fold: formula, kind: kind)
      let known = locals
      var indices: IndexNumbers = [:]
      var folded = Folded<Double>(kind)
      try IndexEvaluator<Double>.each(variables, &indices) { (indices) throws(Diagnostic) in
        let value = try evaluator.value(body, indices, locals: known)
        folded.add(value)
        if try evaluator.readsPadding(body, indices) {
          group.paddingCount += 1
        } else {
          group.terms.append(
            Term(indices: variables.map { indices[$0.name] ?? 0 }, position: 0, value: value))
        }
      }
      group.total = folded.result
      groups.append(group)
    case .terms(let parts):
      var group = Group(fold: formula, kind: .sum)
      for (position, part) in parts.enumerated() {
        let value = try evaluator.value(part, [:], locals: locals)
        group.terms.append(Term(indices: [], position: position, value: value))
        group.total += value
      }
      groups.append(group)
    case .number, .entry, .delta, .position, .count, .local, .negative, .call, .binary, .choice, .partial,
      .difference:
      for child in formula.children { try collect(child, evaluator, &locals, &groups) }
    }
  }

  // MARK: Text

  /// The formula of one term with its indices put in.
  package func formula(of term: Term, in group: Group) throws(Diagnostic) -> IndexFormula {
    var expander = expander
    switch group.fold {
    case .terms(let parts) where parts.indices.contains(term.position): return parts[term.position]
    case .fold(_, let variables, let body):
      return try expander.concretize(body, IndexNumbers(variables.map(\.name), term.indices))
    case .number, .entry, .delta, .position, .count, .local, .negative, .call, .binary, .choice, .letting,
      .terms, .partial, .difference:
      return group.fold
    }
  }

  /// The same formula with a number for every entry and every sum; functions are left to be seen.
  package func numbers(_ formula: IndexFormula) throws(Diagnostic) -> IndexFormula {
    try numbers(formula, locals)
  }

  private func numbers(
    _ formula: IndexFormula, _ locals: [String: Double]
  ) throws(Diagnostic) -> IndexFormula {
    switch formula {
    case .entry, .delta, .position, .count, .local, .fold, .terms, .partial, .difference:
      return .number(try evaluator.value(formula, [:], locals: locals))
    case .letting(let name, let value, let body):
      // In a term of a sum the largest is that term's own.
      var known = locals
      known[name] = try evaluator.value(value, [:], locals: locals)
      return try numbers(body, known)
    case .number: return formula
    case .negative(let a):
      let inner = try numbers(a, locals)
      if case .number(let value) = inner { return .number(-value) }
      return .negative(inner)
    case .call, .choice, .binary:
      var parts: [IndexFormula] = []
      for child in formula.children { parts.append(try numbers(child, locals)) }
      var next = parts.makeIterator()
      return formula.mapChildren { next.next() ?? $0 }
    }
  }

  /// Functions and comparisons of numbers computed; the arithmetic between them is left to be seen.
  package func reduced(_ formula: IndexFormula) -> IndexFormula {
    let inner = formula.mapChildren(reduced)
    switch inner {
    case .call, .choice:
      return (try? evaluator.value(inner)).map(IndexFormula.number) ?? inner
    case .binary(let operation, .number, .number) where operation.isComparison:
      return (try? evaluator.value(inner)).map(IndexFormula.number) ?? inner
    case .number, .entry, .delta, .position, .count, .negative, .binary, .fold, .terms, .letting, .local,
      .partial, .difference:
      return inner
    }
  }

  /// What a part of the formula comes to.
  package func number(_ formula: IndexFormula) throws(Diagnostic) -> Double {
    try evaluator.value(formula, [:], locals: locals)
  }

  /// `1·0 = 0`: the lines between the symbols and the value, each differing from the one before.
  package func stages(_ formula: IndexFormula, _ text: IndexText) throws(Diagnostic) -> [String] {
    let plain = try numbers(formula)
    var result = [text.text(plain)]
    let next = text.text(reduced(plain))
    if result.last != next { result.append(next) }
    let value = text.number(try evaluator.value(formula, [:], locals: locals))
    if result.last != value { result.append(value) }
    return result
  }

  /// The positions of the terms of largest magnitude, when there are more than are shown.
  package static func largest(_ terms: [Term], _ count: Int) -> [Int] {
    terms.indices.sorted { abs(terms[$0].value) > abs(terms[$1].value) }.prefix(count).map { $0 }
  }
}

extension IndexValues {
  /// Whether a term reads outside of a padded value.
  func readsPadding(_ formula: IndexFormula, _ indices: IndexNumbers) throws(Diagnostic) -> Bool {
    switch formula {
    case .entry(let expression, let index):
      return try tensor(expression).position(of: index.map { $0.value(indices) ?? -1 }) == nil
    case .binary(.multiply, let a, let b):
      let isOutside = try readsPadding(a, indices)
      return try isOutside ? true : readsPadding(b, indices)
    case .number, .delta, .position, .count, .local, .negative, .call, .binary, .choice, .fold, .terms,
      .letting, .partial, .difference:
      return false
    }
  }
}
