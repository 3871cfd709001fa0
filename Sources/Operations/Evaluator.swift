import Formulas
import LinearAlgebra
import Platform

/// Formula → value. Shapes are expected to have been inferred; what still goes wrong here (a label outside its
/// classes) depends on values.
package struct Evaluator {
  let environment: any Environment
  /// What every result is rounded to. In what is not float64 an operation is computed by its definition in float32, as
  /// processors compute in 16 bits, and its result is rounded once.
  private let format: NumberFormat

  package init(_ environment: any Environment) { self.init(environment, format: environment.format) }

  private init(_ environment: any Environment, format: NumberFormat) {
    self.environment = environment
    self.format = format
  }

  /// Shapes first, then the value.
  package func checkedValue(of parsed: Parsed) throws(Diagnostic) -> Tensor {
    _ = try ShapeInference(environment).shape(of: parsed)
    return try value(of: parsed.expression)
  }

  package func value(of expression: Expression) throws(Diagnostic) -> Tensor {
    let result = try computed(expression).rounded(to: format)
    // What was interrupted is unfinished.
    try Interruption.check()
    return result
  }

  private func computed(_ expression: Expression) throws(Diagnostic) -> Tensor {
    switch expression {
    case .number(let value): return Tensor(value)
    case .name(let name):
      if let value = environment.value(of: name) { return value }
      throw environment.missing(name)
    case .negative(let a):
      let a = try value(of: a)
      return BlockOperation.negative([a]) ?? a
    case .transpose(let a): return try value(of: a).transposed()
    case .list(let items): return try list(items)
    case .index(let a, let subscripts) where subscripts.allSatisfy({ $0.list == nil }):
      return try Self.select(from: value(of: a), subscripts)
    case .binary(.matrixProduct, let a, let b) where format != .float64:
      guard let product = try value(of: a).singleProduct(try value(of: b)) else {
        throw Self.unfit(expression)
      }
      return product
    case .binary(.matrixProduct, let a, let b):
      let ((x, transposesX), (y, transposesY)) = (try factor(a), try factor(b))
      guard let product = x.product(y, transposingSelf: transposesX, transposingOther: transposesY) else {
        throw Self.unfit(expression)
      }
      return product
    case .binary(let operation, let a, let b):
      return try Self.apply(operation, try value(of: a), try value(of: b))
    case .derivative, .call, .index:
      if let written = expression.writtenOut {
        let slope = try value(of: written)
        // Shaped like the argument even where the formula is a constant.
        guard case .derivative(_, let a, _) = expression else { return slope }
        return slope.broadcast(to: try value(of: a).shape) ?? slope
      }
      guard let call = OperationCall(expression) else { throw Self.unfit(expression) }
      return try value(of: call, expression)
    }
  }

  /// A factor of a product, and whether it is to be read transposed: the transpose of a matrix is not made.
  private func factor(_ expression: Expression) throws(Diagnostic) -> (Tensor, Bool) {
    guard case .transpose(let inner) = expression else { return (try value(of: expression), false) }
    let matrix = try value(of: inner)
    return matrix.rank == 2 ? (matrix, true) : (matrix.transposed(), false)
  }

  private func value(of call: OperationCall, _ expression: Expression) throws(Diagnostic) -> Tensor {
    let operation = call.operation
    if format == .float64, let streaming = operation.streaming,
      case .derivative(streaming.function, let z, let own)? = call.operands.last,
      let first = call.operands.first,
      let result = streaming.value(
        try value(of: first), try value(of: .call(streaming.function, [z], own)), call.options)
    {
      return result
    }
    var operands: [Tensor] = []
    var sizes: [Int?] = []
    for (i, operand) in call.operands.enumerated() {
      // Positions and sizes are whole numbers and stay what they are.
      let value = try call.takesPositions(at: i) ? exactly.value(of: operand) : value(of: operand)
      operands.append(value)
      sizes.append(
        operation.signature.operand(i)?.isSize == true
          ? value.scalarValue.flatMap { Int(exactly: $0) } : nil)
    }
    if let own = operation.sizeFromValue, let first = operands.first, sizes.count == 1 {
      sizes.append(own(first))
    }
    let setting = Operation.Setting(
      shapes: operands.map(\.shape), sizes: sizes, options: call.options, subscripts: call.subscripts)
    if format != .float64, let argument = operands.first, let program = operation.entryProgram {
      return program(argument, in: format)
    }
    let result: Tensor?
    do { result = try operation.value(operands, setting, call) } catch {
      guard !call.subscripts.isEmpty else { throw error }
      var named = error
      named.message = "\(expression): \(error.message)"
      throw named
    }
    guard let result else { throw Self.unfit(expression) }
    guard format != .float64 else { return result }
    return try operation.application(at: setting).single(operands) ?? result
  }

  private var exactly: Evaluator { Evaluator(environment, format: .float64) }

  /// A value whose shapes were not inferred first ends here instead of trapping.
  static func unfit(_ expression: Expression) -> Diagnostic {
    Diagnostic("the shapes in \(ShapeMessages.brief(expression)) do not meet")
  }

  static func apply(_ operation: BinaryOperator, _ a: Tensor, _ b: Tensor) throws(Diagnostic) -> Tensor {
    let result: Tensor?
    switch Operation.of(operation).kernel {
    case .entries(let block)?: result = block([a, b])
    case .power? where b.rank == 0 && b.scalarValue == 2: result = BlockOperation.multiply([a, a])
    case .power?: result = a.combined(with: b) { pow($0, $1) }
    default: result = a.product(b)
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
}
