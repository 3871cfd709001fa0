import Formulas
import LinearAlgebra
import Operations

/// How far values computed in a coarser format can be from those of float64 at most: the formula evaluated in bounded
/// numbers, by the definitions of its operations.
package struct RoundingBound {
  /// Values in float64, and the largest error of each entry.
  private var known: [String: (value: Tensor, error: Tensor)] = [:]
  private let base: any Environment
  private let format: NumberFormat

  /// - Parameter base: leaves in float64.
  package init(_ format: NumberFormat, over base: any Environment) {
    self.format = format
    self.base = base
  }

  package func error(of name: String) -> Tensor? { known[name]?.error }

  /// Adds a step whose value in float64 is known.
  package mutating func run(_ equation: Equation) throws(Diagnostic) {
    known[equation.name] = try bounded(equation.evaluated)
  }

  private typealias Pair = (value: Tensor, error: Tensor)

  private func bounded(_ expression: Expression) throws(Diagnostic) -> Pair {
    switch expression {
    case .number(let value): return rounded(Tensor(value), nil, isComputed: false)
    case .name(let name):
      if let own = known[name] { return own }
      guard let value = base.value(of: name) else { throw base.missing(name) }
      return rounded(value, nil, isComputed: false)
    case .derivative, .list, .negative, .binary, .transpose, .call, .index: break
    }
    if let written = expression.writtenOut, case .derivative(_, let a, _) = expression {
      let slope = try bounded(written)
      let shape = try bounded(a).value.shape
      return (
        slope.value.broadcast(to: shape) ?? slope.value, slope.error.broadcast(to: shape) ?? slope.error
      )
    }
    guard let call = OperationCall(expression) else {
      throw Diagnostic("there is no function for \(expression)")
    }
    return try applied(call)
  }

  /// With what one rounding adds. What is computed without any error is an exact 0, or chosen from numbers of the format.
  private func rounded(_ value: Tensor, _ error: Tensor?, isComputed: Bool) -> Pair {
    guard isComputed, let error else {
      return (value, value.map { $0.isFinite ? abs(format.rounded($0) - $0) : 0 })
    }
    let result = value.combined(with: error) { value, error in
      // A bound that is not known (nan) is not 0.
      guard value.isFinite, error != 0 else { return 0 }
      return error + format.roundoff * (abs(value) + error) + format.spacingNearZero / 2
    }
    return (value, result ?? error)
  }

  private func applied(_ call: OperationCall) throws(Diagnostic) -> Pair {
    let operation = call.operation
    let names = call.operands.indices.map { "%\($0)" }
    var operands: [Pair] = []
    var plainOperands: [Expression] = []
    for (i, operand) in call.operands.enumerated() {
      let isSize = operation.signature.operand(i)?.isSize == true
      if call.takesPositions(at: i) {
        let value = try Evaluator(base).value(of: operand)
        operands.append((value, value.map { _ in 0 }))
      } else {
        operands.append(try bounded(operand))
      }
      let isLiteral = operand.names.isEmpty && call.takesPositions(at: i)
      plainOperands.append(isSize || isLiteral ? operand : .name(names[i]))
    }
    var values = Overlay(
      Dictionary(uniqueKeysWithValues: zip(names, operands).map { ($0, $1.value) }), over: base)
    let plain = call.replacing(operands: plainOperands)
    let value = try Evaluator(values).value(of: plain)
    if case .binary(.matrixProduct, _, _) = call.source, operands.count == 2 {
      return rounded(value, product(operands[0], operands[1]), isComputed: true)
    }
    if operation.slope != nil, let function = operation.scalarFunction, let a = operands.first {
      let error = a.value.combined(with: a.error) { Bounded($0, $1).applying(function).error }
      return rounded(value, error?.combined(with: coarseNumbers(operation, a), +), isComputed: true)
    }
    guard let inner = OperationCall(plain) else { return (value, value.map { _ in 0 }) }
    let application = try ShapeInference(values).application(of: inner).application
    switch application.body {
    case .filled, .made: return rounded(value, nil, isComputed: false)
    case .expression(let template):
      let formula = template.filled(inner, application.setting.shapes)
      var parts = RoundingBound(format, over: values)
      for (name, operand) in zip(names, operands) { parts.known[name] = operand }
      return try parts.bounded(formula)
    case .move:
      for (name, operand) in zip(names, operands) { values.values[name] = operand.error }
      return (value, try Evaluator(values).value(of: plain))
    case .formula:
      if operation === Operation.gather {
        values.values[names[0]] = operands[0].error
        return (value, try Evaluator(values).value(of: plain))
      }
      let entries: [Bounded] = try application.reference { operand, index in
        guard operands.indices.contains(operand) else { return nil }
        let own = operands[operand]
        return own.value.position(of: index).map { Bounded(own.value.elements[$0], own.error.elements[$0]) }
      }
      return rounded(value, Tensor(unchecked: value.shape, entries.map(\.error)), isComputed: true)
    }
  }

  /// What it makes that the numbers of a function's definition are rounded to the format: at the entries and at both ends
  /// of where they may be.
  private func coarseNumbers(_ operation: Operations.Operation, _ a: Pair) -> Tensor {
    let nothing = a.value.map { _ in 0 }
    guard let program = operation.entryProgram else { return nothing }
    return [-1.0, 0, 1].reduce(nothing) { most, share in
      let at = a.value.combined(with: a.error) { $0 + share * $1 } ?? a.value
      let apart = program(at, in: format).combined(with: program(at)) { abs($0 - $1) }
      // Where it has no value there, the bound of the function itself says so.
      return apart?.combined(with: most) { $0.isFinite ? Swift.max($0, $1) : $1 } ?? most
    }
  }

  /// |A| @ eB + eA @ |B| + eA @ eB, and a rounding for every product and every partial sum.
  private func product(_ a: Pair, _ b: Pair) -> Tensor? {
    let (sizeA, sizeB) = (a.value.map { abs($0) }, b.value.map { abs($0) })
    guard let moved = sizeA.combined(with: a.error, +)?.product(sizeB.combined(with: b.error, +) ?? sizeB),
      let still = sizeA.product(sizeB)
    else { return nil }
    let roundings = Double(a.value.shape.columns + 1) * NumberFormat.float32.roundoff
    // 0 times what has no bound has none that is known: `max` would make 0 of that nan.
    return moved.combined(with: still) {
      $0.isNaN ? .infinity : Swift.max(0, $0 - $1) + roundings * $0
    }
  }
}
