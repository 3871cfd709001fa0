import Formulas
import Operations
import LinearAlgebra

/// Brings a derived formula into the form in which one writes it: `-Y / S / m`, `2 * (A2 - Y) / m`,
/// `dA1 * (Z1 > 0)`. Only rules that hold entry by entry under broadcasting; nothing is cancelled that could be
/// zero.
package struct Simplifier {
  /// Names that are single numbers; they go behind the matrices under a fraction.
  let isScalar: (String) -> Bool

  /// How many axes a formula has, where that is known.
  let rank: (Expression) -> Int?

  package init(
    isScalar: @escaping (String) -> Bool, rank: @escaping (Expression) -> Int? = { _ in nil }
  ) {
    (self.isScalar, self.rank) = (isScalar, rank)
  }

  package func simplify(_ expression: Expression) -> Expression {
    switch expression {
    case .number, .name: return expression
    case .call(let f, let arguments, _) where f.name == Operation.swapaxes.name && arguments.count == 3:
      return exchange(simplify(arguments[0]), Array(arguments.dropFirst()))
    case .call(let f, let arguments, _) where f.name == Operation.where.name && arguments.count == 3:
      // Between two numbers it is known which where the condition is.
      guard case .number(let truth) = simplify(arguments[0]), arguments[1].constant != nil,
        arguments[2].constant != nil
      else { return expression.mapChildren(simplify) }
      return arguments[truth != 0 ? 1 : 2]
    case .list, .call, .derivative, .index: return expression.mapChildren(simplify)
    case .transpose(let a): return transpose(simplify(a))
    case .negative, .binary(.multiply, _, _), .binary(.divide, _, _): return product(expression)
    case .binary(.add, let a, let b): return sum(simplify(a), simplify(b))
    case .binary(.subtract, let a, let b): return difference(simplify(a), simplify(b))
    case .binary(.power, let a, let b):
      let (base, exponent) = (simplify(a), simplify(b))
      return exponent == 1 ? base : .binary(.power, base, exponent)
    case .binary(let operation, let a, let b):
      let (x, y) = (simplify(a), simplify(b))
      guard operation.isComparison, let p = x.constant, let q = y.constant else {
        return .binary(operation, x, y)
      }
      return .number(IndexEvaluator<Double>.apply(operation, p, q))
    }
  }

  private func transpose(_ a: Expression) -> Expression {
    switch a {
    case .number: a
    case .name(let name) where isScalar(name): a
    default: a.turned
    }
  }

  /// Axes exchanged twice are where they were; the exchange of a product is the product of the exchanged, turned round.
  private func exchange(_ a: Expression, _ axes: [Expression]) -> Expression {
    let whole = Expression.call(Function(Operation.swapaxes.name), [a] + axes, .none)
    if case .call(let f, let inner, _) = a, f.name == Operation.swapaxes.name, inner.count == 3,
      Set(inner.dropFirst()) == Set(axes)
    {
      return inner[0]
    }
    guard whole == .swappedLast(a) else { return whole }
    if rank(a) == 2 { return transpose(a) }
    if case .binary(.matrixProduct, let x, let y) = a, rank(x) ?? 0 > 1, rank(y) ?? 0 > 1 {
      return simplify(.swappedLast(y)).times(simplify(.swappedLast(x)))
    }
    return whole
  }

  private func sum(_ a: Expression, _ b: Expression) -> Expression {
    if a == 0 { return b }
    if b == 0 { return a }
    if let positive = negated(b) { return a - positive }
    return doubled(a, b) ?? a + b
  }

  /// Twice a product: x * x hands on two equal halves. Doubling rounds nothing, the sum has the same bits. Nil for other
  /// sums, and for two gradients that are handed on as they are: da + da shows that two paths meet.
  func doubled(_ a: Expression, _ b: Expression) -> Expression? {
    guard a == b else { return nil }
    switch a {
    case .binary(.multiply, _, _), .binary(.divide, _, _): return simplify(2 * a)
    case .number, .name, .list, .negative, .binary, .transpose, .call, .derivative, .index: return nil
    }
  }

  private func difference(_ a: Expression, _ b: Expression) -> Expression {
    if b == 0 { return a }
    if a == 0 { return simplify(.negative(b)) }
    if let x = a.constant, let y = b.constant {
      return x < y ? .negative(.number(y - x)) : .number(x - y)
    }
    if let positive = negated(b) { return a + positive }
    return a - b
  }

  /// `x` for `-x`, and for a product or quotient that begins with one; nil when there is no sign in front.
  private func negated(_ expression: Expression) -> Expression? {
    switch expression {
    case .negative(let a): return a
    case .binary(.multiply, let a, let b): return negated(a).map { $0 == 1 ? b : $0 * b }
    case .binary(.divide, let a, let b): return negated(a).map { $0 / b }
    default: return nil
    }
  }

  // MARK: Products

  /// A product taken apart: sign, numbers above and below the line, factors above and below.
  private struct Fraction {
    var isNegative = false
    var above = 1.0
    var below = 1.0
    var numerator: [Expression] = []
    var denominator: [Expression] = []
  }

  private func collect(_ expression: Expression, into fraction: inout Fraction, inverted: Bool) {
    switch expression {
    case .number(let value):
      if value < 0 { fraction.isNegative.toggle() }
      if inverted { fraction.below *= abs(value) } else { fraction.above *= abs(value) }
    case .negative(let a):
      fraction.isNegative.toggle()
      collect(a, into: &fraction, inverted: inverted)
    case .binary(.multiply, .name, .number) where inverted && isScalarFormula(expression):
      // A count such as m * 4 stays whole: cancelled against other numbers it would not be recognised.
      fraction.denominator.append(expression)
    case .binary(.multiply, let a, let b):
      collect(a, into: &fraction, inverted: inverted)
      collect(b, into: &fraction, inverted: inverted)
    case .binary(.divide, let a, let b):
      collect(a, into: &fraction, inverted: inverted)
      collect(b, into: &fraction, inverted: !inverted)
    default:
      let simple = simplify(expression)
      switch simple {
      case .number, .negative, .binary(.multiply, _, _), .binary(.divide, _, _):
        collect(simple, into: &fraction, inverted: inverted)
      default:
        if inverted { fraction.denominator.append(simple) } else { fraction.numerator.append(simple) }
      }
    }
  }

  private func product(_ expression: Expression) -> Expression {
    var fraction = Fraction()
    collect(expression, into: &fraction, inverted: false)
    reduce(&fraction)
    var factors = fraction.numerator
    if fraction.above != 1 || factors.isEmpty { factors.insert(.number(fraction.above), at: 0) }
    var result = fraction.isNegative ? Expression.negative(factors[0]) : factors[0]
    for factor in factors.dropFirst() { result = result * factor }
    let scalars = fraction.denominator.filter(isScalarFormula)
    for factor in fraction.denominator where !isScalarFormula(factor) { result = result / factor }
    var counts = scalars
    if fraction.below != 1 { counts.append(.number(fraction.below)) }
    if let first = counts.first { result = result / counts.dropFirst().reduce(first, *) }
    return result
  }

  private func isScalarFormula(_ expression: Expression) -> Bool {
    switch expression {
    case .number: true
    case .name(let name): isScalar(name)
    default: expression.children.count > 0 && expression.children.allSatisfy(isScalarFormula)
    }
  }

  /// 2/4 is 1/2: numbers above and below are divided by what they share, when both are whole.
  private func reduce(_ fraction: inout Fraction) {
    let (a, b) = (fraction.above, fraction.below)
    guard a == a.rounded(), b == b.rounded(), a >= 1, b >= 1, a < 1e9, b < 1e9 else {
      if a == b, a != 0 { (fraction.above, fraction.below) = (1, 1) }
      return
    }
    var (x, y) = (Int(clamping: a), Int(clamping: b))
    while y != 0 { (x, y) = (y, x % y) }
    fraction.above = a / Double(x)
    fraction.below = b / Double(x)
  }
}

extension Expression {
  /// A number as it is written, with or without its sign.
  fileprivate var constant: Double? {
    switch self {
    case .number(let x): x
    case .negative(.number(let x)): -x
    default: nil
    }
  }
}
