import Formulas
import LinearAlgebra
import Platform

/// Numbers in which an index formula can be evaluated: doubles, dual numbers.
package protocol IndexScalar: Sendable {
  init(_ value: Double)
  var value: Double { get }
  static func + (a: Self, b: Self) -> Self
  static func - (a: Self, b: Self) -> Self
  static func * (a: Self, b: Self) -> Self
  static func / (a: Self, b: Self) -> Self
  static prefix func - (a: Self) -> Self
  func raised(to exponent: Self) -> Self
  func applying(_ function: ScalarFunction) -> Self
  /// 1 where a comparison of two numbers holds, else 0.
  static func truth(_ holds: Bool, _ a: Self, _ b: Self) -> Self
  /// What was chosen, when another one was nearly chosen: always, or where a condition is in doubt.
  func chosen(over other: Self, if condition: Self?) -> Self
  /// The larger, or smaller, of two equal ones: the second, as the kernels and NumPy have it where only the sign of zero
  /// tells them apart. Not their mean: the sum of two large numbers overflows.
  static func meeting(_ a: Self, _ b: Self) -> Self
}

extension IndexScalar {
  package static func truth(_ holds: Bool, _ a: Self, _ b: Self) -> Self { Self(holds ? 1 : 0) }
  package func chosen(over other: Self, if condition: Self?) -> Self { self }
  package static func meeting(_ a: Self, _ b: Self) -> Self { b.chosen(over: a, if: nil) }
}

extension Double: IndexScalar {
  package var value: Double { self }
  package func raised(to exponent: Double) -> Double { exponent == 2 ? self * self : pow(self, exponent) }
  package func applying(_ function: ScalarFunction) -> Double { function.value(self) }
}

/// a + bε with ε² = 0: a value and its rate of change along one direction.
package struct Dual: IndexScalar {
  package let value: Double
  package let tangent: Double

  package init(_ value: Double) { self.init(value, 0) }
  package init(_ value: Double, _ tangent: Double) {
    self.value = value
    self.tangent = tangent
  }

  package static func + (a: Dual, b: Dual) -> Dual { Dual(a.value + b.value, a.tangent + b.tangent) }
  package static func - (a: Dual, b: Dual) -> Dual { Dual(a.value - b.value, a.tangent - b.tangent) }
  package static func * (a: Dual, b: Dual) -> Dual {
    Dual(a.value * b.value, a.tangent * b.value + a.value * b.tangent)
  }
  package static func / (a: Dual, b: Dual) -> Dual {
    let quotient = a.value / b.value
    return Dual(quotient, (a.tangent - quotient * b.tangent) / b.value)
  }
  package static prefix func - (a: Dual) -> Dual { Dual(-a.value, -a.tangent) }

  package func raised(to n: Dual) -> Dual {
    let power = value.raised(to: n.value)
    var tangent = 0.0
    if self.tangent != 0 { tangent += n.value == 0 ? 0 : n.value * pow(value, n.value - 1) * self.tangent }
    if n.tangent != 0 { tangent += value == 0 ? 0 : power * log(value) * n.tangent }
    return Dual(power, tangent)
  }

  /// Both have a share in it, so that their order does not matter.
  package static func meeting(_ a: Dual, _ b: Dual) -> Dual { Dual(b.value, (a.tangent + b.tangent) / 2) }

  package func applying(_ function: ScalarFunction) -> Dual {
    Dual(function.value(value), tangent == 0 ? 0 : function.derivative(value) * tangent)
  }
}

/// Index formula → number, at one choice of its free indices: sums from left to right, from 0, in the order in which
/// the matrices are computed. Made for the numbers in use: for all kinds at once, looking up what a kind is takes longer
/// than all that is computed.
package struct IndexEvaluator<Scalar: IndexScalar> {
  package typealias Indices = IndexNumbers
  /// The entry of a value at fixed indices; nil outside of its extents, where it counts as 0.
  private let entry: (Expression, [Int]) throws(Diagnostic) -> Scalar?
  /// What is still to be differentiated; formulas of operations have none.
  private let derivative: ((IndexFormula, Indices) throws(Diagnostic) -> Double)?

  package init(
    entry: @escaping (Expression, [Int]) throws(Diagnostic) -> Scalar?,
    derivative: ((IndexFormula, Indices) throws(Diagnostic) -> Double)? = nil
  ) {
    self.entry = entry
    self.derivative = derivative
  }

  @specialized(where Scalar == Double)
  @specialized(where Scalar == Dual)
  package func value(
    _ formula: IndexFormula, _ indices: Indices = [:], locals: [String: Scalar] = [:]
  ) throws(Diagnostic) -> Scalar {
    switch formula {
    case .number(let value): return Scalar(value)
    case .local(let name):
      guard let value = locals[name] else { throw Diagnostic("there is no '\(name)'") }
      return value
    case .entry(let expression, let index):
      var at: [Int] = []
      at.reserveCapacity(index.count)
      for item in index { at.append(try position(item, indices)) }
      return try entry(expression, at) ?? Scalar(0)
    case .delta(let a, let b): return Scalar(try position(a, indices) == position(b, indices) ? 1 : 0)
    case .position(let a): return Scalar(Double(try position(a, indices)))
    case .count(let variables): return Scalar(variables.reduce(1) { $0 * Double($1.extent) })
    case .negative(let a): return -(try value(a, indices, locals: locals))
    case .call(let f, let a):
      guard let function = Operation.of(f)?.scalarFunction else {
        throw Diagnostic("\(f.name) is no function of a number")
      }
      return try value(a, indices, locals: locals).applying(function)
    case .binary(.multiply, let a, let b):
      let left = try value(a, indices, locals: locals)
      // Most terms of a sum with δ vanish: the other factor need not be known, as long as it is finite.
      if left.value == 0, case .delta = a { return left }
      return left * (try value(b, indices, locals: locals))
    case .binary(let operation, let a, let b):
      return Self.apply(
        operation, try value(a, indices, locals: locals), try value(b, indices, locals: locals))
    case .choice(let kind, let parts):
      var values: [Scalar] = []
      for part in parts { values.append(try value(part, indices, locals: locals)) }
      return Self.choose(kind, values)
    case .terms(let parts):
      var total = Scalar(0)
      for part in parts { total = total + (try value(part, indices, locals: locals)) }
      return total
    case .letting(let name, let inner, let body):
      var known = locals
      known[name] = try value(inner, indices, locals: locals)
      return try value(body, indices, locals: known)
    case .fold(let kind, let variables, let body):
      var folded = Folded<Scalar>(kind)
      var inner = indices
      try Self.each(variables, &inner) { (inner) throws(Diagnostic) in
        folded.add(try value(body, inner, locals: locals))
      }
      return folded.result
    case .partial, .difference:
      guard let derivative else { throw Diagnostic("a derivative has no value here") }
      return Scalar(try derivative(formula, indices))
    }
  }

  package func position(_ index: Index, _ indices: Indices) throws(Diagnostic) -> Int {
    guard let result = index.value(indices) else { throw Diagnostic("an index has no value: \(index.text)") }
    return result
  }

  /// Every combination of the variables' values, the last running fastest.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Dual)
  package static func each(
    _ variables: [IndexFormula.Variable], _ indices: inout Indices,
    _ body: (inout Indices) throws(Diagnostic) -> Void
  ) throws(Diagnostic) {
    func level(_ depth: Int, _ indices: inout Indices) throws(Diagnostic) {
      guard depth < variables.count else { return try body(&indices) }
      for i in 0..<max(0, variables[depth].extent) {
        try Interruption.check()
        indices[variables[depth].name] = i
        try level(depth + 1, &indices)
      }
    }
    try level(0, &indices)
  }

  package static func apply(_ operation: BinaryOperator, _ a: Scalar, _ b: Scalar) -> Scalar {
    switch operation {
    case .add: a + b
    case .subtract: a - b
    case .multiply, .matrixProduct: a * b
    case .divide: a / b
    case .power: a.raised(to: b)
    case .less: Scalar.truth(a.value < b.value, a, b)
    case .lessOrEqual: Scalar.truth(a.value <= b.value, a, b)
    case .greater: Scalar.truth(a.value > b.value, a, b)
    case .greaterOrEqual: Scalar.truth(a.value >= b.value, a, b)
    case .equal: Scalar.truth(a.value == b.value, a, b)
    case .notEqual: Scalar.truth(a.value != b.value, a, b)
    }
  }

  /// nan wins, so that a fault is not hidden.
  package static func choose(_ kind: IndexFormula.Choice, _ values: [Scalar]) -> Scalar {
    let zero = Scalar(0)
    let a = values.first ?? zero
    let b = values.count > 1 ? values[1] : zero
    let c = values.count > 2 ? values[2] : zero
    switch kind {
    case .max, .min:
      if a.value == b.value { return Scalar.meeting(a, b) }
      return a.value.isNaN || (kind == .max ? a.value > b.value : a.value < b.value)
        ? a.chosen(over: b, if: nil) : b.chosen(over: a, if: nil)
    case .where: return a.value != 0 ? b.chosen(over: c, if: a) : c.chosen(over: b, if: a)
    case .clip: return (a.value <= b.value ? b : a.value >= c.value ? c : a).chosen(over: a, if: nil)
    }
  }
}

/// A sum, a largest entry, the position of one, in progress.
package struct Folded<Scalar: IndexScalar> {
  private let kind: IndexFormula.Fold
  private var accumulated: Scalar
  private var best = 0
  private var count = 0

  package init(_ kind: IndexFormula.Fold) {
    self.kind = kind
    accumulated = Scalar(kind == .sum ? 0 : kind == .min ? .infinity : -.infinity)
  }

  package mutating func add(_ next: Scalar) {
    let (old, new) = (accumulated.value, next.value)
    switch kind {
    case .sum: accumulated = accumulated + next
    case .max, .min:
      // Of equal ones the first, which alone has a part in the derivative.
      if count == 0 {
        accumulated = next
      } else if new.isNaN || (kind == .max ? new > old : new < old) {
        accumulated = next.chosen(over: accumulated, if: nil)
      } else {
        accumulated = accumulated.chosen(over: next, if: nil)
      }
    case .argmax: if count == 0 || new > old { (accumulated, best) = (next, count) }
    }
    count += 1
  }

  package var result: Scalar { kind == .argmax ? Scalar(Double(best)) : accumulated }
}

extension Operation {
  /// A function of each entry alone, as a function of a number: as stated, else by definition.
  package var scalarFunction: ScalarFunction? {
    if let scalar { return scalar }
    guard slope != nil, let choice = cases.first, case .formula(let text) = choice.meaning,
      let known = try? parsed.definition(text, values: [argumentName], constants: [:])
    else { return nil }
    let body = known.formula.body
    let (value, dual) = (body.asFunction(of: Double.self), body.asFunction(of: Dual.self))
    return ScalarFunction({ value($0) }, derivative: { dual(Dual($0, 1)).tangent })
  }
}

extension IndexFormula {
  /// A formula of one entry alone as a function of it, read once and not again for every entry. Nan where it is none.
  fileprivate func asFunction<Scalar: IndexScalar>(of type: Scalar.Type) -> @Sendable (Scalar) -> Scalar {
    switch self {
    case .number(let value):
      let constant = Scalar(value)
      return { _ in constant }
    case .entry: return { $0 }
    case .negative(let a):
      let a = a.asFunction(of: type)
      return { -a($0) }
    case .binary(let operation, let a, let b):
      let (a, b) = (a.asFunction(of: type), b.asFunction(of: type))
      return { IndexEvaluator.apply(operation, a($0), b($0)) }
    case .call(let f, let a):
      guard let function = Operation.of(f)?.scalarFunction else { break }
      let a = a.asFunction(of: type)
      return { a($0).applying(function) }
    case .choice(let kind, let parts):
      let parts = parts.map { $0.asFunction(of: type) }
      return { x in IndexEvaluator.choose(kind, parts.map { $0(x) }) }
    default: break
    }
    return { x in
      let evaluator = IndexEvaluator<Scalar>(entry: { _, _ in x })
      return (try? evaluator.value(self.withoutIndices)) ?? Scalar(.nan)
    }
  }

  /// Every entry read without an index.
  private var withoutIndices: IndexFormula {
    if case .entry(let value, _) = self { return .entry(value, []) }
    return mapChildren { $0.withoutIndices }
  }
}
