import Formulas
import Operations

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
          $0 + (values[$1.letter] ?? .variable($1.letter)).scaled(by: $1.number)
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
    for index in ownIndices { result.formUnion(index.factors.letters) }
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
