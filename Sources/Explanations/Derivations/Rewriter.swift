import Formulas
import LinearAlgebra
import Operations

/// Takes the steps of a route, one after the other: each makes the next formula from the one at hand, and says why
/// the two are equal. A step that changes nothing is an error of the route.
struct Rewriter {
  typealias Result = (left: IndexFormula, conditions: [IndexFormula], right: IndexFormula)

  let scope: Scope
  private(set) var formula: IndexFormula
  /// Formulas of the lines so far, the left side first.
  private var lines: [IndexFormula]
  /// The results above.
  var earlier: [Result] = []
  /// What another derivation has found.
  var lemma: (String, String?) throws(Diagnostic) -> (left: IndexFormula, right: IndexFormula)? = { _, _ in
    nil
  }
  /// The gradient as the backward pass writes it, and that in index form.
  var written: () throws(Diagnostic) -> (line: IndexFormula, formula: IndexFormula)? = { nil }
  /// An operation, and its definition at the operand at hand.
  var operation: (String) -> (name: IndexFormula, definition: IndexFormula, match: Match)? = { _ in nil }
  var sumsToOne: (String) -> Bool = { _ in true }
  /// What a name of the definition is called here.
  var named: (String) -> String = { $0 }

  init(_ left: IndexFormula, _ scope: Scope) {
    self.scope = scope
    formula = left
    lines = [left]
  }

  /// The next line; nil where the numbers at hand do not allow it, which ends the derivation.
  mutating func line(_ steps: [Route.Step]) throws(Diagnostic) -> (formula: IndexFormula, reason: Prose)? {
    var reasons: [Prose] = []
    for step in steps {
      if case .sumsToOne(let name) = step, !sumsToOne(named(name)) { return nil }
      if case .recognised(let name) = step, Operation.named(name) != nil, operation(name) == nil {
        return nil
      }
      guard let said = try apply(step) else {
        throw Diagnostic("the step \(String(describing: step)) does not apply to \(scope.text(formula))")
      }
      for reason in said where !reason.isEmpty && !reasons.contains(reason) { reasons.append(reason) }
    }
    lines.append(formula)
    return (formula, reasons.joined(separator: "; "))
  }

  /// A rule wherever it applies, with what it says; nil where it applies nowhere.
  private mutating func everywhere(
    _ reason: Prose = "", _ rule: (IndexFormula, inout [Prose]) -> IndexFormula?
  ) -> [Prose]? {
    var said: [Prose] = []
    var hits = 0
    let result = formula.tidied.rewriting { part in
      var own: [Prose] = []
      guard let result = rule(part, &own), result != part else { return nil }
      hits += 1
      said += own
      return result
    }
    guard hits > 0 else { return nil }
    formula = result
    return reason.isEmpty ? said : [reason]
  }

  /// One formula for another of the same form.
  private mutating func replace(
    _ left: IndexFormula, _ right: IndexFormula, _ match: Match, _ reason: (Match, IndexFormula) -> Prose
  ) -> [Prose]? {
    let pattern = Product(left).joined.product
    return everywhere { part, said in
      guard part.isProduct, left.isProduct else {
        let found = match.matched(left, part)
        let result = found.map { $0.filled(right) }
        if let found, let result { said.append(reason(found, result)) }
        return result
      }
      // Some factors of many, as often as they occur.
      var whole = Product(part).joined.product
      var isFound = false
      while true {
        var next: (match: Match, rest: Product)?
        _ = match.product(pattern, in: whole) { match, rest in
          next = (match, rest)
          return match
        }
        guard let (found, rest) = next else { break }
        let result = found.filled(right)
        said.append(reason(found, result))
        // Where the first of them stood.
        let bases = rest.factors.map(\.base)
        let at = whole.factors.firstIndex { !bases.contains($0.base) } ?? 0
        var product = Product(
          Array(rest.factors.prefix(at)), negative: whole.isNegative != pattern.isNegative)
        product.append(result)
        product.factors += rest.factors.dropFirst(at)
        whole = product
        isFound = true
        if rest.factors.isEmpty || match.values.isEmpty == false { break }
      }
      // A divisor that is left was not shared out.
      let isLeft = whole.factors.contains { factor in
        factor.exponent < 0
          && pattern.factors.contains { $0.exponent < 0 && match.matched($0.base, factor.base) != nil }
      }
      return isFound && !(isLeft && match.values.isEmpty)
        ? (match.values.isEmpty ? whole.joined.product : whole).formula : nil
    }
  }

  private mutating func apply(_ step: Route.Step) throws(Diagnostic) -> [Prose]? {
    let (scope, formula) = (scope, formula)
    switch step {
    case .maybe(let step): return try apply(step) ?? []
    case .definition(let name): return define(named(name))
    case .chainRule(let name): return chain(named(name))
    case .sameSample:
      let said = everywhere { part, said in
        guard case .partial(.entry(.name(let name), let at), let x, var index) = part else { return nil }
        var product = Product()
        let shared = scope.sharedAxes(name, x)
        for (a, b) in shared where at[a] != index[b] {
          product.append(.delta(index[b], at[a]))
          index[b] = at[a]
        }
        said.append(
          "another \(shared.count < index.count ? "sample's" : "entry of") \(name: x) does not enter")
        product.append(.partial(.entry(.name(name), at), by: x, index))
        return product.factors.count > 1 ? product.formula : nil
      }
      self.formula = self.formula.withoutDeltas.formula
      // A single sample has no others.
      return said ?? (formula.hasSamples(scope) ? nil : [])
    case .rules(let rules):
      return everywhere { part, said in
        guard case .partial(let a, let x, let index) = part else { return nil }
        var differentiator = Differentiator(scope, by: x, index, rules, letters: formula.letters)
        let result = differentiator.derivative(a)
        let reasons = differentiator.reasons + (scope.depends(a, on: x) ? [] : ["\(name: x) is not in it"])
        said += reasons.isEmpty ? ["a constant factor stays before the derivative"] : reasons
        return result
      }
    case .workedOut:
      return everywhere { part, said in
        guard case .partial(.entry(let y, let at), let x, let index) = part else { return nil }
        var differentiator = Differentiator(
          scope, by: x, index, [.all, .definition], letters: formula.letters)
        let result = differentiator.derivative(.entry(y, at)).withoutDeltas.formula
        said.append("\(scope.text(part)) = \(scope.text(result))\(Self.phrase(result, y, at, x, index))")
        return result
      }
    case .logarithmic:
      return everywhere("∂log(u) = ∂u / u, and so ∂u = u·∂log(u)") { part, _ in
        guard case .partial(let a, let x, let index) = part, case .entry = a else { return nil }
        return a * .partial(.call("log", a), by: x, index)
      }
    case .known(let name, let route):
      guard let (left, right) = try lemma(name, route) else { return nil }
      let letters = left.freeVariables
      let body = right.renamingBound(avoiding: formula.letters.union(letters))
      let said = replace(left, body, Match(letters: letters)) { _, _ in
        "'derive \(name)\(route.map { " " + $0 } ?? "")'"
      }
      self.formula = self.formula.decided(scope)
      return said
    case .outOfSum:
      return everywhere("a sum of derivatives is the derivative of the sum") { part, _ in
        guard case .fold(.sum, let variables, .partial(let a, let x, let index)) = part else { return nil }
        return .partial(.fold(.sum, variables, a), by: x, index)
      }
    case .moved(let c): return move(named(c))
    case .differences(let h):
      return everywhere("for any h, h = \(h) as well: it is linear in each single entry") { part, _ in
        guard case .partial(let a, let x, let index) = part else { return nil }
        return .difference(a, by: x, index, step: h)
      }
    case .coefficient:
      return everywhere { part, said in
        guard case .difference(let a, let x, let index, _) = part else { return nil }
        var differentiator = Differentiator(
          scope, by: x, index, [.all, .definition], letters: formula.letters)
        let result = differentiator.derivative(a).withoutDeltas.formula
        said.append("what stands before \(scope.text(.entry(.name(x), index)))")
        return scope.depends(result, on: x) ? nil : result
      }
    case .deltas:
      let (result, gone) = formula.tidied.withoutDeltas
      self.formula = result
      let words = gone.count == 1 ? "δ leaves " : "the deltas leave "
      return gone.isEmpty ? nil : ["\(words + gone.joined(separator: ", "))"]
    case .pulledOut: return everywhere("constant factors before the sum") { part, _ in part.pulledOut }
    case .apart(let letter): return apart(named(letter))
    case .together: return together()
    case .sumsToOne(let word):
      let name = named(word)
      return everywhere("the classes of \(name: name) sum to 1") { part, _ in
        guard case .fold(.sum, _, .entry(.name(name), _)) = part else { return nil }
        return 1
      }
    case .oneHot(let word):
      let name = named(word)
      guard let (entry, delta) = hot(name) else { return nil }
      return replace(entry, delta, Match(letters: ["%"])) {
        "\(name: name) is one-hot: \(scope.text($0.filled(entry))) = \(scope.text($1))"
      }
    case .targets(let word):
      let name = named(word)
      guard let (entry, delta) = hot(name) else { return nil }
      return replace(delta, entry, Match(letters: ["%"])) {
        "\(name: name) is one-hot: \(scope.text($1)) = \(scope.text($0.filled(delta)))"
      }
    case .above:
      guard let (left, _, right) = earlier.last else { return nil }
      return replace(left, right, Match(letters: left.freeVariables)) { _, _ in "from above" }
    case .byCases: return byCases()
    case .bothCases: return bothCases()
    case .identity(let text, let words):
      let names = Set(text.filter(\.isLetter).map(String.init))
      let sides = try text.split(separator: "=", maxSplits: 1).map { (side) throws(Diagnostic) in
        try IndexFormulaParser.formula(String(side), values: names)
      }
      guard sides.count == 2 else { return nil }
      return replace(sides[0], sides[1], Match(values: names)) { match, _ in
        Self.filled(words ?? text) { match.formulas[$0].map(scope.text) ?? "" }
      }
    case .multipliedOut: return everywhere("multiplied out") { part, _ in part.multipliedOut }
    case .cancelled:
      return everywhere { part, said in
        guard part.isProduct else { return nil }
        let (product, gone) = Product(part).joined
        said += gone.map { "\(scope.text($0)) cancels" }
        return product.formula
      }
    case .recognised(let name):
      if let definition = scope.definition(of: named(name)) {
        let match = Match(letters: Set(definition.index.compactMap(\.onlyVariable)))
        return replace(definition.body, definition.left, match) { "\(scope.text($1)) recognised" }
      }
      guard let (own, definition, match) = operation(name) else { return nil }
      return replace(definition, own, match) { "\(scope.text($1)) by its definition" }
    case .again(let number):
      guard lines.indices.contains(number) else { return nil }
      self.formula = lines[number]
      return ["line \(number) again"]
    case .asWritten, .byShape:
      guard let (line, expanded) = try written(),
        step == .byShape || expanded.tidied.isSame(as: formula.tidied)
      else { return nil }
      self.formula = line
      return [step == .byShape ? "the product of this shape, see below" : "as the backward pass writes it"]
    }
  }

  /// `one {c} under each` with what stands for c.
  private static func filled(_ words: String, _ value: (String) -> Prose) -> Prose {
    var result = Prose()
    for (i, part) in words.split(separator: "{", omittingEmptySubsequences: false).enumerated() {
      let sides = part.split(separator: "}", maxSplits: 1, omittingEmptySubsequences: false)
      result += i == 0 ? "\(part)" : "\(value(String(sides[0])))\(sides.last ?? "")"
    }
    return result
  }

  // MARK: Derivatives

  private mutating func define(_ name: String) -> [Prose]? {
    let (scope, used) = (scope, formula.letters)
    func unfold(_ part: IndexFormula) -> IndexFormula? {
      guard case .entry(.name(name), let index) = part else { return nil }
      return scope.body(of: name, at: index, avoiding: used)
    }
    let isInside = formula.contains { if case .partial = $0 { true } else { false } }
    return everywhere("the definition") { part, _ in
      guard isInside else { return unfold(part) }
      guard case .partial(let a, let x, let index) = part else { return nil }
      return .partial(a.rewriting(unfold), by: x, index)
    }
  }

  private mutating func chain(_ name: String) -> [Prose]? {
    let scope = scope
    var letters = formula.letters
    guard let y = scope.definition(of: name), let extents = scope.extents[name] else { return nil }
    return everywhere("chain rule over every entry of \(name: name)") { part, _ in
      guard case .partial(let loss, let x, let index) = part, case .entry(.name(let top), _) = loss,
        top != name,
        scope.depends(name, on: x), scope.depends(loss, on: name)
      else { return nil }
      var variables: [IndexFormula.Variable] = []
      let at = zip(y.index, extents).map { item, extent -> Index in
        guard let letter = item.onlyVariable else { return item }
        let fresh = letters.contains(letter) ? IndexLetters.fresh(avoiding: letters) : letter
        letters.insert(fresh)
        variables.append(.init(name: fresh, extent: extent))
        return .variable(fresh)
      }
      var first = IndexFormula.partial(loss, by: name, at)
      if let arriving = scope.arriving, arriving.loss == top, arriving.value == name {
        first = .entry(.name(arriving.gradient), at)
      }
      return .sum(variables, first * .partial(.entry(.name(name), at), by: x, index))
    }
  }

  private mutating func move(_ c: String) -> [Prose]? {
    let scope = scope
    return everywhere { part, said in
      guard case .fold(.sum, let variables, .partial(let a, let x, let index)) = part,
        let variable = variables.first,
        let axis = index.firstIndex(where: { $0.onlyVariable == variable.name }),
        !a.contains(variable: variable.name)
      else { return nil }
      var isWhole = variables.count == 1
      let result = a.rewriting { inner in
        guard case .entry(.name(let name), let own) = inner, scope.depends(name, on: x) else { return nil }
        // All entries that are summed over, and nothing that is made from them.
        isWhole = isWhole && name == x && own.indices.allSatisfy { $0 == axis || own[$0] == index[$0] }
        return inner + .entry(.name(c), [])
      }
      said.append("every \(scope.text(.entry(.name(x), index))) moved by the same \(name: c)")
      return isWhole ? .partial(result, by: c, []) : nil
    }
  }

  /// What a δ between an axis of a value and one of another says: "column l of B only makes column l of C".
  private static func phrase(
    _ result: IndexFormula, _ y: Expression, _ at: [Index], _ x: String, _ index: [Index]
  ) -> Prose {
    let deltas = Product(result).factors.compactMap { factor -> (Index, Index)? in
      if case .delta(let a, let b) = factor.base { (a, b) } else { nil }
    }
    guard deltas.count == 1, let (a, b) = deltas.first, at.count == 2, index.count == 2,
      let own = index.firstIndex(of: b), let other = at.firstIndex(of: a)
    else { return "" }
    let words = ["row", "column"]
    return ": \(words[own]) \(b.text) of \(name: x) only makes \(words[other]) \(b.text) of \(y)"
  }

  // MARK: Sums

  private mutating func apart(_ letter: String) -> [Prose]? {
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

  private mutating func together() -> [Prose]? {
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
  private func hot(_ name: String) -> (entry: IndexFormula, delta: IndexFormula)? {
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

  private mutating func byCases() -> [Prose]? {
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

  private mutating func bothCases() -> [Prose]? {
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
  private static func joined(
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

extension IndexFormula {
  /// Whether a value that is differentiated has an axis of samples.
  fileprivate func hasSamples(_ scope: Scope) -> Bool {
    contains {
      if case .partial(.entry(.name(let name), _), let x, _) = $0 {
        !scope.sharedAxes(name, x).isEmpty
      } else {
        false
      }
    }
  }

  /// δ that the case decides, or a sum that leaves one index out.
  fileprivate func decided(_ scope: Scope) -> IndexFormula {
    rewriting { part in
      if case .delta(let a, let b) = part { return scope.areEqual(a, b).map { $0 ? 1 : 0 } }
      guard case .fold(.sum, let variables, let body) = part else { return nil }
      var inner = scope
      inner.conditions += Product(body).factors.map(\.base).filter { $0.difference != nil }
      guard inner.conditions.count > scope.conditions.count else { return nil }
      let own = body.rewriting {
        if case .delta(let a, let b) = $0 { inner.areEqual(a, b).map { $0 ? 1 : 0 } } else { nil }
      }.tidied
      let sum = IndexFormula.fold(.sum, variables, Product(Product(own).factors).formula)
      return Product(own).isNegative ? sum.negated : sum
    }.tidied
  }
}
