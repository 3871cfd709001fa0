import Formulas
import LinearAlgebra
import Operations

/// Forward mode: a formula evaluated in dual numbers, by the definitions of its operations. It shares no rule with the
/// backward pass, so that each can check the other.
package struct ForwardMode {
  private var values: [String: DualTensor]
  private let base: any Environment

  package init(_ values: [String: DualTensor], over base: any Environment) {
    self.values = values
    self.base = base
  }

  /// Runs equations in order; afterwards their names have dual values too.
  package mutating func run(_ equations: some Sequence<Equation>) throws(Diagnostic) {
    for equation in equations { values[equation.name] = try dual(equation.evaluated) }
  }

  package func value(of name: String) -> DualTensor? { values[name] }

  package func dual(_ expression: Expression) throws(Diagnostic) -> DualTensor {
    switch expression {
    case .number(let value): return DualTensor(Tensor(value))
    case .name(let name):
      if let value = values[name] { return value }
      guard let value = base.value(of: name) else { throw base.missing(name) }
      return DualTensor(value)
    case .derivative, .list, .negative, .binary, .transpose, .call, .index: break
    }
    if let written = expression.writtenOut, case .derivative(_, let a, _) = expression {
      let slope = try dual(written)
      let shape = try dual(a).value.shape
      return DualTensor(
        slope.value.broadcast(to: shape) ?? slope.value, slope.tangent.flatMap { $0.broadcast(to: shape) })
    }
    guard let call = OperationCall(expression) else {
      throw Diagnostic("there is no function for \(expression)")
    }
    var operands: [DualTensor] = []
    for operand in call.operands { operands.append(try dual(operand)) }
    return try applied(call, operands)
  }

  /// An operation on dual operands.
  private func applied(_ call: OperationCall, _ operands: [DualTensor]) throws(Diagnostic) -> DualTensor {
    let operation = call.operation
    let names = operands.indices.map { "%\($0)" }
    // Sizes may name what the session knows, m above all.
    let bindings = Overlay(
      Dictionary(uniqueKeysWithValues: zip(names, operands).map { ($0, $1.value) }), over: base)
    // Sizes stay as they are, so that the shape is known.
    var plainOperands: [Expression] = []
    for (i, operand) in call.operands.enumerated() {
      let isLiteral = operand.names.isEmpty && call.takesPositions(at: i)
      plainOperands.append(
        isLiteral || operation.signature.operand(i)?.isSize == true ? operand : .name(names[i]))
    }
    let plain = call.replacing(operands: plainOperands)
    let value = try Evaluator(bindings).value(of: plain)
    guard operands.contains(where: { $0.tangent != nil }), operation !== Operation.detach else {
      return DualTensor(value)
    }
    if operation.slope != nil, let function = operation.scalarFunction, let a = operands.first {
      return DualTensor(value, a.tangent?.combined(with: a.value) { $0 * function.derivative($1) })
    }
    guard let inner = OperationCall(plain) else { return DualTensor(value) }
    let application = try ShapeInference(bindings).application(of: inner).application
    switch application.body {
    case .filled, .made: return DualTensor(value)
    case .expression(let template):
      let formula = template.filled(inner, application.setting.shapes)
      let duals = Dictionary(uniqueKeysWithValues: zip(names, operands))
      return try ForwardMode(duals, over: bindings).dual(formula)
    case .move:
      // Every entry is an entry: the tangent is moved as the value is.
      let tangents = Overlay(
        Dictionary(uniqueKeysWithValues: zip(names, operands).map { ($0, $1.tangentOrZero) }), over: base)
      return DualTensor(value, try Evaluator(tangents).value(of: plain))
    case .formula(let definition):
      if definition.body.isMultilinear {
        // An operand that only lends its shape has no part in the value.
        let read = operation.signature.operands.map { definition.body.valueNames.contains($0.name) }
        return try linear(plain, names, operands, value, read)
      }
      let entries: [Dual] = try application.reference { operand, index in
        guard operands.indices.contains(operand) else { return nil }
        let own = operands[operand]
        return own.value.position(of: index).map {
          Dual(own.value.elements[$0], own.tangent?.elements[$0] ?? 0)
        }
      }
      return DualTensor(value, Tensor(unchecked: value.shape, entries.map(\.tangent)))
    }
  }

  /// What is linear in each operand: the sum of the same operation with one operand's tangent for its value.
  private func linear(
    _ plain: Expression, _ names: [String], _ operands: [DualTensor], _ value: Tensor, _ isRead: [Bool]
  ) throws(Diagnostic) -> DualTensor {
    var total: Tensor?
    for (i, operand) in operands.enumerated() {
      guard isRead.indices.contains(i), isRead[i], let tangent = operand.tangent else { continue }
      var bindings = Overlay(
        Dictionary(uniqueKeysWithValues: zip(names, operands).map { ($0, $1.value) }), over: base)
      bindings.values[names[i]] = tangent
      let part = try Evaluator(bindings).value(of: plain)
      total = total.flatMap { $0.combined(with: part, +) } ?? part
    }
    return DualTensor(value, total)
  }
}

extension OperationCall {
  /// The formula of this operation with other operands.
  package func replacing(operands: [Expression]) -> Expression {
    switch source {
    case .call(let f, let arguments, let options):
      // The place of a scatter keeps its subscripts.
      if case .index(_, let subscripts)? = arguments.last, self.subscripts == subscripts, !subscripts.isEmpty,
        operands.count >= arguments.count
      {
        var lists = operands.dropFirst(arguments.count)
        let place = Expression.index(
          operands[arguments.count - 1],
          subscripts.map { $0.list == nil ? $0 : .positions(lists.popFirst() ?? 0) })
        return .call(f, Array(operands[..<(arguments.count - 1)]) + [place], options)
      }
      return .call(f, operands, options)
    case .derivative(let f, _, let options):
      // The Jacobian of a function is an operation on the function's value.
      return .call(Function(f.name + "'"), operands, options)
    default:
      var next = operands.makeIterator()
      return source.mapChildren { next.next() ?? $0 }
    }
  }
}

extension IndexFormula {
  /// Sums of products in which every operand stands once as a factor: the derivative by each operand is the same formula.
  fileprivate var isMultilinear: Bool {
    func isProduct(_ formula: IndexFormula) -> Bool {
      switch formula {
      case .number, .entry, .delta, .count: true
      case .binary(.multiply, let a, let b):
        isProduct(a) && isProduct(b) && Set(a.valueNames).isDisjoint(with: b.valueNames)
      case .binary(.divide, let a, .count), .binary(.divide, let a, .number): isProduct(a)
      case .fold(.sum, _, let body): isProduct(body)
      case .negative(let a): isProduct(a)
      // A comparison is a step: what it compares has no part in the derivative.
      case .binary(let operation, _, _) where operation.isComparison: true
      default: false
      }
    }
    return isProduct(self) && !valueNames.isEmpty
  }

  fileprivate var valueNames: [String] {
    if case .entry(.name(let name), _) = self { return [name] }
    if case .binary(let operation, _, _) = self, operation.isComparison { return [] }
    return children.flatMap(\.valueNames)
  }
}
