import Formulas
import LinearAlgebra

/// Derives the backward equations of a list of equations: from the last one back, every operation hands on the
/// gradient of its value to its operands by its rule, and what reaches a name from several places is summed.
package struct BackwardPass {
  package struct Settings: Sendable {
    package var rules: RuleTable = .standard
    /// Softmax and cross-entropy (sigmoid and binary cross-entropy) differentiated as one step.
    package var isFused = true
    package var context = Node.Context()

    package init(rules: RuleTable = .standard, isFused: Bool = true, context: Node.Context = .init()) {
      self.rules = rules
      self.isFused = isFused
      self.context = context
    }
  }

  private let equations: [Equation]
  private let environment: any Environment
  private let settings: Settings
  private let definitions: [String: Expression]
  private var dependent: Set<String> = []
  private var contributions: [String: [Contribution]] = [:]
  private var result: [Equation] = []
  private var hasJacobianStep = false

  private struct Contribution {
    var cotangent: Cotangent
    var rules: [String]
    var origin: String
  }

  private init(_ equations: [Equation], _ environment: any Environment, _ settings: Settings) {
    self.equations = equations
    self.environment = environment
    self.settings = settings
    definitions = Dictionary(
      equations.map { ($0.name, $0.expression) }, uniquingKeysWith: { _, last in last })
  }

  /// The backward equations from `output` to `targets`.
  /// - Parameters:
  ///   - environment: gives the shape of every name in the equations.
  ///   - seed: the gradient of the output, 1 for a loss; a name for Jacobians.
  ///   - targets: leaves whose gradients are wanted, in the order in which they are to be listed.
  package static func derive(
    _ equations: [Equation], output: String, seed: Expression = 1, targets: [String],
    environment: any Environment, settings: Settings
  ) throws(Diagnostic) -> [Equation] {
    var pass = BackwardPass(equations, environment, settings)
    try pass.run(output: output, seed: seed, targets: targets)
    return pass.result
  }

  private mutating func run(output: String, seed: Expression, targets: [String]) throws(Diagnostic) {
    guard let last = equations.lastIndex(where: { $0.name == output }) else { return }
    dependent = Set(targets)
    for equation in equations[...last] where equation.expression.contains({ isDependentName($0) }) {
      dependent.insert(equation.name)
    }
    let leaves = targets.filter { definitions[$0] == nil }
    for index in equations[...last].indices.reversed() {
      let equation = equations[index]
      guard dependent.contains(equation.name) else { continue }
      let cotangent: Cotangent
      if equation.name == output {
        let shape = try inferred(.name(output))
        cotangent = Cotangent(seed, seed == 1 ? .scalar : shape)
      } else if let total = contributions[equation.name], !total.isEmpty {
        try emit(equation.name, total)
        cotangent = Cotangent(.name("d" + equation.name), try inferred(.name(equation.name)))
      } else {
        continue
      }
      try propagate(cotangent, into: equation.expression, value: .name(equation.name), [], equation.name)
      // A leaf is listed as soon as nothing earlier can add to its gradient.
      for leaf in leaves where equation.expression.contains(name: leaf) || isUsedThroughFusion(leaf, equation)
      {
        let isUsedEarlier = equations[..<index].contains {
          dependent.contains($0.name) && $0.expression.contains(name: leaf)
            && reachesOutput($0.name, before: last)
        }
        if !isUsedEarlier, let total = contributions.removeValue(forKey: leaf) { try emit(leaf, total) }
      }
    }
    for leaf in leaves { if let total = contributions.removeValue(forKey: leaf) { try emit(leaf, total) } }
  }

  /// A leaf that is the logits of a fused loss gets its gradient at the loss, not at the softmax.
  private func isUsedThroughFusion(_ leaf: String, _ equation: Equation) -> Bool {
    equation.expression.names.contains { definitions[$0]?.contains(name: leaf) ?? false }
      && contributions[leaf] != nil
  }

  private func reachesOutput(_ name: String, before last: Int) -> Bool {
    equations[...last].contains { $0.expression.contains(name: name) } || equations[last].name == name
  }

  private func isDependentName(_ expression: Expression) -> Bool {
    if case .name(let name) = expression { dependent.contains(name) } else { false }
  }

  private func inferred(_ expression: Expression) throws(Diagnostic) -> Shape {
    try ShapeInference(environment).shape(of: expression)
  }

  private mutating func emit(_ name: String, _ total: [Contribution]) throws(Diagnostic) {
    let shape = try inferred(.name(name))
    let simplifier = Simplifier { [environment] in environment.shape(of: $0)?.isScalar ?? false }
    // A gradient that broadcasts (one number for all entries) is written out, so that it has the name's shape.
    let parts = total.map { Cotangent(simplifier.simplify($0.cotangent.expression), $0.cotangent.shape) }
    let sum = parts.dropFirst().reduce(parts[0]) { a, b in
      Cotangent(simplifier.simplify(a.expression + b.expression), a.shape.broadcast(with: b.shape) ?? shape)
    }
    var equation = Equation("d" + name, simplifier.simplify(sum.materialized(shape)))
    var seen: Set<String> = []
    equation.rules = total.flatMap(\.rules).filter { seen.insert($0).inserted }
    seen = []
    equation.origins = total.map(\.origin).filter { seen.insert($0).inserted }
    result.append(equation)
  }

  private mutating func propagate(
    _ cotangent: Cotangent, into expression: Expression, value: Expression, _ rules: [String],
    _ origin: String
  ) throws(Diagnostic) {
    if case .name(let name) = expression {
      guard dependent.contains(name) else { return }
      let rules = rules.isEmpty ? ["copy"] : rules
      contributions[name, default: []].append(
        Contribution(cotangent: cotangent, rules: rules, origin: origin))
      return
    }
    guard expression.contains({ isDependentName($0) }) else { return }
    if case .call(.loss(let loss), let arguments, let options) = expression, arguments.count == 2 {
      return try propagate(cotangent, through: loss, arguments, options, rules, origin)
    }
    if case .derivative(.elementwise(let f), let a, _) = expression {
      let slope = f.slope(at: a)
      return try propagate(cotangent, into: slope, value: slope, rules, origin)
    }
    if try stepsThroughJacobian(cotangent, expression, value, rules, origin) { return }
    guard let rule = settings.rules.rule(for: expression) else {
      throw Diagnostic(
        "there is no backward rule for \(expression)", hint: "it can be shown, but not differentiated")
    }
    var operands: [Node.Operand] = []
    for child in expression.children { operands.append(.init(expression: child, shape: try inferred(child))) }
    let node = Node(
      expression: expression, value: value, shape: try inferred(expression), operands: operands,
      context: settings.context)
    for (i, operand) in operands.enumerated() where operand.expression.contains({ isDependentName($0) }) {
      guard let reaching = rule.backward(node, cotangent, i) else { continue }
      try propagate(
        reaching, into: operand.expression, value: operand.expression, rules + [rule.name], origin)
    }
  }

  // MARK: Losses

  private mutating func propagate(
    _ cotangent: Cotangent, through loss: LossFunction, _ arguments: [Expression], _ options: CallOptions,
    _ rules: [String], _ origin: String
  ) throws(Diagnostic) {
    let shape = try inferred(arguments[1])
    let count = Evaluator.divisor(of: loss, shape: shape, axis: options.axis, reduction: options.reduction)
    let divisor = count.map { settings.context.count($0) }
    if settings.isFused, let fusion = Fusion.match(loss, arguments, options, definitions: definitions),
      !arguments[0].contains({ isDependentName($0) })
    {
      let difference = Cotangent(cotangent.expression * (fusion.predictions - arguments[0]), shape)
      let gradient = divisor.map { difference / ($0, .scalar) } ?? difference
      return try propagate(
        gradient, into: fusion.logits, value: fusion.logits, rules + [fusion.ruleName], origin)
    }
    let definition = loss.definition(targets: arguments[0], predictions: arguments[1], divisor: divisor)
    try propagate(cotangent, into: definition, value: definition, rules + [loss.name], origin)
  }

  /// Unfused, softmax under a loss steps through its Jacobian: J is a step of its own and dZ its contraction.
  private mutating func stepsThroughJacobian(
    _ cotangent: Cotangent, _ expression: Expression, _ value: Expression, _ rules: [String], _ origin: String
  ) throws(Diagnostic) -> Bool {
    guard !settings.isFused, !hasJacobianStep,
      case .call(.builtin(.softmax), let arguments, let options) = expression,
      value == .name(origin), let z = arguments.first, try inferred(z).rank == 2,
      environment.shape(of: "J") == nil,
      equations.contains(where: { $0.expression.containsLoss(of: origin) })
    else { return false }
    hasJacobianStep = true
    var jacobian = Equation("J", .derivative(.builtin(.softmax), z, options))
    jacobian.rules = ["softmax Jacobian"]
    jacobian.origins = [origin]
    result.append(jacobian)
    let shape = try inferred(z)
    let contracted = Expression.call(
      .builtin(.contract), [cotangent.materialized(shape), .name("J")], CallOptions(axis: options.axis))
    try propagate(Cotangent(contracted, shape), into: z, value: z, rules + ["softmax Jacobian"], origin)
    return true
  }
}

extension ElementwiseFunction {
  /// f′ at a value, written out: what relu'(Z) stands for.
  func slope(at a: Expression) -> Expression {
    derivative.substituting(["u": a, "v": .call(.elementwise(self), [a], .none)])
  }
}

extension Expression {
  fileprivate func containsLoss(of name: String) -> Bool {
    contains { if case .call(.loss, let arguments, _) = $0 { arguments.last == .name(name) } else { false } }
  }
}
