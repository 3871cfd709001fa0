import LinearAlgebra

/// A formula as data: what is printed, evaluated, differentiated and explained is this one value.
package indirect enum Expression: Hashable, Sendable {
  case number(Double)
  case name(String)
  /// `[a, b]`; nested lists make matrices.
  case list([Expression])
  case negative(Expression)
  case binary(BinaryOperator, Expression, Expression)
  case transpose(Expression)
  case call(Function, [Expression], CallOptions)
  /// `relu'(Z1)`: the derivative of a function at a value. For softmax the Jacobian of every sample.
  case derivative(Function, Expression, CallOptions)
  case index(Expression, [Subscript])

  /// The parts, in the order in which they are written. `RangeTree` runs parallel to it.
  package var children: [Expression] {
    switch self {
    case .number, .name: []
    case .list(let items): items
    case .negative(let a), .transpose(let a), .derivative(_, let a, _): [a]
    case .index(let a, let subscripts): [a] + subscripts.compactMap(\.list)
    case .binary(_, let a, let b): [a, b]
    case .call(_, let arguments, _): arguments
    }
  }

  /// The same formula with its direct parts replaced, in the order of `children`.
  package func mapChildren<E: Error>(_ transform: (Expression) throws(E) -> Expression) throws(E)
    -> Expression
  {
    switch self {
    case .number, .name: return self
    case .list(let items): return .list(try items.map(transform))
    case .negative(let a): return .negative(try transform(a))
    case .transpose(let a): return .transpose(try transform(a))
    case .derivative(let f, let a, let options): return .derivative(f, try transform(a), options)
    case .index(let a, let subscripts):
      let inner = try transform(a)
      return .index(inner, try subscripts.map { (item) throws(E) in try item.mapList(transform) })
    case .binary(let operation, let a, let b):
      let left = try transform(a)
      return .binary(operation, left, try transform(b))
    case .call(let f, let arguments, let options): return .call(f, try arguments.map(transform), options)
    }
  }

  /// Every name in it, in order of first appearance.
  package var names: [String] {
    var seen: Set<String> = []
    var result: [String] = []
    func visit(_ expression: Expression) {
      if case .name(let name) = expression, seen.insert(name).inserted { result.append(name) }
      expression.children.forEach(visit)
    }
    visit(self)
    return result
  }

  /// Names replaced by formulas: `u > 0` with u ↦ Z1 is `Z1 > 0`.
  package func substituting(_ values: [String: Expression]) -> Expression {
    if case .name(let name) = self { return values[name] ?? self }
    return mapChildren { $0.substituting(values) }
  }

  /// Every occurrence of one formula inside this one replaced by another.
  package func replacing(_ target: Expression, with replacement: Expression) -> Expression {
    self == target ? replacement : mapChildren { $0.replacing(target, with: replacement) }
  }

  package func contains(_ predicate: (Expression) -> Bool) -> Bool {
    predicate(self) || children.contains { $0.contains(predicate) }
  }

  package func contains(name: String) -> Bool { contains { $0 == .name(name) } }

  package var depth: Int { 1 + (children.map(\.depth).max() ?? 0) }
}

package enum BinaryOperator: String, Sendable, CaseIterable {
  case add = "+"
  case subtract = "-"
  case multiply = "*"
  case divide = "/"
  case matrixProduct = "@"
  case power = "**"
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case equal = "=="
  case notEqual = "!="

  package var isComparison: Bool {
    switch self {
    case .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual: true
    case .add, .subtract, .multiply, .divide, .matrixProduct, .power: false
    }
  }
}

/// What stands between brackets: an entry, a slice, or positions that a value lists, with NumPy's meaning.
package enum Subscript: Hashable, Sendable {
  case at(Int)
  case slice(from: Int?, to: Int?, step: Int)
  case positions(Expression)

  /// The positions it selects along an axis of this extent; nil when an index lies outside, and for positions that
  /// only values tell.
  package func positions(extent: Int) -> [Int]? {
    switch self {
    case .at(let index):
      let resolved = index < 0 ? index &+ extent : index
      return resolved >= 0 && resolved < extent ? [resolved] : nil
    case .slice(let from, let to, let step):
      guard step != 0 else { return nil }
      func clamp(_ index: Int, _ low: Int, _ high: Int) -> Int {
        min(max(index < 0 ? index &+ extent : index, low), high)
      }
      if step > 0 {
        let start = from.map { clamp($0, 0, extent) } ?? 0
        let end = to.map { clamp($0, 0, extent) } ?? extent
        return start < end ? Array(stride(from: start, to: end, by: step)) : []
      }
      let start = from.map { clamp($0, -1, extent - 1) } ?? extent - 1
      let end = to.map { clamp($0, -1, extent - 1) } ?? -1
      return start > end ? Array(stride(from: start, to: end, by: step)) : []
    case .positions: return nil
    }
  }

  /// How many positions it selects along any axis that is long enough for its ends; nil where that depends on the axis.
  package var count: Int? {
    guard case .slice(let from, let to?, let step) = self, step > 0, to >= 0, (from ?? 0) >= 0 else {
      return nil
    }
    return positions(extent: to)?.count
  }

  package var isAt: Bool { if case .at = self { true } else { false } }

  /// The formula of a list of positions.
  package var list: Expression? { if case .positions(let list) = self { list } else { nil } }

  func mapList<E: Error>(_ transform: (Expression) throws(E) -> Expression) throws(E) -> Subscript {
    if case .positions(let list) = self { .positions(try transform(list)) } else { self }
  }
}
