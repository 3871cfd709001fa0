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

extension IndexFormula {
  var isSum: Bool {
    switch self {
    case .binary(.add, _, _), .binary(.subtract, _, _): true
    case .terms(let parts): parts.count > 1
    default: false
    }
  }

  var isProduct: Bool {
    switch self {
    case .binary(.multiply, _, _), .binary(.divide, _, _), .negative: true
    case .binary(.power, _, .number(let n)): n > 0 && n <= 8 && n == n.rounded()
    default: false
    }
  }

  var negated: IndexFormula {
    switch self {
    case .negative(let a): a
    case .number(let value): .number(-value)
    default:
      isProduct
        ? Product(Product(self).factors, negative: !Product(self).isNegative).formula : .negative(self)
    }
  }

  /// From the parts up, products and sums as wholes.
  func rewriting(_ rule: (IndexFormula) -> IndexFormula?) -> IndexFormula {
    var result = self
    if isSum {
      result = Sum(self).map { $0.rewriting(rule) }.formula
    } else if isProduct {
      let old = Product(self)
      var product = Product(negative: old.isNegative)
      for factor in old.factors { product.append(factor.base.rewriting(rule), factor.exponent) }
      result = product.formula
    } else {
      result = mapChildren { $0.rewriting(rule) }
    }
    return rule(result) ?? result
  }

  /// What is 0 or 1 left out, numbers counted together.
  var tidied: IndexFormula {
    rewriting { part in
      if part.isSum {
        var kept = Sum(Sum(part).terms.filter { $0.formula != 0 })
        let numbers = kept.terms.compactMap { $0.isNegative ? $0.formula.number.map(-) : $0.formula.number }
        if numbers.count > 1 {
          kept.terms.removeAll { $0.formula.number != nil }
          if numbers.reduce(0, +) != 0 { kept.append(.number(numbers.reduce(0, +))) }
        }
        return kept.formula
      }
      if part.isProduct {
        var product = Product(part)
        let numbers = Product(product.factors.filter { $0.base.number != nil }).joined.product.factors
        product.factors.removeAll { $0.base.number != nil }
        product.factors =
          numbers.filter { $0.exponent > 0 } + product.factors + numbers.filter { $0.exponent < 0 }
        if numbers.contains(Product.Factor(0)) { return 0 }
        // A sign before nothing but a sum goes into it.
        let above = product.factors.filter { $0.exponent > 0 && $0.base.number == nil }
        if product.isNegative, above.count == 1, above[0].exponent == 1, above[0].base.isSum,
          let at = product.factors.firstIndex(of: above[0])
        {
          product.isNegative = false
          product.factors[at].base = Sum(above[0].base).negated.formula
        }
        return product.formula
      }
      switch part {
      case .delta(let a, let b): return a == b ? 1 : (a - b).fixed != nil ? 0 : nil
      case .fold(.sum, _, 0): return 0
      default: return nil
      }
    }
  }

  var number: Double? { if case .number(let value) = self { value } else { nil } }

  /// With other indices for some letters, all at once.
  func substituting(_ values: [String: Index]) -> IndexFormula {
    values.isEmpty
      ? self
      : mapIndices { index in
        index.factors.reduce(Index(index.constant)) {
          $0 + (values[$1.key] ?? .variable($1.key)).scaled(by: $1.value)
        }
      }
  }

  /// Every name of a value that is read.
  var valueNames: Set<String> {
    var result = children.reduce(into: Set<String>()) { $0.formUnion($1.valueNames) }
    if case .entry(let value, _) = self { result.formUnion(value.names) }
    return result
  }

  /// All letters of indices, bound ones too.
  var letters: Set<String> {
    var result = children.reduce(into: Set<String>()) { $0.formUnion($1.letters) }
    for index in ownIndices { result.formUnion(index.factors.keys) }
    if case .fold(_, let variables, _) = self { result.formUnion(variables.map(\.name)) }
    return result
  }

  // MARK: Sums

  /// Every sum whose index a δ ties to another loses both: `Σ_j f(j)·δ(j,l)` is f(l). Says which: "j = l".
  var withoutDeltas: (formula: IndexFormula, gone: [String]) {
    var gone: [String] = []
    let result = rewriting { part in
      guard case .fold(.sum, let variables, let body) = part else { return nil }
      let before = gone.count
      let sum = Sum(body).map { Self.eliminate(variables, $0, &gone) }
      return gone.count > before ? sum.formula : nil
    }
    return (result.tidied, gone.reduce(into: []) { if !$0.contains($1) { $0.append($1) } })
  }

  private static func eliminate(
    _ variables: [Variable], _ body: IndexFormula, _ gone: inout [String]
  ) -> IndexFormula {
    let product = Product(body)
    for (i, factor) in product.factors.enumerated() {
      guard case .delta(let a, let b) = factor.base else { continue }
      for (at, variable) in variables.enumerated() {
        var rest = a - b
        guard let own = rest.factors[variable.name], own.magnitude == 1 else { continue }
        rest.factors[variable.name] = nil
        let solution = rest.scaled(by: -own)
        var left = product
        left.factors.remove(at: i)
        // It stays in its range, or what it indexes is 0 outside.
        let isWithin =
          solution.onlyVariable != nil || solution.fixed.map { (0..<variable.extent).contains($0) } ?? false
        guard isWithin || left.indexesEntry(by: variable) else { continue }
        gone.append("\(variable.name) = \(solution.text)")
        let others = Array(variables[..<at] + variables[(at + 1)...])
        return eliminate(others, left.formula.substituting([variable.name: solution]), &gone)
      }
    }
    return .sum(variables, body)
  }

  /// Factors that no index of a sum touches, before it.
  var pulledOut: IndexFormula? {
    guard case .fold(.sum, let variables, let body) = self else { return nil }
    let names = Set(variables.map(\.name))
    let whole = Product(body)
    let inside = whole.factors.filter { !$0.base.letters.isDisjoint(with: names) }
    let outside = whole.factors.filter { $0.base.letters.isDisjoint(with: names) }
    guard whole.isNegative || !outside.isEmpty, !inside.isEmpty else { return nil }
    let sum = Product.Factor(.fold(.sum, variables, Product(inside).formula))
    let factors = outside.filter { $0.exponent > 0 } + [sum] + outside.filter { $0.exponent < 0 }
    return Product(factors, negative: whole.isNegative).formula
  }

  /// A product with a sum written out, term by term; a sum of terms as terms of sums.
  var multipliedOut: IndexFormula? {
    if case .fold(.sum, let variables, let body) = self {
      return body.isSum ? Sum(body).map { .fold(.sum, variables, $0) }.formula : nil
    }
    if isSum {
      // A fraction of a sum among other terms: a term for each of its own.
      return Sum(self).map { term in
        let product = Product(term)
        guard let at = product.factors.firstIndex(where: { $0.exponent == 1 && $0.base.isSum }),
          product.factors.count(where: { $0.exponent > 0 }) == 1
        else { return term }
        return Sum(product.factors[at].base).map { part in
          var own = product
          own.factors.replaceSubrange(at...at, with: Product(part).factors)
          return own.formula
        }.formula
      }.formula
    }
    let whole = Product(self)
    guard isProduct, whole.factors.count(where: { $0.exponent > 0 }) > 1,
      let at = whole.factors.firstIndex(where: { $0.exponent == 1 && $0.base.isSum })
    else { return nil }
    let below = whole.factors.filter { $0.exponent < 0 }
    let sum = Sum(whole.factors[at].base).map { term in
      var product = whole
      product.isNegative = false
      product.factors.replaceSubrange(at...at, with: Product(term).factors)
      product.factors.removeAll { below.contains($0) }
      return product.formula.multipliedOut ?? product.formula
    }
    return Product([.init((whole.isNegative ? sum.negated : sum).formula)] + below).formula
  }
}

extension Product {
  /// Whether some entry has this variable alone as an index.
  fileprivate func indexesEntry(by variable: IndexFormula.Variable) -> Bool {
    factors.contains { factor in
      guard case .entry(_, let index) = factor.base, factor.exponent > 0 else { return false }
      return index.contains { $0.onlyVariable == variable.name }
    }
  }
}
