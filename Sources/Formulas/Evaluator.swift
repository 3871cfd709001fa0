import LinearAlgebra
import Platform

/// Formula → value. Shapes are expected to have been inferred; what still goes wrong here (a label outside its
/// classes) depends on values.
package struct Evaluator {
  let environment: any Environment
  /// relu, softmax and log-sum-exp by the kernels of training: several times as fast, and equal to the last bit or
  /// two. The stepper goes without, so that its numbers are those of the written formula.
  let usesKernels: Bool

  package init(_ environment: any Environment, usesKernels: Bool = false) {
    self.environment = environment
    self.usesKernels = usesKernels
  }

  /// Shapes first, then the value.
  package func checkedValue(of parsed: Parsed) throws(Diagnostic) -> Tensor {
    _ = try ShapeInference(environment).shape(of: parsed)
    return try value(of: parsed.expression)
  }

  package func value(of expression: Expression) throws(Diagnostic) -> Tensor {
    switch expression {
    case .number(let value): return Tensor(value)
    case .name(let name):
      if let value = environment.value(of: name) { return value }
      throw environment.missing(name)
    case .negative(let a): return try value(of: a).map { -$0 }
    case .transpose(let a): return try value(of: a).transposed()
    case .list(let items): return try list(items)
    case .index(let a, let subscripts): return try Self.select(from: value(of: a), subscripts)
    case .binary(.divide, .binary(.subtract, let a, let b), let divisor):
      // (S - Y) / m, the one formula that every classifier computes, in one pass over its entries.
      let (x, y, d) = (try value(of: a), try value(of: b), try value(of: divisor))
      if d.rank == 0, let scalar = d.scalarValue, let fused = BlockKernels.subtractDivide(x, y, by: scalar) {
        return fused
      }
      return try Self.apply(.divide, Self.apply(.subtract, x, y), d)
    case .binary(let operation, let a, let b):
      return try Self.apply(operation, try value(of: a), try value(of: b))
    case .derivative(let f, let a, let options): return try derivative(f, try value(of: a), options)
    case .call(let f, let arguments, let options):
      switch f {
      case .elementwise(let f):
        guard let argument = arguments.first else { throw Self.unfit(expression) }
        let inner = try value(of: argument)
        return usesKernels && f == .relu ? BlockKernels.relu(inner) : inner.map(f.value)
      case .loss(let f): return try loss(f, arguments, options)
      case .builtin(let f): return try builtin(f, arguments, options)
      }
    }
  }

  /// A value whose shapes were not inferred first ends here instead of trapping.
  static func unfit(_ expression: Expression) -> Diagnostic {
    Diagnostic("the shapes in \(ShapeMessages.brief(expression)) do not meet")
  }

  static func apply(_ operation: BinaryOperator, _ a: Tensor, _ b: Tensor) throws(Diagnostic) -> Tensor {
    let result: Tensor?
    switch operation {
    case .add: result = BlockKernels.combine(a, b, .add) ?? a.combined(with: b, +)
    case .subtract: result = BlockKernels.combine(a, b, .subtract) ?? a.combined(with: b, -)
    case .multiply: result = BlockKernels.combine(a, b, .multiply) ?? a.combined(with: b, *)
    case .divide: result = BlockKernels.combine(a, b, .divide) ?? a.combined(with: b, /)
    case .matrixProduct: result = a.product(b)
    case .power:
      result = b.scalarValue == 2 && b.rank == 0 ? a.map { $0 * $0 } : a.combined(with: b) { pow($0, $1) }
    case .less: result = a.combined(with: b) { $0 < $1 ? 1 : 0 }
    case .lessOrEqual: result = a.combined(with: b) { $0 <= $1 ? 1 : 0 }
    case .greater: result = a.combined(with: b) { $0 > $1 ? 1 : 0 }
    case .greaterOrEqual: result = a.combined(with: b) { $0 >= $1 ? 1 : 0 }
    case .equal: result = a.combined(with: b) { $0 == $1 ? 1 : 0 }
    case .notEqual: result = a.combined(with: b) { $0 != $1 ? 1 : 0 }
    }
    guard let result else {
      throw Diagnostic("\(operation.rawValue) of \(a.shape) and \(b.shape): the shapes do not meet")
    }
    return result
  }

  private func list(_ items: [Expression]) throws(Diagnostic) -> Tensor {
    guard let first = items.first else { return Tensor(unchecked: [0], []) }
    let inner = try value(of: first)
    var elements = inner.elements
    for item in items.dropFirst() {
      let next = try value(of: item)
      guard next.shape == inner.shape else { throw Self.unfit(.list(items)) }
      elements += next.elements
    }
    return Tensor(unchecked: Shape([items.count] + inner.shape.dimensions), elements)
  }

  /// The entries that subscripts select, and their flat positions in the source.
  package static func selection(
    _ subscripts: [Subscript], in shape: Shape
  ) -> (shape: Shape, positions: [Int])? {
    guard subscripts.count <= shape.rank else { return nil }
    var positions = [0]
    var result: [Int] = []
    for (axis, extent) in shape.dimensions.enumerated() {
      let item = axis < subscripts.count ? subscripts[axis] : .slice(from: nil, to: nil, step: 1)
      guard let chosen = item.positions(extent: extent) else { return nil }
      positions = positions.flatMap { base in chosen.map { base * extent + $0 } }
      if !item.isAt { result.append(chosen.count) }
    }
    return (Shape(result), positions)
  }

  static func select(from source: Tensor, _ subscripts: [Subscript]) throws(Diagnostic) -> Tensor {
    guard let (shape, positions) = selection(subscripts, in: source.shape) else {
      throw Diagnostic("an index lies outside \(source.shape)")
    }
    return Tensor(unchecked: shape, positions.map { source.elements[$0] })
  }

  private func derivative(_ f: Function, _ z: Tensor, _ options: CallOptions) throws(Diagnostic) -> Tensor {
    switch f {
    case .elementwise(let f):
      // Shaped like z even where the formula is a constant.
      let bindings = Bindings(["u": z, "v": z.map(f.value)])
      let slope = try Evaluator(bindings).value(of: f.derivative)
      return slope.broadcast(to: z.shape) ?? slope
    case .builtin(.softmax):
      return SoftmaxJacobian.perSample(of: z.softmax(axis: options.axis ?? -1), axis: options.axis ?? -1)
    case .loss, .builtin: throw Diagnostic("\(f.name)' is not defined")
    }
  }

  /// The number of samples or entries that a loss is averaged over; nil when it is a sum.
  package static func divisor(
    of loss: LossFunction, shape: Shape, axis: Int?, reduction: CallOptions.Reduction?
  ) -> Int? {
    guard reduction != .sum else { return nil }
    switch loss.averaging {
    case .none: return nil
    case .entries: return shape.count
    case .samples:
      guard shape.rank == 2 else { return 1 }
      return shape.dimensions[1 - (shape.axis(axis ?? -1) ?? 1)]
    }
  }

  private func loss(_ f: LossFunction, _ arguments: [Expression], _ options: CallOptions) throws(Diagnostic)
    -> Tensor
  {
    guard arguments.count == 2 else { throw Self.unfit(.call(.loss(f), arguments, options)) }
    let (targets, predictions) = (try value(of: arguments[0]), try value(of: arguments[1]))
    let divisor = Self.divisor(
      of: f, shape: predictions.shape, axis: options.axis, reduction: options.reduction)
    let definition = f.definition(
      targets: .name("Y"), predictions: .name("P"), divisor: divisor.map { .number(Double($0)) })
    return try Evaluator(Bindings(["Y": targets, "P": predictions])).value(of: definition.clippingLogarithms)
  }
}

extension Expression {
  /// The argument of every logarithm lifted to `LossFunction.clip`, as the sources do against log(0).
  package var clippingLogarithms: Expression {
    if case .call(.elementwise(.log), let arguments, let options) = self, let inner = arguments.first {
      return .call(
        .elementwise(.log), [.call(.builtin(.maximum), [inner, .number(LossFunction.clip)], .none)], options)
    }
    return mapChildren(\.clippingLogarithms)
  }
}
