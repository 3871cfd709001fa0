import Formulas
import LinearAlgebra
import Operations

/// Steps that take a sum or a formula apart by cases, and put it together again.
extension Rewriter {
  mutating func apart(_ letter: String) -> [Prose]? {
    everywhere("the term of \(letter) apart from the others") { part, _ in
      guard case .fold(.sum, let variables, let body) = part, variables.count == 1,
        body.freeVariables.contains(letter)
      else { return nil }
      let (own, term) = (Index.variable(variables[0].name), Sum.Term(body))
      let mask = IndexFormula.binary(.notEqual, .position(own), .position(.variable(letter)))
      var sum = Sum()
      sum.append(term.formula.substituting([variables[0].name: .variable(letter)]), negative: term.isNegative)
      sum.append(.fold(.sum, variables, mask * term.formula), negative: term.isNegative)
      return sum.formula
    }
  }

  mutating func together() -> [Prose]? {
    everywhere("the term is one of the sum again") { part, _ in
      guard part.isSum else { return nil }
      var sum = Sum(part)
      for (i, term) in sum.terms.enumerated() {
        guard case .fold(.sum, let variables, let body) = term.formula,
          let mask = Product(body).factors.first(where: { $0.base.difference != nil }),
          let (a, b) = mask.base.difference, let name = a.onlyVariable
        else { continue }
        let rest = Product(Product(body).factors.filter { $0 != mask }).formula
        let one = rest.substituting([name: b])
        let at = sum.terms.firstIndex { $0.isNegative == term.isNegative && $0.formula.isSame(as: one) }
        guard let at else { continue }
        sum.terms[i].formula = .fold(.sum, variables, rest)
        sum.terms.remove(at: at)
        return sum.formula
      }
      return nil
    }
  }

  /// `Y[i,%]` and `δ(%,c)`, from the case `Y[i,c] == 1`.
  func hot(_ name: String) -> (entry: IndexFormula, delta: IndexFormula)? {
    for case .binary(.equal, .entry(.name(name), var index), 1) in scope.conditions
      + earlier.flatMap(\.conditions)
    {
      let at = index.lastIndex { !scope.hidden.contains($0.onlyVariable ?? "") } ?? 0
      let c = index[at]
      index[at] = .variable("%")
      return (.entry(.name(name), index), .delta(index[at], c))
    }
    return nil
  }

  // MARK: Cases

  mutating func byCases() -> [Prose]? {
    everywhere { part, said in
      var whole = Product(part)
      let outside = whole.factors.filter { if case .delta = $0.base { true } else { false } }
      whole.factors.removeAll { outside.contains($0) }
      var found: (Index, Index)?
      _ = whole.formula.contains {
        if case .delta(let a, let b) = $0 { found = (a, b) }
        return found != nil
      }
      guard let (a, b) = found, let name = b.onlyVariable, part.isProduct else { return nil }
      let delta = IndexFormula.delta(a, b)
      func with(_ value: IndexFormula) -> IndexFormula {
        whole.formula.rewriting { $0 == delta ? value : nil }.tidied
      }
      said.append("case \(name) = \(a.text), case \(name) ≠ \(a.text)")
      var cases = Sum(delta * with(1).substituting([name: a]))
      cases.append((1 - delta) * with(0))
      return Product(outside + [.init(cases.formula)]).formula
    }
  }

  mutating func bothCases() -> [Prose]? {
    let scope = scope
    if earlier.count > 1, formula.isSame(as: earlier[earlier.count - 1].left),
      let (a, b) = earlier[earlier.count - 1].conditions.compactMap(\.difference).first
    {
      let (equal, other) = (earlier[earlier.count - 2].right, earlier[earlier.count - 1].right)
      formula = Self.joined(equal, other, .delta(b, a))
      return ["both cases: δ(\(b.text),\(a.text)) = 1 where \(b.text) = \(a.text), 0 elsewhere"]
    }
    return everywhere { part, said in
      guard part.isSum else { return nil }
      let terms = Sum(part).terms.map { Product($0.isNegative ? $0.formula.negated : $0.formula) }
      for (i, term) in terms.enumerated() {
        for case .delta(let a, let b) in term.factors.map(\.base) {
          let rest = Product.Factor(1 - .delta(a, b))
          guard terms.count == 2, var other = Optional(terms[1 - i]), other.factors.contains(rest) else {
            continue
          }
          var equal = term
          equal.factors.removeAll { $0.base == .delta(a, b) }
          other.factors.removeAll { $0 == rest }
          said.append(
            "both cases in one: \(scope.text(.position(b))) is \(scope.text(.position(a))) where δ = 1")
          return Self.joined(equal.formula, other.formula, .delta(a, b))
        }
      }
      return nil
    }
  }

  /// One formula where δ is 1, another where it is 0: what they share, and of the rest each under its case.
  static func joined(
    _ equal: IndexFormula, _ other: IndexFormula, _ delta: IndexFormula
  ) -> IndexFormula {
    guard case .delta(let a, let b) = delta, let name = b.onlyVariable else { return equal }
    var rest = Sum(equal.rewriting { $0.multipliedOut }).terms
    var result = Sum()
    for term in Sum(other.rewriting { $0.multipliedOut }).terms {
      let there = term.formula.substituting([name: a])
      let at = rest.firstIndex { $0.isNegative == term.isNegative && $0.formula.isSame(as: there) }
      if let at { rest.remove(at: at) }
      result.append(at == nil ? term.formula * (1 - delta) : term.formula, negative: term.isNegative)
    }
    for term in rest { result.append(term.formula * delta, negative: term.isNegative) }
    return result.formula.tidied
  }
}
