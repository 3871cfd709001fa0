import Differentiation
import Formulas
import LinearAlgebra
import Operations

/// Finds the numbers of a derivation in a session, or makes them.
package struct SubjectSearch {
  let equations: [Equation]
  let environment: any Environment
  let counting: SampleCounting?
  /// Names in use as they are printed, which no index letter may be.
  let shown: Set<String>

  package init(
    _ equations: [Equation], _ environment: any Environment, _ counting: SampleCounting?,
    shown: Set<String> = []
  ) {
    (self.equations, self.environment, self.counting) = (equations, environment, counting)
    self.shown = shown
  }

  /// The operation where the session has it, with the activation before a loss where both are one step.
  func subject(_ operation: Operation, activation: Operation? = nil) throws(Diagnostic) -> Subject {
    let title = [activation?.title, operation.title].compactMap { $0 }.joined(separator: " with ")
    var why: Prose = "this model has no \(title)"
    // Of several with a Jacobian for every sample the last is meant everywhere.
    for equation in operation.jacobian == nil ? equations : equations.reversed() {
      for call in equation.expression.calls(of: operation) {
        do {
          var found = withGradient(try subject(call, in: equation, activation))
          let all = equations.count { !$0.expression.calls(of: operation).isEmpty }
          if operation.jacobian != nil, all > 1 {
            found.remarks.append("the last of the \(all) steps with a \(operation.title): \(equation)")
          }
          return found
        } catch {
          why = error.message
        }
      }
    }
    var result = try example(operation, activation)
    result.remarks.append("\(why): evaluated on an example")
    return result
  }

  /// An activation and the product that takes it on, as the session has them.
  func layer(_ product: Operation) throws(Diagnostic) -> Subject {
    for equation in equations {
      for call in equation.expression.calls(of: product) {
        for below in equations where call.operands.contains(.name(below.name)) {
          guard let f = OperationCall(below.expression), f.operation.slope != nil,
            case .name? = f.operands.first
          else { continue }
          var leaves = Leaves()
          for name in below.expression.names + equation.expression.names where name != below.name {
            try take(.name(name), as: name, &leaves)
          }
          let steps = [below, equation].map { Equation($0.name, $0.expression) }
          if let found = try? finished(steps, leaves) { return withGradient(found) }
        }
      }
    }
    guard let f = Operation.activations.first else { throw Diagnostic("there is no activation") }
    let example = [
      Equation("A", .call(Function(f.name), .name("Z"))), Equation("C", try Parser.parse("A @ W").expression),
    ]
    var random = RandomGenerator(seed: 7)
    let values = Bindings([
      "Z": random.normal(shape: [2, 3]), "W": random.normal(shape: [3, 4]), "A": Tensor(0),
    ])
    var result = try SubjectSearch(example, values, nil).layer(product)
    result.remarks.append("this model has no layer after an activation: evaluated on an example")
    return result
  }

  /// With the gradient that the session has for it.
  private func withGradient(_ subject: Subject) -> Subject {
    var result = subject
    result.gradient = subject.equations.last.flatMap { environment.value(of: $0.name.gradientName) }
    return result
  }

  // MARK: The session's

  private func subject(
    _ call: OperationCall, in equation: Equation, _ activation: Operation?
  ) throws(Diagnostic) -> Subject {
    var leaves = Leaves(reserved: [equation.name])
    var steps: [Equation] = []
    let (source, whole) = (call.source, equation.expression)
    var call = call
    if let activation {
      guard let predictions = call.operands.last else { throw Diagnostic("no predictions") }
      let definition = equations.last { .name($0.name) == predictions }?.expression ?? predictions
      guard let inner = OperationCall(definition), inner.operation === activation else {
        throw Diagnostic("no \(activation.name)")
      }
      let name = definition == predictions ? .name(unused(activation.resultName, leaves)) : predictions
      steps.append(Equation(name.description, inner.replacing(operands: try named(inner, &leaves))))
      call = OperationCall(call.replacing(operands: call.operands.dropLast() + [name])) ?? call
      leaves.made.insert(name)
    }
    var name = equation.name
    if source != whole {
      let (own, all) = (try shape(source), try shape(whole))
      if whole.hasTerm(source), own == all {
        leaves.remarks.append("\(equation): what is added does not change its derivative")
      } else {
        name = unused(call.operation.resultName, leaves)
        leaves.remarks.append("\(name: name) = \(source), in \(equation)")
      }
    }
    steps.append(Equation(name, call.replacing(operands: try named(call, &leaves))))
    return try finished(steps, leaves)
  }

  private struct Leaves {
    var values: [String: Tensor] = [:]
    var shapes: [String: Shape] = [:]
    var remarks: [Prose] = []
    /// What a step is called.
    var reserved: Set<String> = []
    /// What an earlier equation makes.
    var made: Set<Expression> = []
  }

  private func unused(_ name: String, _ leaves: Leaves) -> String {
    var name = name
    while environment.shape(of: name) != nil || leaves.values[name] != nil { name += "'" }
    return name
  }

  private func shape(_ expression: Expression) throws(Diagnostic) -> Shape {
    try ShapeInference(environment).shape(of: expression)
  }

  /// Operands as names with values; numbers stay.
  private func named(_ call: OperationCall, _ leaves: inout Leaves) throws(Diagnostic) -> [Expression] {
    var result: [Expression] = []
    for (i, operand) in call.operands.enumerated() {
      let own = call.operation.signature.operand(i)
      if operand.number != nil || leaves.made.contains(operand) {
        result.append(operand)
        continue
      }
      let value = try Evaluator(environment).value(of: operand)
      if own?.isSize == true, let size = value.scalarValue {
        result.append(.number(size))
        continue
      }
      var name = own?.name ?? "A"
      if case .name(let given) = operand, !result.contains(operand) {
        name = given
      } else {
        while leaves.values[name] != nil || leaves.reserved.contains(name) { name += "'" }
        leaves.remarks.append("\(name: name) = \(operand)")
      }
      try take(operand, as: name, &leaves)
      result.append(.name(name))
    }
    return result
  }

  private func take(_ expression: Expression, as name: String, _ leaves: inout Leaves) throws(Diagnostic) {
    leaves.values[name] = try Evaluator(environment).value(of: expression)
    leaves.shapes[name] = counting.flatMap { try? ShapeInference($0.shapes).shape(of: expression) }
  }

  /// Cut to what can be evaluated entry by entry, and shown.
  private func finished(_ steps: [Equation], _ leaves: Leaves) throws(Diagnostic) -> Subject {
    let generic = counting?.extent ?? 1
    var all = 1
    for (name, value) in leaves.values {
      for (a, b) in zip(value.shape.dimensions, leaves.shapes[name]?.dimensions ?? []) where b == generic {
        all = a
      }
    }
    for (most, others) in [(64, 64), (3, 64), (3, 8), (1, 6)] {
      let kept = min(all, generic > 1 ? most : 1)
      var (values, shapes) = (leaves.values, leaves.shapes)
      for (name, value) in leaves.values {
        let general = leaves.shapes[name]?.dimensions ?? value.shape.dimensions
        let bounds = zip(value.shape.dimensions, general).enumerated().map { axis, extents in
          min(extents.0, extents.1 != extents.0 ? kept : value.rank == 4 && axis < 2 ? 2 : others)
        }
        values[name] = value.corner(bounds)
        shapes[name] = Shape(
          zip(bounds, zip(value.shape.dimensions, general)).map { $1.0 == $1.1 ? $0 : $1.1 })
      }
      var subject: Subject
      do throws(Diagnostic) {
        subject = try Subject(
          steps, values: values, shapes: shapes, samples: (generic, kept), remarks: leaves.remarks)
      } catch {
        // A gradient of windows has as many entries as there are windows: what is cut fits no more.
        guard values.contains(where: { leaves.values[$0]?.shape != $1.shape }) else { throw error }
        continue
      }
      guard subject.work <= 3_000 else { continue }
      if kept < all { subject.remarks.append("evaluated on \(kept) of the \(all) samples") }
      if others < 64 { subject.remarks.append("evaluated on the first \(others) rows and columns") }
      return try evaluable(subject, steps, shapes, (generic, kept))
    }
    throw Diagnostic("these values are too many to be evaluated entry by entry")
  }

  /// Probabilities of logits within this do not reach the clip of log.
  private static let largestLogit = 16.0

  /// exp(710) overflows: logits that are too large are divided. Of a function of each entry those entries at which it has a
  /// derivative.
  private func evaluable(
    _ subject: Subject, _ steps: [Equation], _ shapes: [String: Shape], _ samples: (Int, Int)
  ) throws(Diagnostic) -> Subject {
    guard let site = subject.sites.first, case .name(let z)? = site.call.operands.first,
      let value = subject.values[z]
    else { return subject }
    var (values, shapes, remark) = (subject.values, shapes, "" as Prose)
    if steps.count == 1, let f = site.operation.scalarFunction, site.operation.slope != nil {
      let kept = value.elements.filter {
        abs($0) < 100 && f.value($0).isFinite && f.derivative($0).isFinite
          && !site.operation.kinks.contains($0)
      }
      guard kept.count < value.count else { return subject }
      values[z] = Tensor(unchecked: [kept.count], kept)
      shapes[z] = [kept.count]
      remark = "evaluated at \(kept.count) of \(value.count) entries"
    } else if site.operation.partial != nil, let largest = value.elements.map(abs).max(),
      largest > Self.largestLogit, largest.isFinite
    {
      var divisor = 1.0
      while largest / divisor > Self.largestLogit { divisor *= 2 }
      values[z] = value.map { [divisor] in $0 / divisor }
      remark =
        "evaluated on \(name: z) / \(Printer.number(divisor)): exp(\(name: z)) leaves no digits of the others"
    } else {
      return subject
    }
    return try Subject(
      steps, values: values, shapes: shapes, samples: samples, remarks: subject.remarks + [remark])
  }

  // MARK: An example

  /// Operands of the first shapes that the operation takes; -1 for the samples.
  func example(_ operation: Operation, _ activation: Operation? = nil) throws(Diagnostic) -> Subject {
    let pool = [[-1, 3], [3, 4], [3], [], [-1, 2, 4, 4], [2, 2, 3, 3], [-1, 2, 2, 2], [-1, 3, 3]]
    let operands = operation.signature.operands.filter { !$0.isSize && !$0.isOptional }
    var choices: [[[Int]]] = [[]]
    let count =
      operation.signature.example.map { $0.split(separator: ",").count }
      ?? (operands.first?.isRepeated == true ? 2 : operands.count)
    for _ in 0..<count {
      choices = choices.flatMap { choice in pool.map { choice + [$0] } }
    }
    for choice in choices {
      guard let found = try? example(operation, activation, choice), found.sites.last?.operation === operation
      else { continue }
      return found
    }
    throw Diagnostic("there is no example of \(operation.name)")
  }

  private func example(
    _ operation: Operation, _ activation: Operation?, _ choice: [[Int]]
  ) throws(Diagnostic) -> Subject {
    let (generic, here) = (11, 2)
    var random = RandomGenerator(seed: 7)
    var (values, shapes): ([String: Tensor], [String: Shape]) = ([:], [:])
    var arguments: [String] = []
    var steps: [Equation] = []
    for (i, extents) in choice.enumerated() {
      let shape = Shape(extents.map { $0 < 0 ? here : $0 })
      var name = operation.signature.operand(i)?.name ?? "A"
      var value = random.uniform(shape: shape, 0.2, 0.9)
      // A function of each entry is one of u; targets are classes; predictions come from the activation.
      if operation.slope != nil {
        name = "u"
        value = Tensor(unchecked: shape, (0..<shape.count).map { [-2, 0.5, -1, 1.5, -0.25, 2][$0 % 6] })
      } else if operation.loss != nil, i == 0 {
        value = Tensor(unchecked: shape, (0..<shape.count).map { $0 % (shape.columns + 1) == 0 ? 1 : 0 })
      } else if operation.loss?.averaging == .samples {
        value = value.softmax(axis: -1)
      } else if operation.symbol?.hasPrefix("[") == true, i > 0, !operation.signature.operands[0].isRepeated {
        // Positions.
        value = Tensor(unchecked: shape, (0..<shape.count).map { Double($0 % 2) })
      } else if operation.signature.operands.first?.isRepeated == true {
        name = ["A", "B"][min(i, 1)]
      }
      arguments.append(name)
      if let activation, i == choice.count - 1 {
        arguments[i] = activation.resultName
        name = activation.argumentName
        steps.append(Equation(arguments[i], .call(Function(activation.name), .name(name))))
      }
      values[name] = value.map { ($0 * 100).rounded() / 100 }
      shapes[name] = Shape(extents.map { $0 < 0 ? generic : $0 })
    }
    let sizes = operation.signature.operands.filter { $0.isSize && !$0.isOptional }
    let numbers = sizes.enumerated().map { $1.isRepeated ? ["3", "-1"] : [sizes.count > 1 ? "\($0)" : "2"] }
    let whole =
      operation.isMadeFromValue
      ? Expression.call(Function(operation.name), arguments.map { .name($0) }, .none)
      : try Parser.parse(operation.written(arguments + numbers.joined())).expression
    let name = operation.slope != nil ? "v" : operation.resultName
    steps.append(Equation(name, whole))
    let subject = try Subject(steps, values: values, shapes: shapes, samples: (generic, here))
    let result = try evaluable(subject, steps, shapes, (generic, here))
    for argument in arguments {
      _ = try (operation.loss == nil ? result.seeded() : result).backward(argument)
    }
    return result
  }
}

extension Expression {
  fileprivate var number: Double? { if case .number(let value) = self { value } else { nil } }

  /// Every use of an operation in a formula, the outermost first.
  fileprivate func calls(of operation: Operation) -> [OperationCall] {
    let own = OperationCall(self).flatMap { $0.operation === operation ? [$0] : nil } ?? []
    return own + children.flatMap { $0.calls(of: operation) }
  }

  /// Whether a part is the whole or a term of it.
  fileprivate func hasTerm(_ part: Expression) -> Bool {
    if case .binary(.add, let a, let b) = self { return self == part || a.hasTerm(part) || b.hasTerm(part) }
    return self == part
  }
}

extension Operation {
  /// softmax'(S), the Jacobian of what softmax gave: what is typed, softmax'(Z), is of the argument.
  fileprivate var isMadeFromValue: Bool { symbol?.hasSuffix("'") == true }

  /// The operation of some operands, as it is written.
  fileprivate func written(_ operands: [String]) -> String {
    let a = operands.first ?? ""
    // A place, not a value.
    if self === Operation.scatter { return "\(name)(\(a), \(operands[1])[0])" }
    switch symbol {
    case "[]"?: return "[\(operands.joined(separator: ", "))]"
    case let symbol? where symbol.hasPrefix("["):
      return a + (operands.count == 1 ? "[1:]" : "[\(operands[1])]")
    case let symbol? where operands.count == 2: return "\(a) \(symbol) \(operands[1])"
    case let symbol?: return symbol.hasPrefix(".") ? a + symbol : symbol + a
    case nil:
      let text = signature.example.map { ["\"\($0)\""] } ?? []
      return "\(name)(\((text + operands).joined(separator: ", ")))"
    }
  }
}

extension Tensor {
  /// The first entries along every axis.
  fileprivate func corner(_ bounds: [Int]) -> Tensor {
    let subscripts = bounds.map { Subscript.slice(from: nil, to: $0, step: 1) }
    guard bounds != shape.dimensions, let (shape, positions) = Evaluator.selection(subscripts, in: shape)
    else { return self }
    return Tensor(unchecked: shape, positions.map { elements[$0] })
  }
}
