import Formulas
import LinearAlgebra

/// One entry of a value as a formula of other entries: what `why` shows and adds up, and what the index formula of a
/// Jacobian is derived from. `dW1[0,2]` is `Σ_i X[i,0]·dZ1[i,2]`.
package indirect enum EntryFormula: Hashable, Sendable {
  case number(Double)
  /// An entry of a value. Outside of a padded value it is 0.
  case entry(Expression, [EntryIndex], isPadded: Bool)
  /// 1 where two indices are equal, else 0.
  case delta(EntryIndex, EntryIndex)
  case negative(EntryFormula)
  case binary(BinaryOperator, EntryFormula, EntryFormula)
  case call(ElementwiseFunction, EntryFormula)
  case choice(Choice, [EntryFormula])
  /// Over all values of some indices: a sum, the largest, the position of the largest.
  case fold(Fold, [Variable], EntryFormula)
  /// A sum whose terms follow no single formula.
  case terms([EntryFormula])
  /// `body, where name = value`.
  case letting(String, EntryFormula, EntryFormula)
  case local(String)

  package enum Fold: String, Sendable { case sum = "Σ", max, min, argmax }
  package enum Choice: String, Sendable { case maximum = "max", minimum = "min", `where`, clip }

  package struct Variable: Hashable, Sendable {
    package let name: String
    package let extent: Int
  }

  package static func entry(_ value: Expression, _ index: [EntryIndex]) -> EntryFormula {
    .entry(value, index, isPadded: false)
  }

  /// The product; a factor 1 is left out, which changes no bit.
  package static func product(_ a: EntryFormula, _ b: EntryFormula) -> EntryFormula {
    if a == .number(1) { return b }
    if b == .number(1) { return a }
    return .binary(.multiply, a, b)
  }

  package static func sum(_ variables: [Variable], _ body: EntryFormula) -> EntryFormula {
    variables.isEmpty ? body : .fold(.sum, variables, body)
  }

  package var children: [EntryFormula] {
    switch self {
    case .number, .entry, .delta, .local: []
    case .negative(let a), .call(_, let a), .fold(_, _, let a): [a]
    case .binary(_, let a, let b), .letting(_, let a, let b): [a, b]
    case .choice(_, let parts), .terms(let parts): parts
    }
  }

  package func mapChildren(_ transform: (EntryFormula) -> EntryFormula) -> EntryFormula {
    switch self {
    case .number, .entry, .delta, .local: self
    case .negative(let a): .negative(transform(a))
    case .call(let f, let a): .call(f, transform(a))
    case .fold(let kind, let variables, let a): .fold(kind, variables, transform(a))
    case .binary(let operation, let a, let b): .binary(operation, transform(a), transform(b))
    case .letting(let name, let a, let b): .letting(name, transform(a), transform(b))
    case .choice(let kind, let parts): .choice(kind, parts.map(transform))
    case .terms(let parts): .terms(parts.map(transform))
    }
  }

  package func contains(_ predicate: (EntryFormula) -> Bool) -> Bool {
    predicate(self) || children.contains { $0.contains(predicate) }
  }

  /// Every index replaced.
  package func mapIndices(_ transform: (EntryIndex) -> EntryIndex) -> EntryFormula {
    switch self {
    case .entry(let value, let index, let isPadded):
      .entry(value, index.map(transform), isPadded: isPadded)
    case .delta(let a, let b): .delta(transform(a), transform(b))
    case .number, .local, .negative, .call, .fold, .binary, .letting, .choice, .terms:
      mapChildren { $0.mapIndices(transform) }
    }
  }

  package func contains(variable: String) -> Bool {
    contains { part in
      switch part {
      case .entry(_, let index, _): index.contains { $0.factors[variable] != nil }
      case .delta(let a, let b): a.factors[variable] != nil || b.factors[variable] != nil
      case .number, .local, .negative, .call, .fold, .binary, .letting, .choice, .terms: false
      }
    }
  }

  /// The named entries in it with fixed indices, in order of first appearance.
  package var namedEntries: [NamedEntry] {
    var seen: Set<NamedEntry> = []
    var result: [NamedEntry] = []
    func visit(_ formula: EntryFormula) {
      if case .entry(.name(let name), let index, _) = formula, !index.contains(where: { $0.fixed == nil }) {
        let entry = NamedEntry(name: name, index: index.map(\.constant))
        if seen.insert(entry).inserted { result.append(entry) }
      }
      formula.children.forEach(visit)
    }
    visit(self)
    return result
  }
}

/// `W1[0,2]`.
package struct NamedEntry: Hashable, Sendable {
  package let name: String
  package let index: [Int]

  package init(name: String, index: [Int]) {
    self.name = name
    self.index = index
  }

  package var text: String {
    index.isEmpty ? name : "\(name)[\(index.map(String.init).joined(separator: ","))]"
  }
}
