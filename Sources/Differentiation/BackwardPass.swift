import Formulas
import LinearAlgebra
import Operations

/// Derives the backward equations of a list of equations: from the last one back, every operation hands on the
/// gradient of its value to its operands by its rule, and what reaches a name from several places is summed.
package struct BackwardPass {
  package struct Settings: Sendable {
    package var rules: RuleTable = .standard
    /// Softmax and cross-entropy (sigmoid and binary cross-entropy) differentiated as one step.
    package var isFused = true
    /// How counts are written.
    package var counting: SampleCounting?
    /// Parts of formulas that are a loss with its activation, beyond those that are written as such.
    package var fusions: [Expression: Fusion] = [:]

    package init(
      rules: RuleTable = .standard, isFused: Bool = true, counting: SampleCounting? = nil,
      fusions: [Expression: Fusion] = [:]
    ) {
      self.rules = rules
      self.isFused = isFused
      self.counting = counting
      self.fusions = fusions
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
  /// Unfused: losses and activations that are typed as something else, as the calls that they are.
  private var calls: [Expression: Expression] = [:]

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
    if !settings.isFused { for (part, fusion) in settings.fusions { recognise(part, fusion, targets) } }
    let leaves = targets.filter { definitions[$0] == nil }
    let order = Dictionary(leaves.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    let firstUses = firstUses(of: order, before: last)
    for index in equations[...last].indices.reversed() {
      let equation = equations[index]
      guard dependent.contains(equation.name) else { continue }
      let cotangent: Cotangent
      if equation.name == output {
        let shape = try inferred(.name(output))
        cotangent = Cotangent(seed, seed == 1 ? .scalar : shape)
      } else if let total = contributions[equation.name], !total.isEmpty {
        try emit(equation.name, total)
        cotangent = Cotangent(.name(equation.name.gradientName), try inferred(.name(equation.name)))
      } else {
        continue
      }
      try propagate(cotangent, into: equation.expression, value: .name(equation.name), [], equation.name)
      // A leaf is listed as soon as nothing earlier can add to its gradient.
      let read = equation.expression.names
      // A leaf that is the logits of a fused loss gets its gradient at the loss, not at the softmax.
      let near = Set(read).union(read.flatMap { definitions[$0]?.names ?? [] })
      for leaf in near.filter({ order[$0] != nil }).sorted(by: { (order[$0] ?? 0) < (order[$1] ?? 0) })
      where (firstUses[leaf] ?? index) >= index {
        if let total = contributions.removeValue(forKey: leaf) { try emit(leaf, total) }
      }
    }
    for leaf in leaves { if let total = contributions.removeValue(forKey: leaf) { try emit(leaf, total) } }
    let listed = Set(result.map(\.name))
    for target in targets where target != output && !listed.contains(target.gradientName) {
      try emitZero(target, output)
    }
  }

  /// Nothing comes back to what the output does not depend on.
  private mutating func emitZero(_ leaf: String, _ output: String) throws(Diagnostic) {
    let shape = try inferred(.name(leaf))
    var equation = Equation(leaf.gradientName, shape.isScalar ? 0 : .call("zeros", sizes(shape), .none))
    equation.rules = [BackwardPass.unreached]
    result.append(equation)
  }

  /// The rule that a gradient names which is 0 because nothing depends on its value.
  package static let unreached = "does not reach the loss"

  private func sizes(_ shape: Shape) -> [Expression] {
    shape.dimensions.map { settings.counting?.expression($0) ?? .number(Double($0)) }
  }

  /// For every leaf the first equation on the way to the output that reads it.
  private func firstUses(of leaves: [String: Int], before last: Int) -> [String: Int] {
    var reaching: Set<String> = [equations[last].name]
    var result: [String: Int] = [:]
    for index in equations[...last].indices.reversed() where reaching.contains(equations[index].name) {
      let names = equations[index].expression.names
      reaching.formUnion(names)
      guard dependent.contains(equations[index].name) else { continue }
      for name in names where leaves[name] != nil { result[name] = index }
    }
    return result
  }

  private func isDependentName(_ expression: Expression) -> Bool {
    if case .name(let name) = expression { dependent.contains(name) } else { false }
  }

  private func inferred(_ expression: Expression) throws(Diagnostic) -> Shape {
    try inference.shape(of: expression)
  }

  private var inference: ShapeInference { ShapeInference(environment) }

  private mutating func emit(_ name: String, _ total: [Contribution]) throws(Diagnostic) {
    let shape = try inferred(.name(name))
    let inference = ShapeInference(GradientShapes(base: environment))
    let simplifier = Simplifier(
      isScalar: { [environment] in environment.shape(of: $0)?.isScalar ?? false },
      rank: { (try? inference.shape(of: $0))?.rank })
    // A gradient that broadcasts (one number for all entries) is written out, so that it has the name's shape.
    var parts: [Cotangent] = []
    var origins: [String] = []
    for contribution in total {
      let part = Cotangent(
        simplifier.simplify(contribution.cotangent.expression), contribution.cotangent.shape)
      // The two equal halves of x * x are written as one.
      if let last = parts.last, origins.last == contribution.origin,
        let whole = simplifier.doubled(last.expression, part.expression)
      {
        parts[parts.count - 1] = Cotangent(whole, last.shape)
      } else {
        parts.append(part)
        origins.append(contribution.origin)
      }
    }
    let sum = parts.dropFirst().reduce(parts[0]) { a, b in
      Cotangent(simplifier.simplify(a.expression + b.expression), a.shape.broadcast(with: b.shape) ?? shape)
    }
    let whole = sum.materialized(shape, sizes: sizes)
    var equation = Equation(name.gradientName, simplifier.simplify(whole))
    var seen: Set<String> = []
    equation.rules = total.flatMap(\.rules).filter { seen.insert($0).inserted }
    seen = []
    equation.origins = total.map(\.origin).filter { seen.insert($0).inserted }
    let plain = parts.dropFirst().reduce(parts[0].expression) { $0 + $1.expression }
    if parts.count > 1, plain == equation.expression {
      equation.terms = zip(origins, parts).map { .init(origin: $0, formula: $1.expression) }
    }
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
    if let call = calls[expression] {
      return try propagate(cotangent, into: call, value: value, rules, origin)
    }
    if settings.isFused,
      let fusion = settings.fusions[expression] ?? Fusion.match(expression, definitions: definitions),
      !fusion.targets.contains({ isDependentName($0) })
    {
      return try propagate(cotangent, through: fusion, rules, origin)
    }
    if let slope = expression.writtenOut {
      return try propagate(cotangent, into: slope, value: slope, rules, origin)
    }
    if try stepsThroughJacobian(cotangent, expression, value, rules, origin) { return }
    guard let rule = settings.rules.rule(for: expression) else {
      throw Diagnostic(
        "there is no backward rule for \(expression)", hint: "it can be shown, but not differentiated")
    }
    guard let call = OperationCall(expression) else { return }
    let (application, shape) = try inference.application(of: call)
    if case .expression(let template) = application.body, application.choice.backward == nil {
      let written = template.filled(call, application.setting.shapes)
      return try propagate(cotangent, into: written, value: value, rules, origin)
    }
    let node = Node(
      expression: expression, call: call, application: application, value: value, shape: shape,
      operands: zip(call.operands, application.setting.shapes).map { .init(expression: $0, shape: $1) },
      counting: settings.counting, environment: environment)
    for (i, operand) in node.operands.enumerated() where operand.expression.contains({ isDependentName($0) })
    {
      guard let reaching = try rule.backward(node, cotangent, i) else { continue }
      try propagate(
        reaching, into: operand.expression, value: operand.expression, rules + [rule.name], origin)
    }
  }

  // MARK: Losses

  private mutating func propagate(
    _ cotangent: Cotangent, through fusion: Fusion, _ rules: [String], _ origin: String
  ) throws(Diagnostic) {
    let shape = try inferred(fusion.predictions)
    let difference = fusion.scaled(fusion.predictions - fusion.targets)
    // Targets that have an axis more than what is compared with them: a row beside a vector.
    let full = shape.broadcast(with: try inferred(fusion.targets)) ?? shape
    var gradient = Cotangent(cotangent.expression * difference, full)
      .summed(from: full, to: shape, sizes: sizes)
    if let divisor = fusion.divisor(of: shape, counting: settings.counting) {
      gradient = gradient / (divisor, .scalar)
    }
    try propagate(gradient, into: fusion.logits, value: fusion.logits, rules + [fusion.title], origin)
  }

  /// Unfused, softmax under a loss steps through its Jacobian: J is a step of its own and dZ its contraction.
  private mutating func stepsThroughJacobian(
    _ cotangent: Cotangent, _ expression: Expression, _ value: Expression, _ rules: [String], _ origin: String
  ) throws(Diagnostic) -> Bool {
    guard !settings.isFused, !hasJacobianStep,
      let step = JacobianStep(expression), try inferred(step.argument).rank == 2,
      isPredicted(expression, value, origin),
      let call = OperationCall(expression)
    else { return false }
    let name = step.name(of: value.names.first) { environment.shape(of: $0) != nil }
    guard environment.shape(of: name) == nil else { return false }
    hasJacobianStep = true
    let (z, traits) = (step.argument, step.traits)
    var jacobian = Equation(name, step.jacobian)
    jacobian.rules = [traits.title]
    jacobian.origins = [origin]
    result.append(jacobian)
    let shape = try inferred(z)
    let contracted = try call.operation.template(traits.contraction).filled(
      names: [
        call.operation.resultName.gradientName: cotangent.materialized(shape, sizes: sizes),
        call.operation.argumentName: z, traits.name: .name(name),
      ], lists: [:], call, rank: 2)
    try propagate(Cotangent(contracted, shape), into: z, value: z, rules + [traits.title], origin)
    return true
  }

  /// Whether a loss reads this: as a step's value, or in its place.
  private func isPredicted(_ expression: Expression, _ value: Expression, _ origin: String) -> Bool {
    if settings.fusions.values.contains(where: { $0.predictions == value || $0.predictions == expression }) {
      return true
    }
    return value == .name(origin) && equations.contains { $0.expression.containsLoss(of: origin) }
  }

  /// A loss goes through its activation's Jacobian however the two are spelled, unless a target lies in between: an
  /// activation typed by exponentials is the call, and so is a loss that does not read its predictions.
  private mutating func recognise(_ part: Expression, _ fusion: Fusion, _ targets: [String]) {
    guard let activation = fusion.activation, (try? inferred(fusion.logits))?.rank == 2 else { return }
    let typed = partsBefore(fusion.logits, of: part)
    guard !typed.contains(where: { targets.map(Expression.name).contains($0) }) else { return }
    if case .name(let name) = fusion.predictions, let written = definitions[name],
      JacobianStep(written) == nil
    {
      calls[written] = activation.expression
    }
    if part != fusion.call, !typed.contains(fusion.predictions) { calls[part] = fusion.call }
  }

  /// All parts of a formula and of the definitions of its names, up to some other formula.
  private func partsBefore(_ end: Expression, of expression: Expression) -> Set<Expression> {
    var result: Set<Expression> = []
    func visit(_ part: Expression) {
      guard part != end, result.insert(part).inserted else { return }
      part.children.forEach(visit)
      if case .name(let name) = part, let definition = definitions[name] { visit(definition) }
    }
    visit(expression)
    return result
  }
}

extension Expression {
  fileprivate func containsLoss(of name: String) -> Bool {
    contains {
      if case .call(let f, let arguments, _) = $0 {
        Operation.loss(f) != nil && arguments.last == .name(name)
      } else {
        false
      }
    }
  }
}

/// Shapes in which a gradient has the shape of its value.
private struct GradientShapes: Environment {
  let base: any Environment

  func shape(of name: String) -> Shape? {
    base.shape(of: name) ?? name.gradientOf.flatMap { base.shape(of: $0) }
  }
  func value(of name: String) -> Tensor? { base.value(of: name) }
  func missing(_ name: String) -> Diagnostic { base.missing(name) }
  func example(ofShape shape: Shape) -> String? { nil }
  var format: NumberFormat { base.format }
}
