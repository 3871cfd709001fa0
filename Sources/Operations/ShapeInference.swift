import Formulas
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
    try Interruption.check()
    let result = try unchecked(expression, ranges)
    guard let count = result.checkedCount else {
      throw Diagnostic(
        "\(ShapeMessages.brief(expression)) would be \(result): more than \(Shape.largestCount) entries",
        at: ranges.map { [$0.range] } ?? [], hint: "choose smaller sizes")
    }
    if case .name = expression { return result }
    guard MemoryBudget.allows(8 * count) else {
      throw Diagnostic(
        "\(ShapeMessages.brief(expression)) would be \(result): \(MemoryBudget.text(8 * count)), and the session may hold \(MemoryBudget.text(MemoryBudget.limit))",
        at: ranges.map { [$0.range] } ?? [])
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
    case .list(let items): return try list(items, ranges)
    case .index(let a, let subscripts) where subscripts.allSatisfy({ $0.list == nil }):
      return try index(a, subscripts, ranges)
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
    case .derivative(let f, let a, _) where Operation.of(f)?.slope != nil:
      return try shape(of: a, ranges?.child(0))
    case .transpose, .derivative, .call, .index:
      guard let call = OperationCall(expression) else {
        throw Diagnostic("there is no function for \(ShapeMessages.brief(expression))", at: marks(ranges))
      }
      if call.operation.slope != nil, let argument = call.operands.first {
        return try shape(of: argument, ranges?.child(0))
      }
      return try application(of: call, ranges).shape
    }
  }

  /// An operation at the shapes of its operands. The shape of what is written with other operations is that of the
  /// formula that it stands for.
  package func application(
    of call: OperationCall, _ ranges: RangeTree? = nil
  ) throws(Diagnostic) -> (application: Application, shape: Shape) {
    let operation = call.operation
    var shapes: [Shape] = []
    var sizes: [Int?] = []
    for (i, operand) in call.operands.enumerated() {
      if operation.signature.operand(i)?.isSize == true {
        sizes.append(try size(operand, ranges?.child(i)))
        shapes.append(.scalar)
      } else {
        sizes.append(nil)
        shapes.append(try shape(of: operand, ranges?.child(i)))
      }
    }
    if let own = operation.sizeFromValue, let first = call.operands.first, sizes.count == 1 {
      sizes.append(own(try Evaluator(environment).value(of: first)))
      shapes.append(.scalar)
    }
    if let first = call.operands.first, let shape = shapes.first { try checkAxes(call, first, shape, ranges) }
    do throws(Diagnostic) {
      // Stretched, a target of three classes would fit a single output.
      if operation.loss != nil, Set(shapes).count > 1 { throw Diagnostic("the shapes differ") }
      let setting = Operation.Setting(
        shapes: shapes, sizes: sizes, options: call.options, subscripts: call.subscripts)
      let result = try operation.application(at: setting)
      try checkEntries(result, call, ranges)
      guard case .expression(let template) = result.body else { return (result, result.shape) }
      return (result, try shape(of: template.filled(call, shapes)))
    } catch {
      let mismatch = Mismatch(
        operation: operation, arguments: call.operands, shapes: shapes, options: call.options)
      var diagnostic = operation.mismatch?(mismatch) ?? error
      if diagnostic.marks.isEmpty { diagnostic.marks = marks(ranges) }
      throw diagnostic
    }
  }

  private func checkAxes(
    _ call: OperationCall, _ operand: Expression, _ shape: Shape, _ ranges: RangeTree?
  ) throws(Diagnostic) {
    // Joined values check theirs: a stack has an axis more.
    guard let option = call.operation.signature.options.first(where: { $0.name == "axis" }),
      call.operation.signature.operands.first?.isRepeated != true
    else { return }
    if shape.isScalar, call.options.axes == nil, Int(option.usual) != nil {
      throw Diagnostic(
        "\(call.operation.name) works along an axis, and \(operand) is a scalar", at: marks(ranges))
    }
    for axis in call.options.axes ?? [] { _ = try resolve(axis, of: shape, named: operand, ranges) }
  }

  /// The largest of nothing and the mean of nothing do not exist.
  private func checkEntries(
    _ application: Application, _ call: OperationCall, _ ranges: RangeTree?
  ) throws(Diagnostic) {
    guard case .formula(let definition) = application.body, call.operation.loss == nil else { return }
    let needs = definition.body.contains { part in
      switch part {
      case .fold(let kind, let variables, _):
        kind != .sum && variables.contains { application.letters[$0.name]?.contains(0) ?? false }
      case .count(let variables):
        variables.contains { application.letters[$0.name]?.contains(0) ?? false }
      default: false
      }
    }
    guard needs, let operand = call.operands.first else { return }
    throw Diagnostic(
      call.options.axes == nil
        ? "\(call.operation.name) of nothing: \(operand) is empty"
        : "\(call.operation.name) of nothing: that axis is empty", at: marks(ranges))
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

  /// A size argument: a formula of numbers whose value is a whole number; -1 where an operation lets one stay open.
  func size(_ expression: Expression, _ ranges: RangeTree?) throws(Diagnostic) -> Int {
    let value = try Evaluator(environment).value(of: counted(expression, ranges))
    guard let number = value.scalarValue, let whole = Int(exactly: number), whole >= -32, whole <= 1 << 50
    else {
      throw Diagnostic(
        "a size is a whole number, 0 or more, and this is \(value.scalarValue.map(Printer.number) ?? "\(value.shape)")",
        at: marks(ranges))
    }
    return whole
  }

  /// With numbers for what shapes alone tell: `reshape(A, size(B, axis=0), -1)`.
  private func counted(_ expression: Expression, _ ranges: RangeTree?) throws(Diagnostic) -> Expression {
    guard expression.contains({ $0.isSize }) else { return expression }
    if expression.isSize, let call = OperationCall(expression) {
      return .number(Double((try application(of: call, ranges).application.letters["k"] ?? []).reduce(1, *)))
    }
    return try expression.mapChildren { (child) throws(Diagnostic) in try counted(child, ranges) }
  }
}
