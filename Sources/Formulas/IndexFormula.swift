/// A formula of single entries, `S[i,k]·(δ(k,j) - S[i,j])`: what an operation's definition is, what `why` adds up, what
/// a derivation in index notation is made of. `dW1[0,2]` is `Σ_i X[i,0]·dZ1[i,2]`.
package indirect enum IndexFormula: Hashable, Sendable {
  case number(Double)
  /// An entry of a value; outside its extents it counts as 0, as at the border of an image.
  case entry(Expression, [Index])
  /// Kronecker's δ: 1 where two indices are equal, else 0.
  case delta(Index, Index)
  /// An index as a number.
  case position(Index)
  /// How many values some variables run over together: `|k|`.
  case count([Variable])
  case negative(IndexFormula)
  case binary(BinaryOperator, IndexFormula, IndexFormula)
  /// A function of one number: exp, tanh.
  case call(Function, IndexFormula)
  case choice(Choice, [IndexFormula])
  /// Over all values of some indices: a sum, the largest, the position of the largest.
  case fold(Fold, [Variable], IndexFormula)
  /// A sum whose terms follow no single formula.
  case terms([IndexFormula])
  /// `body, where name = value`.
  case letting(String, IndexFormula, IndexFormula)
  case local(String)
  /// ∂(formula)/∂(entry of a name), still to be worked out.
  case partial(IndexFormula, by: String, [Index])
  /// (f(x + h) - f(x - h)) / 2h by an entry x.
  case difference(IndexFormula, by: String, [Index], step: Double)

  /// Which of several numbers: the larger, `where(c, a, b)`, `clip(a, low, high)`.
  package enum Choice: String, Sendable { case max, min, `where`, clip }

  package enum Fold: String, Sendable { case sum = "Σ", max, min, argmax }

  package struct Variable: Hashable, Sendable {
    package let name: String
    package let extent: Int
    /// Its range is stated, `r<2`, and need not be that of the axis that it runs along.
    package var isBounded = false

    package init(name: String, extent: Int) {
      self.name = name
      self.extent = extent
    }
  }

  /// The product; a factor 1 is left out, which changes no bit.
  package static func product(_ a: IndexFormula, _ b: IndexFormula) -> IndexFormula {
    if a == .number(1) { return b }
    if b == .number(1) { return a }
    return .binary(.multiply, a, b)
  }

  package static func sum(_ variables: [Variable], _ body: IndexFormula) -> IndexFormula {
    variables.isEmpty ? body : .fold(.sum, variables, body)
  }

  /// How many numbers are worked out for it, in nested loops.
  package var work: Double {
    let inner = children.reduce(1) { $0 + $1.work }
    guard case .fold(_, let variables, _) = self else { return inner }
    return variables.reduce(inner) { $0 * Double($1.extent) }
  }

  package var children: [IndexFormula] {
    switch self {
    case .number, .entry, .delta, .position, .count, .local: []
    case .negative(let a), .call(_, let a), .fold(_, _, let a), .partial(let a, _, _),
      .difference(let a, _, _, _):
      [a]
    case .binary(_, let a, let b), .letting(_, let a, let b): [a, b]
    case .choice(_, let parts), .terms(let parts): parts
    }
  }

  package func mapChildren<E: Error>(
    _ transform: (IndexFormula) throws(E) -> IndexFormula
  ) throws(E) -> IndexFormula {
    switch self {
    case .number, .entry, .delta, .position, .count, .local: return self
    case .negative(let a): return .negative(try transform(a))
    case .fold(let kind, let variables, let a): return .fold(kind, variables, try transform(a))
    case .partial(let a, let name, let index): return .partial(try transform(a), by: name, index)
    case .difference(let a, let name, let index, let h):
      return .difference(try transform(a), by: name, index, step: h)
    case .binary(let operation, let a, let b):
      let left = try transform(a)
      return .binary(operation, left, try transform(b))
    case .letting(let name, let a, let b):
      let value = try transform(a)
      return .letting(name, value, try transform(b))
    case .call(let f, let a): return .call(f, try transform(a))
    case .choice(let kind, let parts):
      var result: [IndexFormula] = []
      for part in parts { result.append(try transform(part)) }
      return .choice(kind, result)
    case .terms(let parts):
      var result: [IndexFormula] = []
      for part in parts { result.append(try transform(part)) }
      return .terms(result)
    }
  }

  package func contains(_ predicate: (IndexFormula) -> Bool) -> Bool {
    predicate(self) || children.contains { $0.contains(predicate) }
  }

  /// Every index replaced, those of bound variables too.
  package func mapIndices(_ transform: (Index) -> Index) -> IndexFormula {
    switch self {
    case .entry(let value, let index): .entry(value, index.map(transform))
    case .delta(let a, let b): .delta(transform(a), transform(b))
    case .position(let a): .position(transform(a))
    case .partial(let a, let name, let index):
      .partial(a.mapIndices(transform), by: name, index.map(transform))
    case .difference(let a, let name, let index, let h):
      .difference(a.mapIndices(transform), by: name, index.map(transform), step: h)
    case .number, .count, .local, .negative, .call, .choice, .fold, .binary, .letting, .terms:
      mapChildren { $0.mapIndices(transform) }
    }
  }

  /// The indices that stand in it, without those of its parts.
  package var ownIndices: [Index] {
    switch self {
    case .entry(_, let index), .partial(_, _, let index), .difference(_, _, let index, _): index
    case .delta(let a, let b): [a, b]
    case .position(let a): [a]
    case .number, .count, .local, .negative, .call, .choice, .fold, .binary, .letting, .terms: []
    }
  }

  package func contains(variable: String) -> Bool {
    contains { $0.ownIndices.contains { $0.factors[variable] != nil } }
  }

  /// Index variables in it that no sum in it binds.
  package var freeVariables: Set<String> {
    var result = children.reduce(into: Set<String>()) { $0.formUnion($1.freeVariables) }
    for index in ownIndices { result.formUnion(index.factors.letters) }
    if case .fold(_, let variables, _) = self { result.subtract(variables.map(\.name)) }
    return result
  }

  /// The named entries in it with fixed indices, in order of first appearance.
  package var namedEntries: [NamedEntry] {
    var seen: Set<NamedEntry> = []
    var result: [NamedEntry] = []
    func visit(_ formula: IndexFormula) {
      if case .entry(.name(let name), let index) = formula, !index.contains(where: { $0.fixed == nil }) {
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

extension IndexFormula: ExpressibleByIntegerLiteral {
  package init(integerLiteral value: Int) { self = .number(Double(value)) }

  package static func + (a: Self, b: Self) -> Self { .binary(.add, a, b) }
  package static func - (a: Self, b: Self) -> Self { .binary(.subtract, a, b) }
  package static func * (a: Self, b: Self) -> Self { .binary(.multiply, a, b) }
  package static func / (a: Self, b: Self) -> Self { .binary(.divide, a, b) }
  package static prefix func - (a: Self) -> Self { .negative(a) }
}
