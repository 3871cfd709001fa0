import Formulas
import LinearAlgebra
import Platform

/// An entry's formula → its number, in the order in which the matrices are computed: sums from left to right, from 0.
package final class EntryEvaluator {
  private let environment: any Environment
  private var tensors: [Expression: Tensor] = [:]

  package init(_ environment: any Environment) { self.environment = environment }

  package func tensor(_ expression: Expression) throws(Diagnostic) -> Tensor {
    if let known = tensors[expression] { return known }
    let value = try Evaluator(environment).value(of: expression)
    tensors[expression] = value
    return value
  }

  package func value(
    _ formula: EntryFormula, _ indices: [String: Int] = [:], locals: [String: Double] = [:]
  ) throws(Diagnostic) -> Double {
    switch formula {
    case .number(let value): return value
    case .local(let name):
      guard let value = locals[name] else { throw Diagnostic("there is no '\(name)'") }
      return value
    case .entry(let expression, let index, let isPadded):
      let tensor = try tensor(expression)
      guard let position = Self.position(index, in: tensor.shape, indices) else {
        if isPadded { return 0 }
        throw Diagnostic("an index lies outside \(expression) (\(tensor.shape))")
      }
      return tensor.elements[position]
    case .delta(let a, let b):
      guard let x = a.value(indices), let y = b.value(indices) else {
        throw Diagnostic("an index has no value")
      }
      return x == y ? 1 : 0
    case .negative(let a): return -(try value(a, indices, locals: locals))
    case .call(let f, let a): return f.value(try value(a, indices, locals: locals))
    case .binary(let operation, let a, let b):
      return Self.apply(
        operation, try value(a, indices, locals: locals), try value(b, indices, locals: locals))
    case .choice(let kind, let parts):
      var values: [Double] = []
      for part in parts { values.append(try value(part, indices, locals: locals)) }
      return Self.choose(kind, values)
    case .terms(let parts):
      var total = 0.0
      for part in parts { total += try value(part, indices, locals: locals) }
      return total
    case .letting(let name, let inner, let body):
      var known = locals
      known[name] = try value(inner, indices, locals: locals)
      return try value(body, indices, locals: known)
    case .fold(let kind, let variables, let body):
      var folded = Folded(kind)
      var indices = indices
      try Self.each(variables, &indices) { (indices) throws(Diagnostic) in
        folded.add(try self.value(body, indices, locals: locals))
      }
      return folded.result
    }
  }

  /// A fold in progress.
  package struct Folded {
    private let kind: EntryFormula.Fold
    private var accumulated: Double
    private var best = 0
    private var count = 0

    package init(_ kind: EntryFormula.Fold) {
      self.kind = kind
      accumulated = kind == .sum ? 0 : kind == .min ? .infinity : -.infinity
    }

    package mutating func add(_ value: Double) {
      switch kind {
      case .sum: accumulated += value
      case .max: accumulated = accumulated.isNaN || value.isNaN ? .nan : Swift.max(accumulated, value)
      case .min: accumulated = accumulated.isNaN || value.isNaN ? .nan : Swift.min(accumulated, value)
      case .argmax:
        if count == 0 || value > accumulated { (accumulated, best) = (value, count) }
      }
      count += 1
    }

    package var result: Double { kind == .argmax ? Double(best) : accumulated }
  }

  /// Every combination of the variables' values, the last running fastest.
  package static func each(
    _ variables: [EntryFormula.Variable], _ indices: inout [String: Int],
    _ body: (inout [String: Int]) throws(Diagnostic) -> Void
  ) throws(Diagnostic) {
    func level(_ depth: Int, _ indices: inout [String: Int]) throws(Diagnostic) {
      guard depth < variables.count else { return try body(&indices) }
      for i in 0..<variables[depth].extent {
        indices[variables[depth].name] = i
        try level(depth + 1, &indices)
      }
    }
    try level(0, &indices)
  }

  package static func position(_ index: [EntryIndex], in shape: Shape, _ indices: [String: Int]) -> Int? {
    guard index.count == shape.rank else { return nil }
    var result = 0
    for (axis, item) in index.enumerated() {
      guard let i = item.value(indices), i >= 0, i < shape.dimensions[axis] else { return nil }
      result = result * shape.dimensions[axis] + i
    }
    return result
  }

  package static func apply(_ operation: BinaryOperator, _ a: Double, _ b: Double) -> Double {
    switch operation {
    case .add: a + b
    case .subtract: a - b
    case .multiply, .matrixProduct: a * b
    case .divide: a / b
    case .power: b == 2 ? a * a : pow(a, b)
    case .less: a < b ? 1 : 0
    case .lessOrEqual: a <= b ? 1 : 0
    case .greater: a > b ? 1 : 0
    case .greaterOrEqual: a >= b ? 1 : 0
    case .equal: a == b ? 1 : 0
    case .notEqual: a != b ? 1 : 0
    }
  }

  package static func choose(_ kind: EntryFormula.Choice, _ values: [Double]) -> Double {
    let a = values.first ?? 0
    let b = values.count > 1 ? values[1] : 0
    let c = values.count > 2 ? values[2] : 0
    switch kind {
    case .maximum: return a.isNaN || a > b ? a : b
    case .minimum: return a.isNaN || a < b ? a : b
    case .where: return a != 0 ? b : c
    case .clip: return a < b ? b : a > c ? c : a
    }
  }
}
