import Formulas
import LinearAlgebra

extension Operation {
  /// The result from the operands' values: by the kernel, else as stated, else by the definition. Nil where their shapes do
  /// not suit it.
  package func value(
    _ operands: [Tensor], _ setting: Setting, _ call: OperationCall? = nil
  ) throws(Diagnostic) -> Tensor? {
    if slope != nil, let argument = operands.first, let program = entryProgram { return program(argument) }
    if case .entries(let block)? = kernel { return block(operands) }
    if let value { return try value(operands, setting) }
    let application = try application(at: setting)
    if let run = kernel?.checked(setting, application.shape) {
      var failure: Diagnostic?
      let result = Tensor(writing: application.shape, reading: operands) { failure = run($0, $1) }
      if let failure { throw failure }
      return result
    }
    switch application.body {
    case .expression(let template):
      guard let call else { return nil }
      var bindings = Bindings([:])
      var names: [Expression] = []
      for (i, operand) in operands.enumerated() {
        bindings.values["%\(i)"] = operand
        names.append(setting.sizes[i] == nil ? .name("%\(i)") : .number(operand.scalarValue ?? 0))
      }
      return try Evaluator(bindings).value(of: template.filled(call, setting.shapes, by: names))
    case .move(let move):
      guard let positions = move.positions(setting.shapes) else { return nil }
      return Tensor(
        unchecked: move.shape,
        positions.map { operand, position in operand < 0 ? 0 : operands[operand].elements[position] })
    case .formula: return try application.reference(operands)
    case .filled(let number):
      guard application.shape.checkedCount != nil else { return nil }
      return Tensor(repeating: number, shape: application.shape)
    case .made: return nil
    }
  }
}

extension Expression {
  /// A template with an operation's operands put in: `count_A` and `sizes_A` by the shapes, options by those of the call.
  package func filled(
    _ call: OperationCall, _ shapes: [Shape], by operands: [Expression]? = nil
  ) -> Expression {
    var names: [String: Expression] = [:]
    var lists: [String: [Expression]] = [:]
    for (i, operand) in call.operation.signature.operands.enumerated() where call.operands.indices.contains(i)
    {
      names[operand.name] = (operands ?? call.operands)[i]
      names["count_" + operand.name] = .number(Double(shapes[i].count))
      lists["sizes_" + operand.name] = shapes[i].dimensions.map { .number(Double($0)) }
    }
    for option in call.operation.signature.options {
      let usual = Double(option.usual).map { Expression.number($0) }
      names[option.name] = call.options.number(option.name).map { .number($0) } ?? usual
    }
    return filled(names: names, lists: lists, call, rank: shapes.first?.rank ?? 0)
  }

  /// - Parameters:
  ///   - names: what stands for each name of the template.
  ///   - lists: what stands for names of several values, `sizes_A`.
  ///   - rank: of the operand along whose axes the call's options count.
  package func filled(
    names: [String: Expression], lists: [String: [Expression]], _ call: OperationCall, rank: Int
  ) -> Expression {
    filled(names, lists, call.operation, call.options, rank)
  }

  private func filled(
    _ names: [String: Expression], _ lists: [String: [Expression]], _ operation: Operation,
    _ options: CallOptions, _ rank: Int
  ) -> Expression {
    func inner(_ expression: Expression) -> Expression {
      expression.filled(names, lists, operation, options, rank)
    }
    switch self {
    case .name(let name): return names[name] ?? self
    case .call(let f, let arguments, let own):
      let expanded = arguments.flatMap { argument -> [Expression] in
        if case .name(let name) = argument, let list = lists[name] { return list }
        return [inner(argument)]
      }
      var filled = own
      for name in own.names {
        guard case .word(let word)? = own[name],
          let option = operation.signature.options.first(where: { $0.name == word })
        else { continue }
        filled[name] = options[word]
        // The axis of a function that runs along another one by default is always written.
        let called = Operation.of(f)?.signature.options.first { $0.name == name }
        if name == "axis", called?.usual != option.usual, let usual = Int(option.usual), options.axes == nil {
          filled.axis = usual
        }
        if name == "axis", let axis = filled.axis {
          filled.axis = axis < 0 ? axis + rank : axis
          if called?.usual == "-1", filled.axis == rank - 1 { filled.axis = nil }
        }
      }
      return .call(f, expanded, filled)
    default: return mapChildren(inner)
    }
  }
}
