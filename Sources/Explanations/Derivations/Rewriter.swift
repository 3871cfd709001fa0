import Formulas
import LinearAlgebra
import Operations

/// Takes the steps of a route, one after the other: each makes the next formula from the one at hand, and says why
/// the two are equal. A step that changes nothing is an error of the route.
struct Rewriter {
  typealias Result = (left: IndexFormula, conditions: [IndexFormula], right: IndexFormula)

  let scope: Scope
  var formula: IndexFormula
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
  mutating func everywhere(
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
