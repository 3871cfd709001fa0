import Differentiation
import Formulas
import LinearAlgebra

/// Equations as a graph in which every different value occurs once, however often a formula repeats it. Inputs of
/// a node have smaller numbers than the node.
struct PlanGraph {
  private(set) var nodes: [PlanNode] = []
  private var numbers: [PlanNode: Int] = [:]
  /// The node behind each name.
  private(set) var names: [String: Int] = [:]
  /// Equations in which something has no kernel, with the formula that has none.
  private(set) var slow: [(equation: String, formula: String)] = []
  private var shapes: ShapeEnvironment
  private var current = ""

  /// - Parameter shapes: of every leaf.
  init(leaves shapes: [String: Shape], sampleCount: Int?) {
    self.shapes = ShapeEnvironment(shapes: shapes) { Diagnostic("\($0) has no value yet") }
    self.shapes.sampleCount = sampleCount
  }

  init(_ program: Program, leaves: [String]) throws(Diagnostic) {
    var known: [String: Shape] = [:]
    for name in leaves { known[name] = program.shapes[name] }
    self.init(leaves: known, sampleCount: program.sampleCount)
    for equation in program.steps { try add(equation) }
  }

  /// Adds an equation; its name stands for its value from here on.
  @discardableResult mutating func add(_ equation: Equation) throws(Diagnostic) -> Int {
    current = equation.name
    let number = try node(equation.evaluated)
    names[equation.name] = number
    return number
  }

  /// Makes a name stand for a leaf of this shape.
  mutating func addLeaf(_ name: String, _ shape: Shape) { shapes.shapes[name] = shape }

  mutating func append(_ operation: PlanNode.Operation, _ inputs: [Int], _ shape: Shape) -> Int {
    let node = PlanNode(operation: operation, inputs: inputs, shape: shape)
    if let known = numbers[node] { return known }
    nodes.append(node)
    numbers[node] = nodes.count - 1
    return nodes.count - 1
  }

  private mutating func constant(_ value: Tensor) -> Int { append(.constant(value), [], value.shape) }

  /// The node of a formula. `scope` gives names that are none of the program's.
  mutating func node(_ expression: Expression, scope: [String: Int] = [:]) throws(Diagnostic) -> Int {
    switch expression {
    case .number(let value): return constant(Tensor(value))
    case .name(let name):
      if let known = scope[name] ?? names[name] { return known }
      if name == "m", let count = shapes.sampleCount { return constant(Tensor(Double(count))) }
      guard let shape = shapes.shapes[name] else { throw shapes.missing(name) }
      return append(.leaf(name), [], shape)
    case .negative(let a): return try entries(.block(.negative), [a], expression, scope)
    case .transpose(let a):
      let input = try node(a, scope: scope)
      let shape = nodes[input].shape
      if shape.rank < 2 { return input }
      if case .transpose = nodes[input].operation { return nodes[input].inputs[0] }
      return shape.rank == 2
        ? append(.transpose, [input], shape.transposed) : try evaluated(expression, scope)
    case .binary(.matrixProduct, let a, let b): return try product(a, b, expression, scope)
    case .binary(.power, let a, 2): return try entries(.block(.multiply), [a, a], expression, scope)
    case .binary(let operation, let a, let b):
      guard let operation = EntryOperation.of(operation) else { return try evaluated(expression, scope) }
      return try entries(operation, [a, b], expression, scope)
    case .index(let a, let subscripts):
      let input = try node(a, scope: scope)
      guard let (shape, positions) = Evaluator.selection(subscripts, in: nodes[input].shape) else {
        throw Diagnostic("an index lies outside \(nodes[input].shape)")
      }
      return append(.select(positions), [input], shape)
    case .derivative(.elementwise(let f), let u, _):
      let input = try node(u, scope: scope)
      let value = append(.entries(.of(f)), [input], nodes[input].shape)
      let slope = try node(f.derivative, scope: ["u": input, "v": value])
      guard nodes[slope].shape == nodes[input].shape else { return try evaluated(expression, scope) }
      return slope
    case .list, .derivative: return try evaluated(expression, scope)
    case .call(let f, let arguments, let options):
      switch f {
      case .elementwise(let f): return try entries(.of(f), arguments, expression, scope)
      case .loss(let f): return try loss(f, arguments, options, scope)
      case .builtin(let f): return try builtin(f, arguments, options, expression, scope)
      }
    }
  }

  private mutating func entries(
    _ operation: EntryOperation, _ arguments: [Expression], _ expression: Expression, _ scope: [String: Int]
  ) throws(Diagnostic) -> Int {
    var inputs: [Int] = []
    for argument in arguments { inputs.append(try node(argument, scope: scope)) }
    var shape = Shape.scalar
    for input in inputs {
      guard let common = shape.broadcast(with: nodes[input].shape) else {
        throw Diagnostic("the shapes in \(expression) do not meet")
      }
      shape = common
    }
    return append(.entries(operation), inputs, shape)
  }

  private mutating func product(
    _ a: Expression, _ b: Expression, _ expression: Expression, _ scope: [String: Int]
  ) throws(Diagnostic) -> Int {
    var inputs = [try node(a, scope: scope), try node(b, scope: scope)]
    guard let shape = nodes[inputs[0]].shape.product(with: nodes[inputs[1]].shape) else {
      throw Diagnostic("the shapes in \(expression) do not meet")
    }
    var isTransposed = [false, false]
    for i in 0...1 {
      if case .transpose = nodes[inputs[i]].operation {
        inputs[i] = nodes[inputs[i]].inputs[0]
        isTransposed[i] = true
      }
    }
    return append(.product(transposeA: isTransposed[0], transposeB: isTransposed[1]), inputs, shape)
  }

  /// A loss written out, its logarithms clipped as the stepper clips them.
  private mutating func loss(
    _ f: LossFunction, _ arguments: [Expression], _ options: CallOptions, _ scope: [String: Int]
  ) throws(Diagnostic) -> Int {
    guard arguments.count == 2 else { throw Diagnostic("\(f.name) takes 2 values") }
    let (Y, P) = (try node(arguments[0], scope: scope), try node(arguments[1], scope: scope))
    let divisor = Evaluator.divisor(
      of: f, shape: nodes[P].shape, axis: options.axis, reduction: options.reduction)
    let definition = f.definition(
      targets: "Y", predictions: "P", divisor: divisor.map { .number(Double($0)) })
    return try node(definition.clippingLogarithms, scope: ["Y": Y, "P": P])
  }

  private mutating func builtin(
    _ f: Builtin, _ arguments: [Expression], _ options: CallOptions, _ expression: Expression,
    _ scope: [String: Int]
  ) throws(Diagnostic) -> Int {
    switch f {
    case .maximum, .minimum, .where, .clip:
      guard let operation = EntryOperation.of(f) else { break }
      return try entries(operation, arguments, expression, scope)
    case .sum, .mean, .max, .min, .argmax, .logsumexp, .softmax:
      guard let first = arguments.first else { break }
      let input = try node(first, scope: scope)
      let shape = nodes[input].shape
      let usual = f == .logsumexp || f == .softmax ? -1 : nil
      guard let asked = options.axis ?? usual else {
        return append(.reduction(f, axis: nil), [input], .scalar)
      }
      guard let axis = shape.axis(asked) else { break }
      if f == .softmax { return append(.softmax(axis: axis), [input], shape) }
      return append(.reduction(f, axis: axis), [input], shape.reducing(axis: axis))
    case .reshape, .flatten:
      guard let first = arguments.first else { break }
      let input = try node(first, scope: scope)
      let shape = try inferred(expression, scope).shape
      return shape == nodes[input].shape ? input : append(.reshape, [input], shape)
    case .scatter:
      guard arguments.count == 2, case .index(let base, let subscripts) = arguments[1] else { break }
      let source = try node(arguments[0], scope: scope)
      let whole = nodes[try node(base, scope: scope)].shape
      guard let (shape, positions) = Evaluator.selection(subscripts, in: whole), shape == nodes[source].shape
      else { break }
      return append(.scatter(positions), [source], whole)
    case .conv2d, .conv2dInputGradient, .conv2dWeightGradient, .maxpool, .avgpool, .maxpoolGradient,
      .avgpoolGradient:
      if let known = try window(f, arguments, options, expression, scope) { return known }
    case .onehot, .diag, .outer, .eye, .zeros, .ones, .linspace, .arange, .randn, .rand, .contract: break
    }
    return try evaluated(expression, scope)
  }

  private mutating func window(
    _ f: Builtin, _ arguments: [Expression], _ options: CallOptions, _ expression: Expression,
    _ scope: [String: Int]
  ) throws(Diagnostic) -> Int? {
    let read: Int
    switch f {
    case .conv2d, .conv2dInputGradient, .conv2dWeightGradient, .maxpoolGradient: read = 2
    default: read = 1
    }
    guard arguments.count >= read else { return nil }
    var inputs: [Int] = []
    for argument in arguments.prefix(read) { inputs.append(try node(argument, scope: scope)) }
    var size = 0
    var other: Shape?
    switch f {
    case .conv2dInputGradient, .conv2dWeightGradient:
      guard arguments.count == 3 else { return nil }
      other = nodes[try node(arguments[2], scope: scope)].shape
    case .avgpoolGradient:
      guard arguments.count == 3 else { return nil }
      other = nodes[try node(arguments[1], scope: scope)].shape
    default: break
    }
    if let last = arguments.last, [.maxpool, .avgpool, .maxpoolGradient, .avgpoolGradient].contains(f) {
      guard case .number(let value) = last, let whole = Int(exactly: value) else { return nil }
      size = whole
    }
    return append(
      .window(f, options, size: size, other: other), inputs, try inferred(expression, scope).shape)
  }

  // MARK: Without a kernel

  /// The formula with every operand that is not a number replaced by `%0`, `%1` …, and its shape.
  private mutating func inferred(
    _ expression: Expression, _ scope: [String: Int]
  ) throws(Diagnostic) -> (formula: Expression, shape: Shape, inputs: [Int]) {
    var environment = shapes
    var inputs: [Int] = []
    func isSize(_ e: Expression) -> Bool { e.names.allSatisfy { $0 == "m" && scope[$0] == nil } }
    var replacements: [Expression] = []
    for child in expression.children {
      if isSize(child) {
        replacements.append(child)
        continue
      }
      let input = try node(child, scope: scope)
      let name = "%\(inputs.count)"
      environment.shapes[name] = nodes[input].shape
      inputs.append(input)
      replacements.append(.name(name))
    }
    var position = 0
    let formula = expression.mapChildren { _ in
      defer { position += 1 }
      return replacements[position]
    }
    return (formula, try ShapeInference(environment).shape(of: formula), inputs)
  }

  private mutating func evaluated(
    _ expression: Expression, _ scope: [String: Int]
  ) throws(Diagnostic) -> Int {
    // scatter keeps its second operand, whose subscripts are what it is about.
    if case .call(.builtin(.scatter), let arguments, _) = expression, arguments.count == 2,
      case .index(let base, let subscripts) = arguments[1]
    {
      let inputs = [try node(arguments[0], scope: scope), try node(base, scope: scope)]
      slow.append((current, "scatter"))
      return append(
        .evaluated(.call(.scatter, "%0", .index("%1", subscripts))), inputs, nodes[inputs[1]].shape)
    }
    let (formula, shape, inputs) = try inferred(expression, scope)
    if inputs.isEmpty {
      return constant(try Evaluator(shapes).value(of: formula))
    }
    let before = nodes.count
    let number = append(.evaluated(formula), inputs, shape)
    if nodes.count > before { slow.append((current, expression.description)) }
    return number
  }
}
