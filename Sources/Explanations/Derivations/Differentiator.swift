import Formulas
import Operations

/// ∂(formula)/∂(entry of a value), by the rules that may be used; what they leave undone stays a ∂. Keeps what it has
/// used, in words.
struct Differentiator {
  private let scope: Scope
  private let name: String
  private let target: [Index]
  private let rules: Route.Rules
  /// Letters that are taken.
  private var letters: Set<String>
  private var notes: [(text: Prose, isRule: Bool)] = []

  init(_ scope: Scope, by name: String, _ target: [Index], _ rules: Route.Rules, letters: Set<String>) {
    self.scope = scope
    self.name = name
    self.target = target
    self.rules = rules
    self.letters = letters
  }

  var reasons: [Prose] { notes.map(\.text) }

  private mutating func note(_ text: Prose, isRule: Bool = true) {
    if !notes.contains(where: { $0.text == text }) { notes.append((text, isRule)) }
  }

  private func open(_ formula: IndexFormula) -> IndexFormula { .partial(formula, by: name, target) }

  private func isMoving(_ formula: IndexFormula) -> Bool { scope.depends(formula, on: name) }

  mutating func derivative(_ formula: IndexFormula) -> IndexFormula {
    guard isMoving(formula) else { return 0 }
    if formula.isSum {
      guard rules.contains(.linear) else { return open(formula) }
      let parts = Sum(formula).map { derivative($0) }
      return Sum(parts.terms.filter { $0.formula != 0 }).formula
    }
    if formula.isProduct { return product(Product(formula), formula) }
    switch formula {
    case .entry(.name(let name), let index): return entry(name, index, formula)
    case .fold(.sum, let variables, let body) where rules.contains(.linear):
      note("a derivative goes into a sum", isRule: false)
      let inner = derivative(body)
      return inner == 0 ? 0 : .fold(.sum, variables, inner)
    case .call(let f, let u) where rules.contains(.function):
      guard let slope = Operation.of(f)?.slopeFormula(of: u, value: formula) else { return open(formula) }
      let example = Operation.of(f)?.slopeFormula(of: .local("u"), value: .call(f, .local("u"))) ?? 0
      note("∂\(f.name)(u) = \(scope.text(Self.chained(example, .local("∂u"))))")
      return Self.chained(slope, derivative(u))
    case .binary(.power, let u, let n) where rules.contains(.function):
      if isMoving(n) {
        note("∂u**v = u**v·log(u)·∂v")
        return isMoving(u) ? open(formula) : Self.times([formula, .call("log", u), derivative(n)])
      }
      note("∂u**n = n·u**(n - 1)·∂u")
      let less = n.number.map { .number($0 == 0 ? 0 : $0 - 1) } ?? n - 1
      return Self.times([n, .binary(.power, u, less), derivative(u)])
    case .binary(let operation, _, _) where operation.isComparison:
      note("a comparison is a step: its slope is 0")
      return 0
    case .fold(.argmax, _, _):
      note("a position is a step: its slope is 0")
      return 0
    case .fold(let kind, let variables, let body) where rules.contains(.function):
      return extremum(kind, variables, body, formula)
    case .choice(let kind, let parts) where rules.contains(.function):
      return choice(kind, parts) ?? open(formula)
    default: return open(formula)
    }
  }

  /// A product without factors 1, 0 where one is 0.
  private static func times(_ parts: [IndexFormula]) -> IndexFormula {
    var result = Product()
    for part in parts { result.append(part) }
    return result.factors.contains(.init(0)) ? 0 : result.formula
  }

  /// f′(u)·∂u, written ∂u / u where the slope is 1 / u.
  private static func chained(_ slope: IndexFormula, _ inner: IndexFormula) -> IndexFormula {
    let isFraction = Product(slope).factors.allSatisfy { $0.exponent < 0 || $0.base == 1 }
    return times(isFraction ? [inner, slope] : [slope, inner])
  }

  // MARK: Products

  private mutating func product(_ whole: Product, _ formula: IndexFormula) -> IndexFormula {
    let moving = whole.factors.indices.filter { isMoving(whole.factors[$0].base) }
    if moving.contains(where: { whole.factors[$0].exponent < 0 }) { return quotient(whole, formula) }
    guard moving.count > 1 else { return constantTimes(whole, moving[0], formula) }
    guard rules.contains(.product) else { return open(formula) }
    note("product rule")
    var result = Sum()
    for i in moving { result.append(constantTimes(whole, i, formula)) }
    return Sum(result.terms.filter { $0.formula != 0 }).formula
  }

  private mutating func constantTimes(_ whole: Product, _ i: Int, _ formula: IndexFormula) -> IndexFormula {
    let factor = whole.factors[i]
    guard rules.contains(factor.exponent == 1 ? .linear : .function) else { return open(formula) }
    var result = whole
    let inner = derivative(factor.base)
    if factor.exponent == 1 {
      result.factors[i].base = inner
      constants(whole.factors)
    } else {
      let n = factor.exponent
      let rule = Product([.init(.number(Double(n))), .init(.local("u"), n - 1), .init(.local("∂u"))]).formula
      note("∂\(scope.text(Product([.init(.local("u"), n)]).formula)) = \(scope.text(rule))")
      result.factors[i].exponent -= 1
      result.factors.insert(.init(.number(Double(n))), at: i)
      result.append(inner)
    }
    return inner == 0 ? 0 : result.formula
  }

  /// Values that stand before a derivative are said to be constant.
  private mutating func constants(_ factors: [Product.Factor]) {
    for case .entry(.name(let name), let index) in factors.map(\.base) where !index.isEmpty {
      if name != self.name, name != scope.arriving?.gradient, scope.definition(of: name) == nil {
        note("\(name: name) is constant", isRule: false)
      }
    }
  }

  private mutating func quotient(_ whole: Product, _ formula: IndexFormula) -> IndexFormula {
    guard rules.contains(.quotient) else { return open(formula) }
    note("quotient rule")
    let below = whole.factors.filter { $0.exponent < 0 && isMoving($0.base) }
    let constant = whole.factors.filter { $0.exponent < 0 && !isMoving($0.base) }
    let a = Product(whole.factors.filter { $0.exponent > 0 }).formula
    let b = Product(below.map { .init($0.base, -$0.exponent) }).formula
    let (da, db) = (derivative(a), derivative(b))
    // A 0 of the first term is written: it is part of the rule.
    let numerator = Product(da * b).formula - Product(a * db).formula
    var result = Product([.init(numerator)], negative: whole.isNegative)
    result.append(b, -2)
    result.factors += constant
    return result.formula
  }

  // MARK: Entries

  private mutating func entry(_ name: String, _ index: [Index], _ formula: IndexFormula) -> IndexFormula {
    if name == self.name {
      guard rules.contains(.entry) else { return open(formula) }
      var result: [IndexFormula] = []
      for (a, b) in zip(index, target) {
        result.append(scope.areEqual(a, b).map { $0 ? 1 : 0 } ?? .delta(a, b))
      }
      let delta = Self.times(result)
      note("\(scope.text(open(formula))) = \(scope.text(delta))", isRule: false)
      return delta
    }
    guard rules.contains(scope.parts.contains(name) ? .part : .definition),
      let body = scope.body(of: name, at: index, avoiding: letters)
    else {
      return open(formula)
    }
    letters.formUnion(body.letters)
    let before = notes.count
    let (left, gone) = derivative(body).withoutDeltas
    if !gone.isEmpty {
      // One term of a sum is said in one sentence.
      notes = notes.enumerated().filter { $0.0 < before || $0.1.isRule }.map(\.1)
      note("only one term of \(scope.text(formula)) has \(scope.text(.entry(.name(self.name), target)))")
    }
    return left
  }

  // MARK: Choices

  private mutating func choice(_ kind: IndexFormula.Choice, _ parts: [IndexFormula]) -> IndexFormula? {
    switch (kind, parts.count) {
    case (.max, 2), (.min, 2):
      note(
        "the \(kind == .max ? "larger" : "smaller") one alone counts\(scope.hasKinks ? "" : "; equal ones share")"
      )
      var result = Sum()
      for (x, y) in [(parts[0], parts[1]), (parts[1], parts[0])] where isMoving(x) {
        let wins = IndexFormula.binary(kind == .max ? .greater : .less, x, y)
        let share = scope.hasKinks ? wins : wins + .binary(.equal, parts[0], parts[1]) / 2
        result.append(Self.times([share, derivative(x)]))
      }
      return result.formula
    case (.where, 3):
      note("each case for itself")
      let (condition, a, b) = (parts[0], derivative(parts[1]), derivative(parts[2]))
      if a != 0, b != 0 { return .choice(.where, [condition, a, b]) }
      guard case .binary(let operation, _, _) = condition, operation.isComparison else {
        return b == 0
          ? Self.times([.binary(.notEqual, condition, 0), a])
          : Self.times([.binary(.equal, condition, 0), b])
      }
      return b == 0 ? Self.times([condition, a]) : Self.times([1 - condition, b])
    case (.clip, 3):
      note("between the bounds it is the entry itself, at them and beyond a constant")
      let inside = zip([BinaryOperator.greater, .less], parts.dropFirst()).map {
        IndexFormula.binary($0, parts[0], $1)
      }
      return Self.times([derivative(parts[0])] + inside)
    default: return nil
    }
  }

  /// The largest of several: the first that is it.
  private mutating func extremum(
    _ kind: IndexFormula.Fold, _ variables: [IndexFormula.Variable], _ body: IndexFormula,
    _ formula: IndexFormula
  ) -> IndexFormula {
    note("only the \(kind == .max ? "largest" : "smallest") entry counts; of equal ones the first")
    let signed = kind == .max ? body : .negative(body)
    let found = IndexFormula.fold(.argmax, variables, signed).renamingBound(avoiding: letters)
    letters.formUnion(found.letters)
    let place = variables.reduce(Index(0)) { $0.scaled(by: $1.extent) + .variable($1.name) }
    return .fold(
      .sum, variables, Self.times([.binary(.equal, found, .position(place)), derivative(body)]))
  }
}

extension Operation {
  /// f′(u) as it stands with the operation, in index form.
  func slopeFormula(of u: IndexFormula, value: IndexFormula) -> IndexFormula? {
    slope(at: "u", value: "v")?.formula(["u": u, "v": value])
  }
}

extension Expression {
  /// A formula of numbers alone in index form.
  func formula(_ names: [String: IndexFormula]) -> IndexFormula? {
    switch self {
    case .number(let value): return .number(value)
    case .name(let name): return names[name]
    case .negative(let a): return a.formula(names).map { .negative($0) }
    case .binary(let operation, let a, let b) where operation != .matrixProduct:
      return a.formula(names).flatMap { a in b.formula(names).map { .binary(operation, a, $0) } }
    case .call(let f, let arguments, _) where Operation.of(f)?.slope != nil:
      return arguments.first.flatMap { $0.formula(names) }.map { .call(f, $0) }
    case .binary, .call, .list, .transpose, .derivative, .index: return nil
    }
  }
}
