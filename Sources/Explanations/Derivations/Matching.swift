import Formulas
import Operations

/// What the letters and values of a formula stand for where another one has its form, whatever the order of its sums and
/// products and whatever its bound indices are called.
struct Match {
  /// Letters that may stand for any index.
  var letters: Set<String> = []
  /// Names that may stand for any value; without an index, for any formula.
  var values: Set<String> = []
  private(set) var indices: [String: Index] = [:]
  private(set) var expressions: [String: Expression] = [:]
  private(set) var formulas: [String: IndexFormula] = [:]

  /// What is to match behind a part. An object, and not a closure: the optimiser would make a copy of all that matches for
  /// every closure that is passed on, and of those again.
  private final class Next {
    private let rest: (Match) -> Match?
    init(_ rest: @escaping (Match) -> Match?) { self.rest = rest }
    func callAsFunction(_ match: Match) -> Match? { rest(match) }
  }

  func matched(_ pattern: IndexFormula, _ formula: IndexFormula) -> Match? {
    match(pattern, formula, Next { $0 })
  }

  /// A formula with what was found put in.
  func filled(_ formula: IndexFormula) -> IndexFormula {
    switch formula {
    case .entry(.name(let name), []): formulas[name] ?? formula
    case .entry(.name(let name), let index) where expressions[name] != nil:
      .entry(expressions[name] ?? .name(name), index).substituting(indices)
    case .fold(let kind, let variables, let body): .fold(kind, variables, filled(body))
    default: formula.children.isEmpty ? formula.substituting(indices) : ownFilled(formula)
    }
  }

  private func ownFilled(_ formula: IndexFormula) -> IndexFormula {
    if case .partial(let a, let x, let index) = formula {
      return .partial(filled(a), by: x, IndexFormula.entry(.name(x), index).substituting(indices).ownIndices)
    }
    return formula.mapChildren { filled($0) }
  }

  private func match(_ pattern: IndexFormula, _ formula: IndexFormula, _ next: Next) -> Match? {
    if case .entry(.name(let name), let index) = pattern, values.contains(name) {
      var result = self
      if index.isEmpty {
        if let known = formulas[name] { return known.isSame(as: formula) ? next(self) : nil }
        result.formulas[name] = formula
        return next(result)
      }
      guard case .entry(let expression, let own) = formula, expressions[name] ?? expression == expression
      else { return nil }
      result.expressions[name] = expression
      return result.match(index, own, next)
    }
    if pattern.isSum || formula.isSum {
      return terms(Sum(pattern).terms[...], Sum(formula).terms, next)
    }
    if pattern.isProduct || formula.isProduct {
      let (a, b) = (Product(pattern).joined.product, Product(formula).joined.product)
      guard a.isNegative == b.isNegative else { return nil }
      return product(a, in: b) { match, rest in rest.factors.isEmpty ? next(match) : nil }
    }
    switch (pattern, formula) {
    case (.entry(let a, let i), .entry(let b, let j)): return a == b ? match(i, j, next) : nil
    case (.delta(let a, let b), .delta(let c, let d)):
      return match([a, b], [c, d], next) ?? match([a, b], [d, c], next)
    case (.position(let a), .position(let b)): return match([a], [b], next)
    case (.call(let f, let a), .call(let g, let b)): return f == g ? match(a, b, next) : nil
    case (.binary(let f, let a, let b), .binary(let g, let c, let d)):
      return f == g ? match(a, c, Next { $0.match(b, d, next) }) : nil
    case (.choice(let f, let a), .choice(let g, let b)):
      return f == g && a.count == b.count ? all(a[...], b[...], next) : nil
    case (.partial(let a, let x, let i), .partial(let b, let y, let j)):
      return x == y ? match(i, j, Next { $0.match(a, b, next) }) : nil
    case (.fold(let f, let v, let a), .fold(let g, let w, let b)):
      guard f == g, v.count == w.count else { return nil }
      var inner = self
      let bound = Set(v.map(\.name))
      inner.letters.formUnion(bound)
      for name in bound { inner.indices[name] = nil }
      return inner.match(
        a, b,
        Next { match in
          // The bound letters of one are those of the other.
          guard Set(bound.compactMap { match.indices[$0]?.onlyVariable }) == Set(w.map(\.name)) else {
            return nil
          }
          var outer = match
          outer.letters = letters
          return next(outer)
        })
    default: return pattern == formula ? next(self) : nil
    }
  }

  private func all(_ a: ArraySlice<IndexFormula>, _ b: ArraySlice<IndexFormula>, _ next: Next) -> Match? {
    guard let first = a.first, let other = b.first else { return next(self) }
    return match(first, other, Next { $0.all(a.dropFirst(), b.dropFirst(), next) })
  }

  private func match(_ a: [Index], _ b: [Index], _ next: Next) -> Match? {
    guard a.count == b.count else { return nil }
    var result = self
    for (pattern, index) in zip(a, b) {
      var known = Index(pattern.constant)
      var open: (name: String, factor: Int)?
      for (name, factor) in pattern.factors {
        if letters.contains(name), result.indices[name] == nil {
          guard open == nil, factor.magnitude == 1 else { return nil }
          open = (name, factor)
        } else {
          let value = letters.contains(name) ? result.indices[name] : nil
          known = known + (value ?? .variable(name)).scaled(by: factor)
        }
      }
      guard open != nil || known == index else { return nil }
      if let (name, factor) = open { result.indices[name] = (index - known).scaled(by: factor) }
    }
    return next(result)
  }

  private func terms(_ a: ArraySlice<Sum.Term>, _ b: [Sum.Term], _ next: Next) -> Match? {
    guard a.count == b.count else { return nil }
    guard let first = a.first else { return next(self) }
    for (i, term) in b.enumerated() where term.isNegative == first.isNegative {
      var rest = b
      rest.remove(at: i)
      if let found = match(first.formula, term.formula, Next { $0.terms(a.dropFirst(), rest, next) }) {
        return found
      }
    }
    return nil
  }

  /// Factors of a product among those of another; what is left over goes on. A value that stands for any formula comes
  /// last and takes all that is left.
  func product(
    _ pattern: Product, in product: Product, _ next: @escaping (Match, Product) -> Match?
  ) -> Match? {
    func isOpen(_ factor: Product.Factor) -> Bool {
      if case .entry(.name(let name), []) = factor.base {
        values.contains(name) && formulas[name] == nil
      } else {
        false
      }
    }
    guard let wanted = pattern.factors.first(where: { !isOpen($0) }) ?? pattern.factors.first else {
      return next(self, product)
    }
    var others = pattern
    if let at = others.factors.firstIndex(of: wanted) { others.factors.remove(at: at) }
    if others.factors.isEmpty, wanted.exponent == 1, isOpen(wanted) {
      let above = Product(product.factors.filter { $0.exponent > 0 })
      let below = Product(product.factors.filter { $0.exponent < 0 })
      for (taken, rest) in [(above, below), (Product(product.factors), Product())]
      where !above.factors.isEmpty {
        if let found = match(wanted.base, taken.formula, Next { next($0, rest) }) { return found }
      }
    }
    for (i, factor) in product.factors.enumerated() where wanted.isWithin(factor) {
      var rest = product
      rest.factors[i].exponent -= wanted.exponent
      rest.factors.removeAll { $0.exponent == 0 }
      if let found = match(wanted.base, factor.base, Next { [rest] in $0.product(others, in: rest, next) }) {
        return found
      }
    }
    return nil
  }
}

extension Product.Factor {
  /// Whether a factor has enough of an exponent.
  fileprivate func isWithin(_ other: Product.Factor) -> Bool {
    exponent > 0 ? other.exponent >= exponent : other.exponent <= exponent
  }
}

extension IndexFormula {
  func isSame(as other: IndexFormula) -> Bool { self == other || Match().matched(self, other) != nil }
}
