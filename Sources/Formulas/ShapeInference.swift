import LinearAlgebra

/// The shape of a formula's value, found before anything is computed, so that a mistake names the operands and the
/// shapes that met.
package struct ShapeInference {
  let environment: any Environment

  package init(_ environment: any Environment) { self.environment = environment }

  package func shape(of parsed: Parsed) throws(Diagnostic) -> Shape {
    try shape(of: parsed.expression, parsed.ranges)
  }

  package func shape(of expression: Expression, _ ranges: RangeTree? = nil) throws(Diagnostic) -> Shape {
    let result = try unchecked(expression, ranges)
    guard result.checkedCount != nil else {
      throw Diagnostic(
        "\(ShapeMessages.brief(expression)) would be \(result): more than \(Shape.largestCount) entries",
        at: ranges.map { [$0.range] } ?? [], hint: "choose smaller sizes")
    }
    return result
  }

  private func unchecked(_ expression: Expression, _ ranges: RangeTree?) throws(Diagnostic) -> Shape {
    switch expression {
    case .number: return .scalar
    case .name(let name):
      if let shape = environment.shape(of: name) { return shape }
      var diagnostic = environment.missing(name)
      if diagnostic.marks.isEmpty, let range = ranges?.range { diagnostic.marks = [range] }
      throw diagnostic
    case .negative(let a): return try shape(of: a, ranges?.child(0))
    case .transpose(let a):
      let inner = try shape(of: a, ranges?.child(0))
      guard inner.rank <= 2 else {
        throw Diagnostic(
          "only a matrix can be transposed: \(ShapeMessages.brief(a)) is \(inner)", at: marks(ranges))
      }
      return inner.transposed
    case .list(let items): return try list(items, ranges)
    case .index(let a, let subscripts): return try index(a, subscripts, ranges)
    case .derivative(let f, let a, let options):
      let inner = try shape(of: a, ranges?.child(0))
      guard case .builtin(.softmax) = f else { return inner }
      let axis = try resolve(options.axis ?? -1, of: inner, named: a, ranges)
      guard inner.rank == 2 || inner.rank == 1 else {
        throw Diagnostic("softmax' needs a matrix of samples, not \(inner)", at: marks(ranges))
      }
      let classes = inner.dimensions[axis]
      let samples = inner.rank == 1 ? 1 : inner.dimensions[1 - axis]
      return [samples, classes, classes]
    case .binary(let operation, let a, let b):
      let left = try shape(of: a, ranges?.child(0))
      let right = try shape(of: b, ranges?.child(1))
      if operation == .matrixProduct {
        guard let result = left.product(with: right) else {
          throw ShapeMessages.product(a, left, b, right, ranges, environment)
        }
        return result
      }
      guard let result = left.broadcast(with: right) else {
        throw ShapeMessages.elementwise(operation, a, left, b, right, ranges)
      }
      return result
    case .call(let f, let arguments, let options):
      switch f {
      case .elementwise:
        guard let argument = arguments.first else { return .scalar }
        return try shape(of: argument, ranges?.child(0))
      case .loss(let loss): return try self.loss(loss, arguments, ranges)
      case .builtin(let builtin): return try self.builtin(builtin, arguments, options, ranges)
      }
    }
  }

  func marks(_ ranges: RangeTree?) -> [Range<Int>] { ranges.map { [$0.range] } ?? [] }

  func resolve(
    _ axis: Int, of shape: Shape, named operand: Expression, _ ranges: RangeTree?
  ) throws(Diagnostic) -> Int {
    guard let resolved = shape.axis(axis) else {
      throw Diagnostic(
        "\(ShapeMessages.brief(operand)) (\(shape)) has no axis \(axis)", at: marks(ranges),
        hint: shape.isScalar ? "a scalar has no axes" : "its axes are 0 to \(shape.rank - 1)")
    }
    return resolved
  }

  private func list(_ items: [Expression], _ ranges: RangeTree?) throws(Diagnostic) -> Shape {
    guard let first = items.first else { return [0] }
    let inner = try shape(of: first, ranges?.child(0))
    for (i, item) in items.enumerated().dropFirst() {
      let shape = try shape(of: item, ranges?.child(i))
      guard shape == inner else {
        let mark = ranges?.child(i).map { [$0.range] } ?? []
        throw inner.rank == 1 && shape.rank == 1
          ? Diagnostic(
            "row \(i) has \(shape.columns) entr\(shape.columns == 1 ? "y" : "ies") and row 0 has \(inner.columns)",
            at: mark, hint: "every row of a matrix has the same number of entries")
          : Diagnostic("entry \(i) is \(shape) and entry 0 is \(inner)", at: mark)
      }
    }
    return Shape([items.count] + inner.dimensions)
  }

  private func index(_ a: Expression, _ subscripts: [Subscript], _ ranges: RangeTree?) throws(Diagnostic)
    -> Shape
  {
    let inner = try shape(of: a, ranges?.child(0))
    guard subscripts.count <= inner.rank else {
      throw Diagnostic(
        "\(ShapeMessages.brief(a)) (\(inner)) takes \(inner.rank) ind\(inner.rank == 1 ? "ex" : "ices"), not \(subscripts.count)",
        at: marks(ranges))
    }
    var result: [Int] = []
    for (axis, extent) in inner.dimensions.enumerated() {
      guard axis < subscripts.count else {
        result.append(extent)
        continue
      }
      guard let positions = subscripts[axis].positions(extent: extent) else {
        throw ShapeMessages.outside(a, inner, subscripts, axis, ranges)
      }
      if !subscripts[axis].isAt { result.append(positions.count) }
    }
    return Shape(result)
  }

  private func loss(
    _ loss: LossFunction, _ arguments: [Expression], _ ranges: RangeTree?
  ) throws(Diagnostic) -> Shape {
    guard arguments.count == 2 else { return .scalar }
    let targets = try shape(of: arguments[0], ranges?.child(0))
    let predictions = try shape(of: arguments[1], ranges?.child(1))
    guard targets == predictions else {
      throw ShapeMessages.targets(loss, arguments, targets, predictions, ranges)
    }
    return .scalar
  }

  /// A size argument: a formula of numbers whose value is a whole number ≥ 0.
  func size(_ expression: Expression, _ ranges: RangeTree?) throws(Diagnostic) -> Int {
    let value = try Evaluator(environment).value(of: expression)
    guard let number = value.scalarValue, number == number.rounded(), number >= 0, number <= 1e15 else {
      throw Diagnostic(
        "a size is a whole number, 0 or more, and this is \(value.scalarValue.map(Printer.number) ?? "\(value.shape)")",
        at: marks(ranges))
    }
    return Int(number)
  }
}
