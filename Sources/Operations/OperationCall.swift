import Formulas
import LinearAlgebra

/// One operation of a formula with the formulas that it reads.
package struct OperationCall: Sendable {
  package let operation: Operation
  package let operands: [Expression]
  package let options: CallOptions
  package let subscripts: [Subscript]
  /// The formula that it was read from.
  package let source: Expression

  /// Nil for numbers, names, and functions that the table does not have.
  package init?(_ expression: Expression) {
    var options = CallOptions.none
    var subscripts: [Subscript] = []
    var operands = expression.children
    let found: Operation?
    switch expression {
    case .number, .name: return nil
    case .negative: found = .negative
    case .transpose: found = .transpose
    case .list: found = .list
    case .index(_, let items):
      found = items.contains { $0.list != nil } ? .gather : .selection
      subscripts = items
    case .binary(let operation, _, _): found = .of(operation)
    case .derivative(let f, let argument, let own):
      // A function of each entry alone is written out by its slope (`writtenOut`).
      found = .named(f.name + "'")
      operands = [.call(f, [argument], own)]
      options = own
    case .call(let f, let arguments, let own):
      found = .of(f)
      options = own
      // A place, not a value: the selection's base lends its shape.
      if case .index(let base, let items)? = arguments.last, found === Operation.scatter {
        operands = Array(arguments.dropLast()) + [base] + items.compactMap(\.list)
        subscripts = items
      }
    }
    guard let found else { return nil }
    operation = found
    source = expression
    self.operands = operands
    self.options = options
    self.subscripts = subscripts
  }
}

extension OperationCall {
  /// Whether an operand is a size, or whole numbers that say which: positions, labels.
  package func takesPositions(at i: Int) -> Bool {
    operation.signature.operand(i)?.isSize == true || operation.sizeFromValue != nil
      || !subscripts.isEmpty && i > 0
  }
}

extension Operation {
  package static func of(_ operation: BinaryOperator) -> Operation {
    switch operation {
    case .add: .add
    case .subtract: .subtract
    case .multiply: .multiply
    case .divide: .divide
    case .matrixProduct: .matrixProduct
    case .power: .power
    case .less: .less
    case .lessOrEqual: .lessOrEqual
    case .greater: .greater
    case .greaterOrEqual: .greaterOrEqual
    case .equal: .equal
    case .notEqual: .notEqual
    }
  }

  /// f′ at a value, written out: what relu'(Z) stands for. Nil for what is no function of each entry alone.
  package func slope(at argument: Expression, value: Expression) -> Expression? {
    guard let slope, let template = try? parsed.template(slope) else { return nil }
    return template.substituting([argumentName: argument, resultName: value])
  }

  /// `Z` of `relu(Z)`.
  package var argumentName: String { signature.operands.first?.name ?? "Z" }

  /// What the definition calls the result.
  package var resultName: String {
    for item in cases {
      switch item.meaning {
      case .written(let name, _): return name
      case .formula(let text), .expression(let text):
        let name = text.prefix { $0.isLetter || $0.isNumber }
        if !name.isEmpty { return String(name) }
      case .move, .filled, .made: continue
      }
    }
    return "C"
  }
}

extension Expression {
  /// A derivative of a function of each entry alone as the formula that it is.
  package var writtenOut: Expression? {
    guard case .derivative(let f, let a, _) = self else { return nil }
    return Operation.of(f)?.slope(at: a, value: .call(f, [a], .none))
  }
}

extension Expression {
  /// What stands where an operation takes a size: 4 of `reshape(A, 4, -1)`.
  package var sizeOperands: [Expression] {
    guard let call = OperationCall(self) else { return [] }
    return call.operands.enumerated().filter { call.operation.signature.operand($0.offset)?.isSize == true }
      .map(\.element)
  }

  /// The same of all its parts.
  package var sizes: [Expression] { sizeOperands + children.flatMap(\.sizes) }

  /// Whether it reads more than numbers, the number of samples and sizes of values.
  package var hasOwnNames: Bool {
    if isSize { return false }
    if case .name(let name) = self { return name != .sampleCount }
    return children.contains { $0.hasOwnNames }
  }
}

extension Operation {
  /// False where no definition reads an entry of it: its shape alone counts.
  package func readsEntries(ofOperand i: Int) -> Bool {
    guard let name = signature.operand(i)?.name else { return true }
    return cases.contains { item in
      guard case .formula(let text) = item.meaning else { return true }
      return text.ranges(of: "\(name)[").contains { place in
        text[..<place.lowerBound].last.map { !$0.isLetter } ?? true
      }
    }
  }
}
