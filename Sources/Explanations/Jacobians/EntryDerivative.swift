import Formulas
import LinearAlgebra
import Operations

/// One term of ∂A[i,j]/∂B[k,l]: a coefficient where some indices are equal, 0 elsewhere, summed over what is left of
/// the sums in A.
package struct DeltaTerm: Sendable {
  package struct Delta: Hashable, Sendable {
    package let a: Index
    package let b: Index
  }

  package var coefficient: IndexFormula
  package var deltas: [Delta]
  package var sums: [IndexFormula.Variable] = []

  /// `Σ_p A1[i,p]·δ(j,l)`.
  package var formula: IndexFormula {
    let product = deltas.reduce(coefficient) { .product($0, .delta($1.a, $1.b)) }
    return .sum(sums, product)
  }
}

/// Differentiates an entry's formula by an entry of a named value: the rules of one variable, and
/// ∂B[p,q]/∂B[k,l] = δ(p,k)·δ(q,l).
struct EntryDerivative {
  let name: String
  let target: [Index]
  /// Extents of the variables of both indices.
  let extents: [String: Int]
  /// The whole formula, and the value's own entry for it: tanh(Z1[i,j]) is A1[i,j].
  let whole: (formula: IndexFormula, entry: IndexFormula)
  var expander: IndexExpansion

  /// Nil where there is no formula with deltas: the largest of several, positions of a reshape.
  mutating func terms(of formula: IndexFormula) throws(Diagnostic) -> [DeltaTerm]? {
    switch formula {
    case .number, .delta, .position, .count, .local: return []
    case .entry(let expression, let index): return try entry(expression, index)
    case .negative(let a): return try terms(of: a)?.map { $0.mapCoefficient { .negative($0) } }
    case .binary(let operation, let a, let b): return try binary(operation, a, b)
    case .call(let f, let a):
      guard let inner = try terms(of: a) else { return nil }
      let value = formula == whole.formula ? whole.entry : formula
      guard let operation = Operation.of(f), let slope = operation.slope(at: "u", value: "v"),
        let slope = Self.bound(slope, u: a, v: value)
      else { return nil }
      return inner.map { $0.mapCoefficient { .product(slope, $0) } }
    case .choice(let kind, let parts): return try choice(kind, parts)
    case .fold(.argmax, _, _): return []
    case .fold(.sum, let variables, let body):
      guard let inner = try terms(of: body) else { return nil }
      return inner.compactMap { summed($0, over: variables) }
    case .terms(let parts):
      var result: [DeltaTerm] = []
      for part in parts {
        guard let inner = try terms(of: part) else { return nil }
        result += inner
      }
      return result
    case .fold(.max, _, _), .fold(.min, _, _), .letting, .partial, .difference: return nil
    }
  }

  private mutating func entry(
    _ expression: Expression, _ index: [Index]
  ) throws(Diagnostic) -> [DeltaTerm]? {
    if expression == .name(name) {
      guard index.count == target.count else { return nil }
      let deltas = zip(index, target).filter { $0 != $1 }.map { DeltaTerm.Delta(a: $0, b: $1) }
      return [DeltaTerm(coefficient: .number(1), deltas: deltas)]
    }
    guard expression.contains(name: name) else { return [] }
    guard let call = OperationCall(expression), let z = call.operands.first else { return nil }
    if call.operation === Operation.detach { return [] }
    // By the partial derivatives that the operation states: ∂softmax(z)[j]/∂z[q] = S[j]·(δ(j,q) - S[q]).
    let shape = try expander.shape(z)
    let usual = call.operation.signature.options.first { $0.name == "axis" }.flatMap { Int($0.usual) }
    guard let asked = call.options.axes ?? usual.map({ [$0] }) else { return nil }
    let axes = asked.compactMap { shape.axis($0) }
    // Of a value that has lost the axis, its own index says nothing of the operand's.
    guard axes.count == asked.count, index.count == shape.rank else { return nil }
    let value = expander.named[expression].map(Expression.name) ?? expression
    var moved: [IndexFormula.Variable] = []
    var reading = index
    for axis in axes {
      let q = expander.fresh("q", shape.dimensions[axis])
      reading[axis] = .variable(q.name)
      moved.append(q)
    }
    guard let inner = try terms(of: expander.expand(z, reading)),
      let slope = try call.operation.partialEntry(
        of: value, operand: z, axes: axes, at: index, moved.map { .variable($0.name) })
    else { return nil }
    return inner.compactMap { summed($0.mapCoefficient { .product(slope, $0) }, over: moved) }
  }

  private mutating func binary(
    _ operation: BinaryOperator, _ a: IndexFormula, _ b: IndexFormula
  ) throws(Diagnostic) -> [DeltaTerm]? {
    if operation.isComparison { return [] }
    guard let left = try terms(of: a), let right = try terms(of: b) else { return nil }
    switch operation {
    case .add: return left + right
    case .subtract: return left + right.map { $0.mapCoefficient { .negative($0) } }
    case .multiply, .matrixProduct:
      return left.map { $0.mapCoefficient { .product($0, b) } }
        + right.map { $0.mapCoefficient { .product(a, $0) } }
    case .divide:
      return left.map { $0.mapCoefficient { .binary(.divide, $0, b) } }
        + right.map {
          $0.mapCoefficient {
            .negative(.binary(.divide, .product(a, $0), .binary(.power, b, .number(2))))
          }
        }
    case .power:
      guard right.isEmpty else { return nil }
      let power: IndexFormula =
        b == .number(2)
        ? a
        : .binary(
          .power, a,
          b.numberValue.map { .number($0 == 0 ? 0 : $0 - 1) }
            ?? .binary(.subtract, b, .binary(.notEqual, b, .number(0))))
      return left.map { $0.mapCoefficient { .product(.product(b, power), $0) } }
    case .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual: return []
    }
  }

  private mutating func choice(
    _ kind: IndexFormula.Choice, _ parts: [IndexFormula]
  ) throws(Diagnostic) -> [DeltaTerm]? {
    func where_(_ terms: [DeltaTerm]?, _ conditions: IndexFormula...) -> [DeltaTerm]? {
      terms?.map { term in
        conditions.reduce(term) { term, condition in term.mapCoefficient { .product($0, condition) } }
      }
    }
    switch (kind, parts.count) {
    case (.max, 2), (.min, 2):
      let (a, b) = (parts[0], parts[1])
      let isMaximum = kind == .max
      // Equal ones share.
      func share(_ x: IndexFormula, _ y: IndexFormula) -> IndexFormula {
        .binary(isMaximum ? .greater : .less, x, y) + .binary(.equal, x, y) / 2
      }
      let first = where_(try terms(of: a), share(a, b))
      let second = where_(try terms(of: b), share(b, a))
      guard let first, let second else { return nil }
      return first + second
    case (.where, 3):
      let first = where_(try terms(of: parts[1]), .binary(.notEqual, parts[0], .number(0)))
      let second = where_(try terms(of: parts[2]), .binary(.equal, parts[0], .number(0)))
      guard let first, let second else { return nil }
      return first + second
    case (.clip, 3):
      return where_(
        try terms(of: parts[0]), .binary(.greater, parts[0], parts[1]),
        .binary(.less, parts[0], parts[2]))
    default: return nil
    }
  }

  /// Σ over variables of a term: a variable that a delta ties to another index disappears with that delta. Nil when
  /// the term is 0.
  private func summed(_ term: DeltaTerm, over variables: [IndexFormula.Variable]) -> DeltaTerm? {
    var term = term
    var open = variables + term.sums
    term.sums = []
    var isProgressing = true
    while isProgressing {
      isProgressing = false
      for (position, variable) in open.enumerated() where eliminate(variable, from: &term) {
        open.remove(at: position)
        isProgressing = true
        break
      }
    }
    for variable in open {
      let isUsed =
        term.coefficient.contains(variable: variable.name)
        || term.deltas.contains { $0.a.factors[variable.name] != nil || $0.b.factors[variable.name] != nil }
      if isUsed {
        term.sums.append(variable)
      } else if variable.extent != 1 {
        term.coefficient = .product(term.coefficient, .number(Double(variable.extent)))
      }
    }
    var deltas: [DeltaTerm.Delta] = []
    for delta in term.deltas where delta.a != delta.b && !deltas.contains(delta) {
      if delta.a.fixed != nil, delta.b.fixed != nil { return nil }
      deltas.append(delta)
    }
    term.deltas = deltas
    return term
  }

  private func eliminate(_ variable: IndexFormula.Variable, from term: inout DeltaTerm) -> Bool {
    for (position, delta) in term.deltas.enumerated() {
      var rest = delta.a - delta.b
      guard let factor = rest.factors[variable.name], factor.magnitude == 1 else { continue }
      rest.factors[variable.name] = nil
      let solution = rest.scaled(by: -factor)
      let isWithin =
        solution.onlyVariable.map { extents[$0] == variable.extent }
        ?? solution.fixed.map { (0..<variable.extent).contains($0) } ?? false
      // Outside of the variable's range a factor that it indexes by itself is 0, and so is the product. Not so a part of a
      // sum: there the delta stays.
      guard isWithin || term.coefficient.outside(variable) == .zero else { continue }
      term.deltas.remove(at: position)
      term.deltas = term.deltas.map {
        .init(
          a: $0.a.substituting(variable.name, with: solution),
          b: $0.b.substituting(variable.name, with: solution))
      }
      term.coefficient = term.coefficient.mapIndices { $0.substituting(variable.name, with: solution) }
      return true
    }
    return false
  }

  /// The formula of a slope with u and v replaced.
  private static func bound(_ expression: Expression, u: IndexFormula, v: IndexFormula) -> IndexFormula? {
    switch expression {
    case .number(let value): return .number(value)
    case .name(let name): return name == "u" ? u : name == "v" ? v : nil
    case .negative(let a): return bound(a, u: u, v: v).map { .negative($0) }
    case .binary(let operation, let a, let b):
      guard operation != .matrixProduct, let a = bound(a, u: u, v: v), let b = bound(b, u: u, v: v) else {
        return nil
      }
      return operation == .multiply ? .product(a, b) : .binary(operation, a, b)
    case .call(let f, let arguments, _):
      guard Operation.of(f)?.slope != nil else { return nil }
      return arguments.first.flatMap { bound($0, u: u, v: v) }.map { .call(f, $0) }
    case .list, .transpose, .derivative, .index: return nil
    }
  }
}

extension DeltaTerm {
  /// Factors of the coefficient that are deltas stand with the other deltas: what eye(n) multiplies is diagonal.
  var promotingDeltas: DeltaTerm {
    var result = self
    func rest(_ formula: IndexFormula) -> IndexFormula {
      switch formula {
      case .delta(let a, let b):
        result.deltas.append(Delta(a: a, b: b))
        return 1
      case .binary(.multiply, let a, let b):
        let left = rest(a)
        return .product(left, rest(b))
      case .binary(.divide, let a, let b): return .binary(.divide, rest(a), b)
      case .negative(let a): return .negative(rest(a))
      default: return formula
      }
    }
    result.coefficient = rest(coefficient)
    return result
  }

  fileprivate func mapCoefficient(_ transform: (IndexFormula) -> IndexFormula) -> DeltaTerm {
    DeltaTerm(coefficient: transform(coefficient), deltas: deltas, sums: sums)
  }
}

extension IndexFormula {
  fileprivate var numberValue: Double? { if case .number(let value) = self { value } else { nil } }

  /// What a formula is where a variable is outside of its range, and the entries that it indexes by itself read as 0.
  fileprivate enum Outside { case zero, aNumber, perhapsWithoutEnd }

  /// A quotient by such an entry, and a function of one, may be without end.
  fileprivate func outside(_ variable: Variable) -> Outside {
    guard contains(variable: variable.name) else { return .aNumber }
    switch self {
    case .entry(_, let index): return index.contains { $0.onlyVariable == variable.name } ? .zero : .aNumber
    case .delta, .position: return .aNumber
    case .negative(let a), .fold(.sum, _, let a): return a.outside(variable)
    case .binary(.divide, let a, let b) where !b.contains(variable: variable.name): return a.outside(variable)
    case .binary(.power, let a, .number(let n)) where n > 0: return a.outside(variable)
    case .binary(.divide, _, _), .binary(.power, _, _): return .perhapsWithoutEnd
    case .binary(let operation, let a, let b):
      let parts = [a.outside(variable), b.outside(variable)]
      if parts.contains(.perhapsWithoutEnd) { return .perhapsWithoutEnd }
      return operation == .multiply && parts.contains(.zero) ? .zero : .aNumber
    default: return .perhapsWithoutEnd
    }
  }
}
