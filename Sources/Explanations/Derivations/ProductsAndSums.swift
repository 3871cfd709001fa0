import Formulas
import Operations

/// A product as it is written from left to right: `-a·b/c²` is a sign and factors, divisors with negative exponents.
struct Product {
  struct Factor: Hashable {
    var base: IndexFormula
    var exponent: Int

    init(_ base: IndexFormula, _ exponent: Int = 1) {
      self.base = base
      self.exponent = exponent
    }
  }

  var isNegative = false
  var factors: [Factor] = []

  init(_ factors: [Factor] = [], negative isNegative: Bool = false) {
    self.factors = factors
    self.isNegative = isNegative
  }

  init(_ formula: IndexFormula) { append(formula) }

  mutating func append(_ formula: IndexFormula, _ exponent: Int = 1) {
    switch formula {
    case .negative(let a):
      if !exponent.isMultiple(of: 2) { isNegative.toggle() }
      append(a, exponent)
    case .number(let value) where value < 0: append(.negative(.number(-value)), exponent)
    case .binary(.multiply, let a, let b):
      append(a, exponent)
      append(b, exponent)
    case .binary(.divide, let a, let b):
      append(a, exponent)
      append(b, -exponent)
    case .binary(.power, let a, .number(let n)) where formula.isProduct && abs(n) < 1e6:
      append(a, exponent &* Int(clamping: n))
    default: factors.append(Factor(formula, exponent))
    }
  }

  var formula: IndexFormula {
    var result: IndexFormula?
    var sign = isNegative
    let isAlone = factors.count == 1
    for factor in factors where factor.exponent != 0 && (isAlone || factor != Factor(1)) {
      let power = Double(factor.exponent.magnitude)
      let part = power == 1 ? factor.base : .binary(.power, factor.base, .number(power))
      if factor.exponent < 0 {
        result = (result ?? (sign ? -1 : 1)) / part
      } else {
        result =
          result.map { $0 * part } ?? (sign ? part.number.map { .number(-$0) } ?? .negative(part) : part)
      }
      sign = false
    }
    return result ?? (sign ? -1 : 1)
  }

  /// Equal bases joined, numbers multiplied, what has a factor 0 is 0; and the bases that are gone.
  var joined: (product: Product, gone: [IndexFormula]) {
    var result = Product(negative: isNegative)
    var (above, below) = (1.0, 1.0)
    for factor in factors {
      if case .number(let value) = factor.base, factor.exponent.magnitude == 1 {
        if factor.exponent > 0 { above *= value } else { below *= value }
      } else if let i = result.factors.firstIndex(where: { $0.base == factor.base }) {
        result.factors[i].exponent += factor.exponent
      } else {
        result.factors.append(factor)
      }
    }
    if above == 0 { return (Product([Factor(0)]), []) }
    if above.truncatingRemainder(dividingBy: below) == 0 { (above, below) = (above / below, 1) }
    if below.truncatingRemainder(dividingBy: above) == 0 { (above, below) = (1, below / above) }
    let gone = result.factors.filter { $0.exponent == 0 }.map(\.base)
    result.factors.removeAll { $0.exponent == 0 }
    if above != 1 { result.factors.insert(Factor(.number(above)), at: 0) }
    if below != 1 { result.factors.append(Factor(.number(below), -1)) }
    return (result, gone)
  }
}

/// A sum as it is written, every term with its sign.
struct Sum {
  struct Term {
    var isNegative: Bool
    var formula: IndexFormula

    init(_ formula: IndexFormula, negative isNegative: Bool = false) {
      var product = Product(formula)
      self.isNegative = isNegative != product.isNegative
      product.isNegative = false
      self.formula = product.formula
    }
  }

  var terms: [Term] = []

  init(_ terms: [Term] = []) { self.terms = terms }
  init(_ formula: IndexFormula) { append(formula) }

  mutating func append(_ formula: IndexFormula, negative: Bool = false) {
    switch formula {
    case .negative(let a) where a.isSum: append(a, negative: !negative)
    case .binary(.add, let a, let b):
      append(a, negative: negative)
      append(b, negative: negative)
    case .binary(.subtract, let a, let b):
      append(a, negative: negative)
      append(b, negative: !negative)
    case .terms(let parts): for part in parts { append(part, negative: negative) }
    default: terms.append(Term(formula, negative: negative))
    }
  }

  /// A positive term first, if there is one.
  var formula: IndexFormula {
    var ordered = terms
    if ordered.first?.isNegative == true, let at = ordered.firstIndex(where: { !$0.isNegative }) {
      ordered.insert(ordered.remove(at: at), at: 0)
    }
    guard let first = ordered.first else { return 0 }
    return ordered.dropFirst().reduce(first.isNegative ? first.formula.negated : first.formula) {
      $1.isNegative ? $0 - $1.formula : $0 + $1.formula
    }
  }

  var negated: Sum { Sum(terms.map { Term($0.formula, negative: !$0.isNegative) }) }

  func map(_ transform: (IndexFormula) -> IndexFormula) -> Sum {
    var result = Sum()
    for term in terms { result.append(transform(term.formula), negative: term.isNegative) }
    return result
  }
}
