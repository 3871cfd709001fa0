import Differentiation
import Formulas
import LinearAlgebra
import Operations

/// One gradient from the loss down: the chain of ∂ factors, the backward equations that it needs with their rules and
/// shapes, each compared with forward mode, and why a product has its order and transposes.
package struct GradientDerivation: Sendable {
  package struct Step: Sendable {
    package let equation: Equation
    package let value: Tensor
    /// The equation with shapes for names: `(2×4) = (3×2).T @ (3×4)`; empty where all are numbers.
    package let shapes: String
    /// Each rule's name, with its statement where it is met for the first time.
    package let rules: [String]
    /// The forward equations that it was derived from.
    package let origins: [Equation]
    /// Largest difference to forward mode; nil for what is no gradient (J).
    package let difference: Double?
    package let evaluated: Int
    /// Another order or transposition of its product has the same shape.
    package let isAmbiguous: Bool
  }

  package let target: String
  package let lossName: String
  /// The chain rule, a path of factors a line.
  package let paths: [Prose]
  /// Difference of the chain, evaluated factor by factor, to the gradient's entries.
  package let chainDifference: Double
  package let steps: [Step]
  package let fit: ProductFit?
  /// What is said of the product: "dW1 must be 2×4, like W1".
  package let fitted: Prose
  /// The equation that has the product.
  package let fittedName: String?
  /// The product in index form.
  package let indexForm: CheckedDerivation?

  package var largestDifference: Double {
    (steps.compactMap(\.difference) + [chainDifference] + (indexForm.map { [$0.largestDifference] } ?? []))
      .reduce(0, CheckedDerivation.larger)
  }

  package var isRight: Bool {
    func agrees(_ difference: Double, _ value: Tensor?) -> Bool {
      difference <= 1e-9 * max(1, value?.elements.reduce(0) { max($0, abs($1)) } ?? 1)
    }
    return steps.allSatisfy { step in step.difference.map { agrees($0, step.value) } ?? true }
      && agrees(chainDifference, steps.last?.value) && (indexForm?.isRight ?? true)
  }

  /// Forward passes for all comparisons together: more would be felt on a large network.
  static let passBudget = 400
  static let mostPaths = 4

  /// - Parameters:
  ///   - target: the value whose gradient is wanted, `W1`.
  ///   - backward: equations that end with its gradient.
  ///   - environment: values of all steps.
  ///   - isChecked: whether each step is compared with forward-mode differentiation.
  package init(
    of target: String, loss: String, forward: [Equation], backward: [Equation], environment: any Environment,
    counting: SampleCounting? = nil, isChecked: Bool = true
  ) throws(Diagnostic) {
    self.target = target
    lossName = loss
    let needed = Self.needed(target.gradientName, backward)
    // What the session has not computed (dS while fused) is laid over it.
    var overlay = Overlay([:], over: environment)
    for equation in needed {
      overlay.values[equation.name] = try Evaluator(overlay).value(of: equation.expression)
    }
    let inference = ShapeInference(overlay)
    let isLarge = overlay.values.values.contains { $0.count > 256 }
    let budget = isLarge ? Self.passBudget / 5 : Self.passBudget
    let limit = max(4, min(64, budget / max(1, needed.count)))
    var seen: Set<String> = []
    var steps: [Step] = []
    for equation in needed {
      guard let value = overlay.values[equation.name] else { continue }
      var difference: Double?
      var positions: [Int] = []
      if isChecked, let name = equation.name.gradientOf, overlay.shape(of: name) == value.shape {
        positions = Self.spread(value.count, limit)
        let forwardMode = try Self.forwardMode(loss, by: name, positions, forward, overlay)
        difference = zip(positions, forwardMode).map { abs(value.elements[$0] - $1) }
          .reduce(0, CheckedDerivation.larger)
      }
      let origins = equation.origins.compactMap { origin in forward.last { $0.name == origin } }
      let rules = equation.telling.map { rule in
        let reason = RuleStatements.reason(rule, of: equation, from: origins, in: overlay)
        return seen.insert(reason).inserted ? reason : rule
      }
      let fit = ProductFit.firstProduct(in: equation.expression).flatMap {
        ProductFit($0, environment: overlay)
      }
      steps.append(
        Step(
          equation: equation, value: value, shapes: try Self.shapes(equation, inference), rules: rules,
          origins: origins,
          difference: difference, evaluated: positions.count,
          isAmbiguous: fit.map { $0.fitting.count > 1 } ?? false))
    }
    self.steps = steps
    let last = steps.last { ProductFit.firstProduct(in: $0.equation.expression) != nil }
    let product = last.flatMap { ProductFit.firstProduct(in: $0.equation.expression) }
    fit = product.flatMap { ProductFit($0, environment: overlay) }
    fitted = last.map { $0.fitted(product) } ?? ""
    fittedName = last?.equation.name
    indexForm = try last.flatMap { step throws(Diagnostic) in
      try Self.indexForm(step, forward, overlay, counting)
    }
    (paths, chainDifference) = try Self.chain(target, loss, forward, needed, overlay)
  }

  /// The equations that a name needs, in their order.
  static func needed(_ name: String, _ backward: [Equation]) -> [Equation] {
    guard let end = backward.lastIndex(where: { $0.name == name }) else { return [] }
    var wanted: Set<String> = [name]
    var result: [Equation] = []
    for equation in backward[...end].reversed() where wanted.contains(equation.name) {
      result.append(equation)
      wanted.formUnion(equation.expression.names)
    }
    return result.reversed()
  }

  /// The equation with shapes for names.
  package static func shapes(_ equation: Equation, _ inference: ShapeInference) throws(Diagnostic) -> String {
    var names: [String: Expression] = [:]
    for name in equation.expression.names {
      let shape = try inference.shape(of: .name(name))
      if !shape.isScalar { names[name] = .name("(\(shape))") }
    }
    let left = try inference.shape(of: equation.expression)
    if names.isEmpty, left.isScalar { return "" }
    return (left.isScalar ? "scalar" : "(\(left))") + " = \(equation.expression.substituting(names))"
  }

  /// Positions spread evenly over a tensor.
  static func spread(_ count: Int, _ limit: Int) -> [Int] {
    count <= limit ? Array(0..<count) : (0..<limit).map { $0 * count / limit }
  }

  /// ∂L/∂(entry) by dual numbers at some entries.
  static func forwardMode(
    _ loss: String, by name: String, _ positions: [Int], _ forward: [Equation], _ environment: any Environment
  ) throws(Diagnostic) -> [Double] {
    guard let value = environment.value(of: name) else { throw environment.missing(name) }
    guard name != loss else { return positions.map { _ in 1 } }
    var reached: Set<String> = [name]
    for equation in forward where !reached.isDisjoint(with: equation.expression.names) {
      reached.insert(equation.name)
    }
    let equations = forward.map { equation in
      var plain = Equation(equation.name, equation.expression)
      if let computed = equation.safeForm(varying: reached, name) { plain.expression = computed }
      return plain
    }
    let path = Jacobian.path(from: name, to: loss, equations)
    var result: [Double] = []
    for position in positions {
      var direction = Tensor(repeating: 0, shape: value.shape)
      direction.replaceElement(at: position, with: 1)
      var mode = ForwardMode([name: DualTensor(value, direction)], over: environment)
      try mode.run(path)
      result.append(try mode.dual(.name(loss)).tangentOrZero.scalarValue ?? .nan)
    }
    return result
  }

  // MARK: The chain of ∂ factors

  /// A path from the target up to the loss: the names on it.
  private static func allPaths(
    _ name: String, _ loss: String, _ origins: [String: [String]], _ depth: Int = 0
  ) -> [[String]]? {
    guard name != loss else { return [[loss]] }
    guard depth < 500 else { return nil }
    var result: [[String]] = []
    for origin in origins[name] ?? [] {
      guard let upper = allPaths(origin, loss, origins, depth + 1) else { return nil }
      result += upper.map { $0 + [name] }
      if result.count > mostPaths { return nil }
    }
    return result
  }

  private static func chain(
    _ target: String, _ loss: String, _ forward: [Equation], _ needed: [Equation], _ values: Overlay
  ) throws(Diagnostic) -> (paths: [Prose], difference: Double) {
    guard target != loss, let gradient = values.value(of: target.gradientName) else { return ([], 0) }
    var origins: [String: [String]] = [:]
    for equation in needed { equation.name.gradientOf.map { origins[$0] = equation.origins } }
    let positions = spread(gradient.count, 4)
    func tangent(_ name: String, _ origin: String, _ direction: Tensor) throws(Diagnostic) -> Tensor {
      guard let equation = forward.last(where: { $0.name == origin }),
        let value = values.value(of: name)
      else { throw values.missing(name) }
      var moved = [name: DualTensor(value, direction)]
      // Steps that the backward pass takes as one with the next, exp and its sum in a softmax, hand the change on.
      if !equation.expression.names.contains(name) {
        for step in forward.prefix(while: { $0.name != origin })
        where origins[step.name] == nil && step.expression.names.contains(where: { moved[$0] != nil }) {
          moved[step.name] = try ForwardMode(moved, over: values).dual(step.expression)
        }
      }
      let mode = ForwardMode(moved, over: values)
      let safe = equation.safeForm(varying: [name], name)
      return try mode.dual(safe ?? equation.expression).tangentOrZero
    }
    func factor(_ upper: String, _ lower: String) -> Prose {
      "\(IndexFormula.partial(.entry(.name(upper), []), by: lower, []))"
    }
    func unit(_ position: Int) -> Tensor {
      var direction = Tensor(repeating: 0, shape: gradient.shape)
      direction.replaceElement(at: position, with: 1)
      return direction
    }
    var worst = 0.0
    if let paths = allPaths(target, loss, origins) {
      for position in positions {
        var total = 0.0
        for path in paths {
          var direction = unit(position)
          for (lower, upper) in zip(path.reversed(), path.reversed().dropFirst()) {
            direction = try tangent(lower, upper, direction)
          }
          total += direction.scalarValue ?? .nan
        }
        worst = CheckedDerivation.larger(worst, abs(total - gradient.elements[position]))
      }
      let texts = paths.map { path in
        zip(path, path.dropFirst()).map { upper, lower -> Prose in
          // What a value affects directly and by other ways is a part of the equation, not all of it.
          let isPart = paths.count > 1 && upper == loss && lower == target
          let own = isPart ? forward.last { $0.name == upper }?.expression.terms(with: lower) : nil
          return own.map { "∂(\($0))/∂\(name: lower)" } ?? factor(upper, lower)
        }.joined(separator: " · ")
      }
      return (texts, worst)
    }
    // Too many paths to write out: one step of the rule, over all that the target directly affects.
    let direct = origins[target] ?? []
    for position in positions {
      var total = 0.0
      for origin in direct {
        let change = try tangent(target, origin, unit(position))
        let above = origin == loss ? Tensor(1) : values.value(of: origin.gradientName) ?? Tensor(.nan)
        total += zip(above.elements, change.elements).reduce(0) { $0 + $1.0 * $1.1 }
      }
      worst = CheckedDerivation.larger(worst, abs(total - gradient.elements[position]))
    }
    return (
      direct.map {
        $0 == loss ? factor(loss, target) : "\(factor(loss, $0)) · \(factor($0, target))"
      }, worst
    )
  }

  // MARK: The index form of the last product

  /// For `dB = A.T @ dC` and `dA = dC @ B.T` of an equation C = … A @ B ….
  private static func indexForm(
    _ step: Step, _ forward: [Equation], _ values: Overlay, _ counting: SampleCounting?
  ) throws(Diagnostic) -> CheckedDerivation? {
    guard case .binary(.matrixProduct, _, _) = step.equation.expression, let origin = step.origins.first,
      let target = step.equation.name.gradientOf, step.origins.count == 1,
      let subject = try? SubjectSearch([origin], values, counting).subject(.of(.matrixProduct)),
      subject.sites.last?.name == origin.name,
      subject.sites.last?.names.values.contains(.name(target)) == true
    else { return nil }
    var derivation = try Runner.products(subject, of: target).derivation()
    guard let chain = derivation.chains.first, case .partial(_, _, let index) = chain.left,
      case .entry(let written, _)? = chain.lines.last?.formula
    else { return nil }
    derivation.tensors[step.equation.name] = try Evaluator(Bindings(derivation.tensors)).value(of: written)
    derivation.chains[0].left = .entry(.name(step.equation.name), index)
    derivation.chains[0].reference = nil
    return try CheckedDerivation(derivation)
  }
}

extension GradientDerivation.Step {
  /// Which gradient a product is, or what of it.
  fileprivate func fitted(_ product: Expression?) -> Prose {
    let name = equation.name.gradientOf ?? equation.name
    switch equation.expression {
    case product: return "\(name: equation.name) must be \(value.shape), like \(name: name)"
    case .transpose(let inner) where inner == product:
      return
        "\(name: equation.name) is the product transposed, which must be \(value.shape.transposed), like \(name: name).T"
    default: return "the product in \(equation)"
    }
  }
}

extension Equation {
  /// The numerically safe form of a loss, where it may stand for the loss: it presumes that the classes of the target
  /// sum to 1, so the target must not vary; and it passes over the output, so that must not be the name itself.
  fileprivate func safeForm(varying reached: Set<String>, _ name: String) -> Expression? {
    guard let computedAs else { return nil }
    guard !expression.contains(name: name) || computedAs.contains(name: name) else { return nil }
    let targetVaries = expression.contains { part in
      guard case .call(let f, let arguments, _) = part, Operation.loss(f) != nil,
        let targets = arguments.first
      else { return false }
      return !reached.isDisjoint(with: targets.names)
    }
    return targetVaries ? nil : computedAs
  }
}

extension Expression {
  /// The terms of a sum that have a name in them.
  fileprivate func terms(with name: String) -> Expression {
    guard case .binary(let operation, let a, let b) = self, operation == .add || operation == .subtract else {
      return self
    }
    switch (a.contains(name: name), b.contains(name: name)) {
    case (true, true): return .binary(operation, a.terms(with: name), b.terms(with: name))
    case (true, false): return a.terms(with: name)
    case (false, _): return operation == .add ? b.terms(with: name) : .negative(b.terms(with: name))
    }
  }
}
