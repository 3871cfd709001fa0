import Formulas
import LinearAlgebra
import Operations
import Platform

/// Finds where nan or infinity first appears in a formula, and says why.
package struct NumericalOrigin {
  private let environment: any Environment
  private let equations: [Equation]

  /// - Parameter equations: those of the names in it, for telling where a 0 comes from.
  package init(_ environment: any Environment, _ equations: [Equation]) {
    self.environment = environment
    self.equations = equations
  }

  /// A sentence about the first operation that made it; nil when all is finite, or infinite as it was typed: a mask.
  package func explain(_ expression: Expression, as name: String?) -> Prose? {
    guard let value = value(expression), !value.isFinite else { return nil }
    // Of a value that was given there is nothing to say.
    if case .name(let given) = expression, given.gradientOf == nil,
      !equations.contains(where: { $0.name == given })
    {
      return nil
    }
    // A typed -1/0 is meant: the scores that a mask takes out.
    let isTyped = expression.contains { part in
      if case .binary(.divide, let a, 0) = part { part != expression && a.names.isEmpty } else { false }
    }
    if isTyped, !value.elements.contains(where: \.isNaN) { return nil }
    return search(expression, value, as: name) ?? search(expression, value, as: name, seeksNaN: true)
  }

  /// Nil for what has no value: a part that cannot be evaluated alone is passed over.
  private func value(_ expression: Expression) -> Tensor? {
    try? Evaluator(environment).value(of: expression)
  }

  /// Nil where an infinity was typed as it is; a nan behind it has a cause of its own.
  private func search(
    _ expression: Expression, _ value: Tensor, as name: String?, seeksNaN: Bool = false,
    isWhole: Bool = true, isOuter: Bool = true
  ) -> Prose? {
    func first(_ tensor: Tensor) -> Int? { tensor.elements.firstIndex { seeksNaN ? $0.isNaN : !$0.isFinite } }
    guard let position = first(value) else { return nil }
    if case .number = expression { return nil }
    let what = value.elements[position].isNaN ? "nan" : "infinity"
    if case .call(let f, let arguments, let options) = expression, let a = arguments.first,
      emptyLine(f, options, self.value(a).map { (a, $0) }, position) != nil
    {
      return "\(what) first appears in \(name.map { "\(name: $0)" as Prose } ?? "\(expression)"): "
        + reason(expression, value, position)
    }
    for child in expression.children {
      guard let operand = self.value(child), let bad = first(operand) else { continue }
      if case .name(let source) = child {
        let isGiven = !equations.contains { $0.name == source } && source.gradientOf == nil
        if isGiven, operand.elements[bad].isInfinite { return nil }
        let here: Prose =
          name.map { " in \(isWhole ? Self.entry(.name($0), value, position) : .name($0))" } ?? ""
        return "\(what)\(here) comes from \(Self.entry(.name(source), operand, bad))"
      }
      return search(
        child, operand, as: name, seeksNaN: seeksNaN, isWhole: isWhole && operand.shape == value.shape,
        isOuter: false)
    }
    let here: Prose = name.map { "\(name: $0)" } ?? "\(expression)"
    return "\(what) first appears in \(here): "
      + reason(expression, value, position, part: isOuter ? nil : expression)
  }

  /// - Parameter part: what it is said of where that is not the whole formula.
  private func reason(
    _ expression: Expression, _ value: Tensor, _ position: Int, part: Expression? = nil
  ) -> Prose {
    let size = tooLarge(part)
    let (first, entry) = (Self.first, Self.entry)
    func operand(_ i: Int) -> (Expression, Tensor)? {
      guard expression.children.indices.contains(i) else { return nil }
      return self.value(expression.children[i]).map { (expression.children[i], $0) }
    }
    switch expression {
    case .binary(.divide, _, _):
      if let (b, tensor) = operand(1), let zero = first(tensor, value, position, { $0 == 0 }) {
        if case .number = b { return "division by zero" }
        return "division by zero, \(entry(b, tensor, zero)) is 0" + underflow(b)
      }
    case .call(let f, _, let options) where emptyLine(f, options, operand(0), position) != nil:
      if let (a, _) = operand(0), let line = emptyLine(f, options, operand(0), position) {
        return
          "\(Expression.index(a, line)) is -inf in every entry: all of it is masked, and \(f.name) divides 0 by 0"
      }
    case .call(let f, _, _):
      if let (a, tensor) = operand(0), tensor.elements.indices.contains(position),
        let trouble = Operation.of(f)?.scalarFunction?.trouble?(tensor.elements[position])
      {
        let x = tensor.elements[position]
        if x > 0, environment.format != .float64 { return size }
        // Too large a number is named already.
        if Self.isLiteral(a) { return x < 0 ? "\(trouble), \(Printer.number(x))" : "\(trouble)" }
        if x > 0 { return "\(trouble)" }
        let argument = entry(a, tensor, position)
        return "\(trouble), \(argument) is \(Printer.number(x))" + (x == 0 ? underflow(a) : "")
      }
    case .binary(.power, _, _):
      if let (a, tensor) = operand(0), let zero = first(tensor, value, position, { $0 <= 0 }) {
        let number = Printer.number(tensor.elements[zero])
        return Self.isLiteral(a)
          ? "this power of \(number) does not exist"
          : "this power of \(entry(a, tensor, zero)) = \(number) does not exist"
      }
    case .number, .name, .list, .negative, .binary, .transpose, .derivative, .index: break
    }
    if value.elements[position].isNaN {
      if case .binary(let operation, _, _) = expression, let (_, a) = operand(0), let (_, b) = operand(1),
        let x = a.broadcast(to: value.shape)?.elements[position],
        let y = b.broadcast(to: value.shape)?.elements[position]
      {
        return "\(Printer.number(x)) \(operation.rawValue) \(Printer.number(y)) is not a number"
      }
      // What averages over n - ddof entries has none to average over.
      if case .call(_, _, let options) = expression, options.integer("ddof") ?? 0 > 0,
        operand(0)?.1.isFinite == true
      {
        return "0 divided by 0: one number has no n - 1 others"
      }
      return "it is made of infinities that have no common value"
    }
    return size
  }

  private static func isLiteral(_ expression: Expression) -> Bool {
    switch expression {
    case .number, .negative(.number): true
    case .name, .list, .negative, .binary, .transpose, .derivative, .index, .call: false
    }
  }

  private func tooLarge(_ part: Expression?) -> Prose {
    let what: Prose = part.map { "\($0)" } ?? "the result"
    return environment.format == .float64
      ? "\(what) is larger than any double (about 1.8e308)"
      : "\(what) is larger than any \(environment.format.rawValue) (\(Printer.number(environment.format.largest)))"
  }

  /// The line through an entry of what works along an axis, where all of it is -inf.
  private func emptyLine(
    _ f: Function, _ options: CallOptions, _ operand: (Expression, Tensor)?, _ position: Int
  ) -> [Subscript]? {
    guard let operation = Operation.of(f), operation.jacobian != nil, let (_, tensor) = operand,
      tensor.elements.indices.contains(position), let axis = tensor.shape.axis(options.axis ?? -1),
      options.axes?.count ?? 1 == 1
    else { return nil }
    var index = tensor.index(at: position)
    for i in 0..<tensor.shape.dimensions[axis] {
      index[axis] = i
      guard let at = tensor.position(of: index), tensor.elements[at] == -.infinity else { return nil }
    }
    return index.enumerated().map { $0 == axis ? .slice(from: nil, to: nil, step: 1) : .at($1) }
  }

  /// The position of an operand's entry that meets a condition: the one at the same place, else the first.
  private static func first(
    _ tensor: Tensor, _ value: Tensor, _ position: Int, _ condition: (Double) -> Bool
  ) -> Int? {
    if tensor.shape == value.shape, condition(tensor.elements[position]) { return position }
    return tensor.elements.firstIndex(where: condition)
  }

  /// A zero in a softmax is an underflow.
  private func underflow(_ operand: Expression) -> Prose {
    let positive = equations.filter { JacobianStep($0.expression) != nil }.map { Expression.name($0.name) }
    let isPositive = operand.contains { JacobianStep($0) != nil || positive.contains($0) }
    // Half of the smallest number is rounded to 0.
    let least = Platform.log(environment.format.spacingNearZero) - Platform.log(2)
    return isPositive
      ? ": it underflowed, exp of less than about \(Printer.number(least.rounded())) is 0" : ""
  }

  private static func entry(_ expression: Expression, _ tensor: Tensor, _ position: Int) -> Expression {
    expression.entry(tensor.index(at: position))
  }
}
