import Formulas
import LinearAlgebra
import Operations

/// A formula of single entries, `S[i, k] * (δ(k, j) - S[i, j])`: what a derivation in index notation is made of.
/// It is printed and evaluated from this one value.
package indirect enum IndexExpression: Hashable, Sendable {
  case number(Double)
  /// An entry of a named tensor; outside its extents it counts as 0, as at the border of an image.
  case entry(String, [IndexTerm])
  /// Kronecker's δ: 1 where both are equal, else 0.
  case delta(IndexTerm, IndexTerm)
  case sum(String, IndexExpression)
  case negative(IndexExpression)
  case add(IndexExpression, IndexExpression)
  case subtract(IndexExpression, IndexExpression)
  case multiply(IndexExpression, IndexExpression)
  case divide(IndexExpression, IndexExpression)
  case square(IndexExpression)
  case exp(IndexExpression)
  case log(IndexExpression)
  /// ∂(formula)/∂(entry), still to be worked out; evaluated in dual numbers.
  case partial(IndexExpression, by: String, [IndexTerm])
  /// (f(x + h) - f(x - h)) / 2h by an entry x.
  case difference(IndexExpression, by: String, [IndexTerm], step: Double)

  package static func + (a: Self, b: Self) -> Self { .add(a, b) }
  package static func - (a: Self, b: Self) -> Self { .subtract(a, b) }
  package static func * (a: Self, b: Self) -> Self { .multiply(a, b) }
  package static func / (a: Self, b: Self) -> Self { .divide(a, b) }
  package static prefix func - (a: Self) -> Self { .negative(a) }

  /// Σ over several indices, the first outermost.
  package static func sum(_ indices: [String], _ body: Self) -> Self {
    indices.reversed().reduce(body) { .sum($1, $0) }
  }

  package var children: [IndexExpression] {
    switch self {
    case .number, .entry, .delta: []
    case .sum(_, let a), .negative(let a), .square(let a), .exp(let a), .log(let a), .partial(let a, _, _),
      .difference(let a, _, _, _):
      [a]
    case .add(let a, let b), .subtract(let a, let b), .multiply(let a, let b), .divide(let a, let b): [a, b]
    }
  }

  /// Names of the tensors in it.
  package var names: Set<String> {
    var result = children.reduce(into: Set<String>()) { $0.formUnion($1.names) }
    switch self {
    case .entry(let name, _), .partial(_, let name, _), .difference(_, let name, _, _): result.insert(name)
    case .number, .delta, .sum, .negative, .add, .subtract, .multiply, .divide, .square, .exp, .log: break
    }
    return result
  }

  /// How many terms are added up for one choice of the free indices, definitions under a derivative included.
  func terms(_ extents: [String: Int], _ definitions: [String: DerivationDefinition], depth: Int = 0) -> Int {
    var result = children.map { $0.terms(extents, definitions, depth: depth) }.max() ?? 1
    switch self {
    case .sum(let index, _):
      let (product, overflow) = result.multipliedReportingOverflow(by: max(1, extents[index] ?? 1))
      result = overflow ? Int.max : product
    case .entry(let name, _):
      if depth < 4, let definition = definitions[name] {
        result = definition.body.terms(extents, definitions, depth: depth + 1)
      }
    case .number, .delta, .negative, .add, .subtract, .multiply, .divide, .square, .exp, .log, .partial,
      .difference:
      break
    }
    return result
  }
}

extension IndexExpression: ExpressibleByIntegerLiteral {
  package init(integerLiteral value: Int) { self = .number(Double(value)) }
}

/// An index as it stands in brackets: `k`, `i + p`, `2i + p - 1`.
package struct IndexTerm: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
  package struct Part: Hashable, Sendable {
    package var name: String
    package var factor: Int
  }
  package var parts: [Part]
  package var constant: Int

  package init(_ parts: [(name: String, factor: Int)], constant: Int = 0) {
    self.parts = parts.map { Part(name: $0.name, factor: $0.factor) }
    self.constant = constant
  }

  package init(stringLiteral value: String) { self.init([(value, 1)]) }
  package init(_ name: String) { self.init([(name, 1)]) }

  package var description: String {
    var text = ""
    for part in parts {
      text += part.factor < 0 ? "-" : text.isEmpty ? "" : "+"
      text += abs(part.factor) == 1 ? part.name : "\(abs(part.factor))\(part.name)"
    }
    if constant != 0 { text += constant > 0 ? "+\(constant)" : "\(constant)" }
    return text.isEmpty ? "0" : text
  }
}

/// Where a line holds: in the case k = j, or for the class that is the target.
package enum IndexCondition: Hashable, Sendable {
  case equal(IndexTerm, IndexTerm)
  case notEqual(IndexTerm, IndexTerm)
  case value(IndexExpression, Double)
}

/// `S[i, k] = exp(Z[i, k]) / T[i]`
package struct DerivationDefinition: Hashable, Sendable {
  package var name: String
  package var indices: [String]
  package var body: IndexExpression

  package init(_ name: String, _ indices: [String], _ body: IndexExpression) {
    self.name = name
    self.indices = indices
    self.body = body
  }

  package var left: IndexExpression { .entry(name, indices.map { IndexTerm($0) }) }
}
