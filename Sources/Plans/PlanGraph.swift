import Formulas
import LinearAlgebra
import Operations

/// Equations as a graph in which every different value occurs once, however often a formula repeats it. Inputs of
/// a node have smaller numbers than the node.
struct PlanGraph {
  private(set) var nodes: [PlanNode] = []
  private var numbers: [PlanNode: Int] = [:]
  /// The node behind each name.
  private(set) var names: [String: Int] = [:]
  /// Equations in which something has no kernel, with the formula that has none.
  private(set) var slow: [(equation: String, formula: Expression)] = []
  private var shapes: ShapeEnvironment
  private var current = ""

  /// - Parameter shapes: of every leaf.
  init(leaves shapes: [String: Shape], sampleCount: Int?) {
    self.shapes = ShapeEnvironment(shapes: shapes) { Diagnostic("\(name: $0) has no value yet") }
    self.shapes.sampleCount = sampleCount
    // What is made of m alone is computed here: diag(ones(m) / m).
    if sampleCount != nil { self.shapes.shapes[.sampleCount] = .scalar }
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
      if name == .sampleCount, let count = shapes.sampleCount { return constant(Tensor(Double(count))) }
      guard let shape = shapes.shapes[name] else { throw shapes.missing(name) }
      return append(.leaf(name), [], shape)
    case .binary(.power, let a, 2): return try entries(.block(.multiply), [a, a], expression, scope)
    case .derivative, .list, .negative, .binary, .transpose, .call, .index: break
    }
    if let written = expression.writtenOut, case .derivative(_, let u, _) = expression {
      let slope = try node(written, scope: scope)
      return nodes[slope].shape == nodes[try node(u, scope: scope)].shape
        ? slope : try evaluated(expression, scope)
    }
    guard let call = OperationCall(expression) else { return try evaluated(expression, scope) }
    return try operation(call, expression, scope)
  }

  /// The node of an operation, by the kind of kernel that stands with it.
  private mutating func operation(
    _ call: OperationCall, _ expression: Expression, _ scope: [String: Int]
  ) throws(Diagnostic) -> Int {
    switch call.operation.kernel {
    case .entries(let block)?: return try entries(.block(block), call.operands, expression, scope)
    case .power?: return try entries(.power, call.operands, expression, scope)
    case nil where call.operation.slope != nil:
      return try entries(.function(Function(call.operation.name)), call.operands, expression, scope)
    case .product?: return try product(call.operands[0], call.operands[1], expression, scope)
    case .transpose?:
      let input = try node(call.operands[0], scope: scope)
      let shape = nodes[input].shape
      if shape.rank < 2 { return input }
      if case .transpose = nodes[input].operation { return nodes[input].inputs[0] }
      return shape.rank == 2
        ? append(.transpose, [input], shape.transposed) : try evaluated(expression, scope)
    case .reshape?:
      let input = try node(call.operands[0], scope: scope)
      let shape = try inferred(expression, scope).shape
      return shape == nodes[input].shape ? input : append(.reshape, [input], shape)
    case .prepared?, .checked?:
      guard let (setting, inputs) = try setting(call, scope) else { break }
      let shape = try call.operation.application(at: setting).shape
      guard call.operation.kernel?.checked(setting, shape) != nil else { break }
      return append(.kernel(Function(call.operation.name), setting), inputs, shape)
    case nil: break
    }
    return try evaluated(expression, scope)
  }

  /// Shapes, sizes and options of an operation, and the nodes of its operands; nil where a size is not known yet.
  private mutating func setting(
    _ call: OperationCall, _ scope: [String: Int]
  ) throws(Diagnostic) -> (Operations.Operation.Setting, [Int])? {
    var inputs: [Int] = []
    var operandShapes: [Shape] = []
    var sizes: [Int?] = []
    for (i, operand) in call.operands.enumerated() {
      if call.operation.signature.operand(i)?.isSize == true {
        guard operand.names.allSatisfy({ $0 == .sampleCount && scope[$0] == nil }),
          let size = try Evaluator(shapes).value(of: operand).scalarValue.flatMap({ Int(exactly: $0) })
        else { return nil }
        sizes.append(size)
        operandShapes.append(.scalar)
      } else {
        let input = try node(operand, scope: scope)
        inputs.append(input)
        sizes.append(nil)
        operandShapes.append(nodes[input].shape)
      }
    }
    return (
      Operations.Operation.Setting(
        shapes: operandShapes, sizes: sizes, options: call.options, subscripts: call.subscripts), inputs
    )
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
    for i in 0...1 where inputs.allSatisfy({ nodes[$0].shape.rank <= 2 }) {
      if case .transpose = nodes[inputs[i]].operation {
        inputs[i] = nodes[inputs[i]].inputs[0]
        isTransposed[i] = true
      }
    }
    return append(.product(transposeA: isTransposed[0], transposeB: isTransposed[1]), inputs, shape)
  }

  // MARK: Without a kernel

  /// The formula with every operand that is not a number replaced by `%0`, `%1` …, and its shape.
  private mutating func inferred(
    _ expression: Expression, _ scope: [String: Int]
  ) throws(Diagnostic) -> (formula: Expression, shape: Shape, inputs: [Int]) {
    var environment = shapes
    var inputs: [Int] = []
    func isSize(_ e: Expression) -> Bool { e.names.allSatisfy { $0 == .sampleCount && scope[$0] == nil } }
    var replacements: [Expression] = []
    for child in expression.children {
      // The place of a scatter keeps its subscripts, which are what it is about.
      if case .index(.name, _) = child, OperationCall(expression)?.subscripts.isEmpty == false,
        !isIndex(expression)
      {
        replacements.append(child)
        for name in child.names {
          let input = try node(.name(name), scope: scope)
          environment.shapes["%\(inputs.count)"] = nodes[input].shape
          replacements[replacements.count - 1] = child.substituting([name: .name("%\(inputs.count)")])
          inputs.append(input)
        }
        continue
      }
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

  private func isIndex(_ expression: Expression) -> Bool {
    if case .index = expression { true } else { false }
  }

  private mutating func evaluated(
    _ expression: Expression, _ scope: [String: Int]
  ) throws(Diagnostic) -> Int {
    let (formula, shape, inputs) = try inferred(expression, scope)
    if inputs.isEmpty {
      return constant(try Evaluator(shapes).value(of: formula))
    }
    let before = nodes.count
    let number = append(.evaluated(formula), inputs, shape)
    if nodes.count > before { slow.append((current, expression)) }
    return number
  }
}
