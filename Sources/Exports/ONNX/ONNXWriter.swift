import Formulas
import LinearAlgebra
import Operations

/// Formulas → operators of ONNX: by the counterpart that there is, else by the operation's definition.
package struct ONNXWriter {
  var graph: ONNXGraph
  let environment: any Environment

  /// More numbers in constants, positions of entries above all, are refused.
  static let mostConstants = 1 << 22

  typealias Value = ONNXGraph.Value

  /// A pass as a model: leaves as inputs that have the values seen here where nothing else is given; every step and
  /// gradient as an output.
  /// - Throws: where a formula has no form in ONNX.
  package static func model(_ pass: FinishedPass, float: Bool) throws(Diagnostic) -> [UInt8] {
    var writer = ONNXWriter(ONNXGraph(float ? .float : .double), pass.bindings)
    for (name, value) in pass.leaves { writer.graph.leaf(name, value) }
    for step in pass.steps {
      writer.graph.begin(step.equation.name)
      let value = try writer.written(step.equation.evaluated)
      writer.graph.output(step.equation.name, value)
    }
    return writer.graph.bytes
  }

  /// One formula of named values, for a test of the operations: its value is called `value`.
  package static func model(
    _ expression: Expression, _ values: [String: Tensor]
  ) throws(Diagnostic) -> [UInt8] {
    var writer = ONNXWriter(ONNXGraph(.double), Bindings(values))
    for (name, value) in values.sorted(by: { $0.key < $1.key }) { writer.graph.leaf(name, value) }
    writer.graph.begin("formula")
    writer.graph.output("value", try writer.written(expression))
    return writer.graph.bytes
  }

  private init(_ graph: ONNXGraph, _ environment: any Environment) {
    self.graph = graph
    self.environment = environment
  }

  func shape(_ expression: Expression) throws(Diagnostic) -> Shape {
    try ShapeInference(environment).shape(of: expression)
  }

  mutating func written(_ expression: Expression) throws(Diagnostic) -> Value {
    switch expression {
    case .number(let value): return graph.constant(Tensor(value))
    case .name(let name):
      let shape = try self.shape(expression)
      // The number of samples is no leaf.
      if name == .sampleCount, let m = environment.value(of: name) { return graph.constant(m) }
      return Value(name: name, shape: shape)
    case .negative(let a):
      let value = try written(a)
      return graph.add("Neg", [value], value.shape)
    case .binary(let operation, let a, let b):
      let left = try written(a)
      return binary(operation, left, try written(b), try shape(expression))
    case .derivative(_, let a, _):
      guard let slope = expression.writtenOut else { return try call(expression) }
      return expanded(try written(slope), to: try shape(a))
    case .list, .transpose, .call, .index: return try call(expression)
    }
  }

  private mutating func call(_ expression: Expression) throws(Diagnostic) -> Value {
    guard let call = OperationCall(expression) else {
      throw Diagnostic("\(expression) has no counterpart in ONNX")
    }
    if call.operation.slope != nil, let operand = call.operands.first {
      return try function(Function(call.operation.name), try written(operand))
    }
    let application = try ShapeInference(environment).application(of: call).application
    if let value = try counterpart(call, application) { return value }
    switch application.body {
    case .expression(let template): return try written(template.filled(call, application.setting.shapes))
    case .filled(let number): return graph.constant(Tensor(repeating: number, shape: application.shape))
    case .made: return graph.constant(try Evaluator(environment).value(of: expression))
    case .formula, .move: break
    }
    var operands: [Value] = []
    for (i, operand) in call.operands.enumerated() {
      operands.append(
        call.operation.signature.operand(i)?.isSize == true
          ? graph.constant(Tensor(Double(application.setting.sizes[i] ?? 0))) : try written(operand))
    }
    let result: Value
    if case .move(let move) = application.body {
      result = try moved(move, operands, application)
    } else {
      result = try ONNXGrid.written(application, operands, in: &self)
    }
    guard graph.constantCount <= Self.mostConstants else {
      throw Diagnostic(
        "\(call.operation.name) at these shapes takes more than \(Self.mostConstants) constants in ONNX",
        hint: "a smaller batch: batch size=1")
    }
    return result
  }

  // MARK: Operators

  private static let operators: [BinaryOperator: String] = [
    .add: "Add", .subtract: "Sub", .multiply: "Mul", .divide: "Div", .matrixProduct: "MatMul", .power: "Pow",
    .less: "Less", .lessOrEqual: "LessOrEqual", .greater: "Greater", .greaterOrEqual: "GreaterOrEqual",
    .equal: "Equal", .notEqual: "Equal",
  ]

  mutating func binary(_ operation: BinaryOperator, _ a: Value, _ b: Value, _ shape: Shape) -> Value {
    // A square is a product: powers are computed through logarithms here and there, and onnxruntime takes one for a part of
    // a layer normalisation in single precision.
    if operation == .power, graph.isConstant(b, 2) { return graph.add("Mul", [a, a], shape) }
    if operation == .matrixProduct, a.shape.rank == 1 || b.shape.rank == 1 { return product(a, b, shape) }
    let result = graph.add(Self.operators[operation] ?? "Add", [a, b], shape)
    guard operation.isComparison else { return result }
    let truth = operation == .notEqual ? graph.add("Not", [result], shape) : result
    return graph.cast(truth)
  }

  /// A product with a list as one with its row or column: onnxruntime puts a transpose into the product beside it, and counts
  /// the axes of a list wrongly then.
  private mutating func product(_ a: Value, _ b: Value, _ shape: Shape) -> Value {
    let left = a.shape.rank == 1 ? reshaped(a, [1, a.shape.count]) : a
    let right = b.shape.rank == 1 ? reshaped(b, [b.shape.count, 1]) : b
    var whole = shape.dimensions
    if b.shape.rank == 1 { whole.append(1) }
    if a.shape.rank == 1 { whole.insert(1, at: whole.count - 1) }
    return reshaped(graph.add("MatMul", [left, right], Shape(whole)), shape)
  }

  private static let functions: [String: String] = [
    "exp": "Exp", "log": "Log", "sqrt": "Sqrt", "abs": "Abs", "sign": "Sign", "tanh": "Tanh",
    "relu": "Relu", "erf": "Erf", "sin": "Sin", "cos": "Cos",
  ]

  /// A function of each entry alone.
  mutating func function(_ f: Function, _ argument: Value) throws(Diagnostic) -> Value {
    if let name = Self.functions[f.name] {
      if name == "Erf", graph.precision == .double { return errorFunction(argument) }
      return graph.add(name, [argument], argument.shape)
    }
    if f.name == "sigmoid" {
      // onnxruntime's Sigmoid is off by 4e-8 in single precision, which is much of a small value.
      let (one, shape) = (graph.constant(Tensor(1)), argument.shape)
      let power = graph.add("Exp", [graph.add("Neg", [argument], shape)], shape)
      return graph.add("Div", [one, graph.add("Add", [one, power], shape)], shape)
    }
    if f.name == "softplus" {
      // max(0, Z) + log(1 + exp(-|Z|)): exp(800) overflows.
      let shape = argument.shape
      let size = graph.add("Neg", [graph.add("Abs", [argument], shape)], shape)
      let sum = graph.add("Add", [graph.constant(Tensor(1)), graph.add("Exp", [size], shape)], shape)
      return graph.add("Add", [graph.add("Relu", [argument], shape), graph.add("Log", [sum], shape)], shape)
    }
    guard let operation = Operation.of(f), operation.slope != nil else {
      throw Diagnostic("\(f.name) has no counterpart in ONNX")
    }
    let application = try operation.application(at: .init(shapes: [argument.shape], sizes: [nil]))
    return try ONNXGrid.written(application, [argument], in: &self)
  }

  /// erf in doubles, for which onnxruntime has no operator: sign(x)·(1 - exp(-x²)·p(t)) with t = (|x| - 3.75) / (|x| + 3.75),
  /// right to 5e-16.
  private mutating func errorFunction(_ argument: Value) -> Value {
    let shape = argument.shape
    func number(_ value: Double) -> Value { graph.constant(Tensor(value)) }
    // Beyond 40 it is 1, and infinity over infinity would be nothing.
    let size = graph.add("Min", [graph.add("Abs", [argument], shape), number(40)], shape)
    let t = graph.add(
      "Div",
      [graph.add("Sub", [size, number(3.75)], shape), graph.add("Add", [size, number(3.75)], shape)], shape)
    var polynomial = number(0)
    for coefficient in Self.complementaryError.reversed() {
      let product = graph.add("Mul", [polynomial, t], shape)
      polynomial = graph.add("Add", [product, number(coefficient)], shape)
    }
    let square = graph.add("Mul", [size, size], shape)
    let power = graph.add("Exp", [graph.add("Neg", [square], shape)], shape)
    let tail = graph.add("Mul", [power, polynomial], shape)
    let distance = graph.add("Sub", [number(1), tail], shape)
    return graph.add("Mul", [graph.add("Sign", [argument], shape), distance], shape)
  }

  /// p(t) ≈ exp(x²)·erfc(x), the constant first: the polynomial through the 23 Chebyshev points of t, computed by mpmath with 60
  /// digits. Source of the form: Shepherd and Laframboise, "Chebyshev approximation of (1 + 2x)exp(x²)erfc x" (1981).
  private static let complementaryError = [
    0.14558972127503855, -0.27342193149542593, 0.2260080669166212, -0.16357189552397022, 0.10260431203222067,
    -0.05480232669377006, 0.024143223971842046, -0.008220621168733427, 0.001802962424068487,
    -2.5535232813826298e-05, -0.0001524627139018264, 4.7898376653783e-05, 3.583916309247077e-06,
    -6.182357877323866e-06, 7.480139079037047e-07, 6.575677397063597e-07, -1.8247471033595257e-07,
    -7.042826510813092e-08, 3.042767701652903e-08, 7.527338738541252e-09, -4.13426024929433e-09,
    -5.708763202769505e-10, 3.451873072378388e-10,
  ]

  /// Nil where the definition is to be written out.
  private mutating func counterpart(
    _ call: OperationCall, _ application: Application
  ) throws(Diagnostic) -> Value? {
    let shape = application.shape
    switch call.operation.name {
    case "transposed":
      let operand = try written(call.operands[0])
      return shape.rank < 2
        ? operand
        : graph.add("Transpose", [operand], shape, [("perm", .numbers(Array((0..<shape.rank).reversed())))])
    case "reshape", "flatten", "expand_dims", "squeeze": return reshaped(try written(call.operands[0]), shape)
    case "sum": return reduction("ReduceSum", try written(call.operands[0]), call.options, shape)
    case "mean": return reduction("ReduceMean", try written(call.operands[0]), call.options, shape)
    case "max": return reduction("ReduceMax", try written(call.operands[0]), call.options, shape)
    case "min": return reduction("ReduceMin", try written(call.operands[0]), call.options, shape)
    case "softmax" where (call.options.axes?.count ?? 1) == 1:
      return graph.add(
        "Softmax", [try written(call.operands[0])], shape, [("axis", .number(call.options.axis ?? -1))])
    case "maximum":
      return extremum("Max", try written(call.operands[0]), try written(call.operands[1]), shape)
    case "minimum":
      return extremum("Min", try written(call.operands[0]), try written(call.operands[1]), shape)
    case "where":
      let condition = try written(call.operands[0])
      let a = try written(call.operands[1])
      return chosen(condition, a, try written(call.operands[2]), shape)
    default: return nil
    }
  }

  mutating func extremum(_ name: String, _ a: Value, _ b: Value, _ shape: Shape) -> Value {
    graph.add(name, [a, b], shape)
  }

  mutating func chosen(_ condition: Value, _ a: Value, _ b: Value, _ shape: Shape) -> Value {
    graph.add("Where", [graph.cast(condition, toTruth: true), a, b], shape)
  }

  private mutating func reduction(_ name: String, _ a: Value, _ options: CallOptions, _ shape: Shape) -> Value
  {
    guard a.shape.rank > 0 else { return a }
    let axes = options.axes.map { $0.map { $0 < 0 ? $0 + a.shape.rank : $0 } } ?? Array(0..<a.shape.rank)
    return reduced(name, a, axes, keeps: options.keepsAxes && options.axes != nil, shape)
  }

  mutating func reduced(_ name: String, _ a: Value, _ axes: [Int], keeps: Bool, _ shape: Shape) -> Value {
    let keep = ("keepdims", ONNXGraph.Attribute.number(keeps ? 1 : 0))
    return name == "ReduceSum"
      ? graph.add(name, [a, graph.whole(axes)], shape, [keep])
      : graph.add(name, [a], shape, [("axes", .numbers(axes)), keep])
  }

  mutating func reshaped(_ a: Value, _ shape: Shape) -> Value {
    a.shape == shape ? a : graph.add("Reshape", [a, graph.whole(shape.dimensions)], shape)
  }

  mutating func expanded(_ a: Value, to shape: Shape) -> Value {
    a.shape == shape ? a : graph.add("Expand", [a, graph.whole(shape.dimensions)], shape)
  }

  /// Entries at positions of a value's list of entries; -1 is 0.
  mutating func gathered(_ a: Value, _ positions: [Int], _ shape: Shape) -> Value {
    if positions.count == a.shape.count, positions.elementsEqual(0..<positions.count) {
      return reshaped(a, shape)
    }
    var list = reshaped(a, [a.shape.count])
    let count = a.shape.count
    if positions.contains(where: { $0 < 0 }) {
      list = graph.add(
        "Concat", [list, graph.constant(Tensor(unchecked: [1], [0]))], [count + 1], [("axis", .number(0))])
    }
    let places = graph.whole(positions.map { $0 < 0 ? count : $0 }, shape)
    return graph.add("Gather", [list, places], shape, [("axis", .number(0))])
  }

  private mutating func moved(
    _ move: Move, _ operands: [Value], _ application: Application
  ) throws(Diagnostic) -> Value {
    guard let positions = move.positions(application.setting.shapes) else {
      throw Diagnostic("\(application.operation.name) has no counterpart in ONNX")
    }
    var starts: [Int] = []
    var total = 0
    var lists: [Value] = []
    for (i, operand) in operands.enumerated() {
      starts.append(total)
      guard application.operation.signature.operand(i)?.isSize != true else { continue }
      total += operand.shape.count
      lists.append(reshaped(operand, [operand.shape.count]))
    }
    let all =
      lists.count == 1 ? lists[0] : graph.add("Concat", lists, [total], [("axis", .number(0))])
    return gathered(
      all, positions.map { $0.operand < 0 ? -1 : starts[$0.operand] + $0.position }, move.shape)
  }
}
