import Differentiation
import Formulas
import LinearAlgebra
import Operations

/// A model whose shapes are known: its forward steps and the backward steps derived from them. It never changes, and goes
/// from hand to hand with every value that is looked up: a reference, not twelve.
package final class Program: Sendable {
  package let forward: [Equation]
  package let backward: [Equation]
  /// Both, in order.
  package let steps: [Equation]
  private let positions: [String: Int]
  /// Shape of every leaf and step.
  package let shapes: [String: Shape]
  package let roles: Roles
  /// How counts are written in this model; nil where its equations hold for one batch only.
  package let counting: SampleCounting?
  /// Parts of the equations that are a loss and its activation in one.
  package let fusions: [Expression: Fusion]
  /// The forward equations with a loss and its activation as calls, however they are typed.
  package var recognised: [Equation] {
    let typed = roles.loss.flatMap { loss in loss.call(roles).map { (loss.term, $0) } }
    return forward.map { equation in
      var expression = equation.expression
      for (part, fusion) in fusions {
        if fusion.predictions == .name(equation.name), let call = fusion.activated { expression = call }
        if part != fusion.call { expression = expression.replacing(part, with: fusion.call) }
      }
      if let (term, call) = typed, fusions[term] == nil, term != call {
        expression = expression.replacing(term, with: call)
      }
      return Equation(equation.name, expression)
    }
  }
  /// Why there is no backward pass: the equations end with more than one number. Nil where they end with a loss.
  package let missingLoss: Diagnostic?
  private let rules: RuleTable

  package var sampleCount: Int? { roles.sampleCount }

  /// Which step computes a name.
  package func position(of name: String) -> Int? { positions[name] }

  /// The same with other backward steps.
  private init(_ program: Program, backward: [Equation]) {
    (forward, shapes, roles) = (program.forward, program.shapes, program.roles)
    (counting, fusions, rules) = (program.counting, program.fusions, program.rules)
    missingLoss = program.missingLoss
    self.backward = backward
    (self.steps, positions) = Self.arranged(forward, backward)
  }

  private static func arranged(_ forward: [Equation], _ backward: [Equation]) -> ([Equation], [String: Int]) {
    let steps = forward + backward
    let places = steps.enumerated().map { ($1.name, $0) }
    return (steps, Dictionary(places, uniquingKeysWith: { first, _ in first }))
  }

  /// Shapes of everything here, and the value of `m`, which sizes may name.
  package var shapeEnvironment: ShapeEnvironment {
    var result = ShapeEnvironment(shapes: shapes) { Diagnostic("there is no '\(name: $0)'") }
    result.sampleCount = sampleCount
    return result
  }

  /// - Parameters:
  ///   - leaves: shapes of inputs, targets and parameters.
  ///   - isFused: softmax with cross-entropy as one step.
  ///   - areDistributions: whether the classes of the targets sum to 1: only then a loss typed of logits is cross-entropy.
  ///   - roles: what the leaves are; follows from the model and the shapes when it is not given.
  ///   - missing: what to say about a leaf without a value.
  /// - Throws: the first equation whose shapes do not meet.
  package init(
    _ model: Model, leaves: [String: Shape], isFused: Bool, areDistributions: Bool = true,
    rules: RuleTable = .standard, roles given: Roles? = nil,
    missing: @escaping @Sendable (String) -> Diagnostic
  ) throws(Diagnostic) {
    let roles = given ?? Roles(model, shapes: leaves)
    self.roles = roles
    var environment = ShapeEnvironment(shapes: leaves, missing: missing)
    environment.shapes[.sampleCount] = .scalar
    environment.sampleCount = roles.sampleCount
    try Self.infer(model.equations, in: &environment)
    let end = environment.shapes[model.lossName] ?? .scalar
    missingLoss =
      end.count == 1
      ? nil
      : Diagnostic(
        "there is nothing to go back from: a loss is one number, and \(name: model.lossName) has the shape \(end)",
        hint: ["L", "J", "C", "E", "loss", "Loss", "cost"].contains(model.lossName)
          ? "a loss is one number: mean(…) or sum(…) around what stands behind its '='"
          : "end with an equation like L = sum(\(name: model.lossName)**2)"
      )
    let definitions = Dictionary(
      model.equations.map { ($0.name, $0.expression) }, uniquingKeysWith: { _, last in last })
    var fusions: [Expression: Fusion] = [:]
    for equation in model.equations {
      fusions.merge(Fusion.all(in: equation.expression, definitions: definitions)) { first, _ in first }
    }
    // Whatever its spelling, a loss of an activation is fused, or goes through the activation.
    if let loss = roles.loss, let fusion = loss.fusion(roles),
      areDistributions || loss.readsPredictions(in: model)
    {
      fusions[loss.term] = fusion
    }
    self.fusions = fusions
    self.rules = rules
    let counting = Self.counting(model, leaves, roles, environment)
    self.counting = counting
    let known = environment
    var steps: [Equation] = []
    for equation in model.equations {
      var computed = equation
      if isFused {
        for (part, fusion) in fusions where equation.expression.contains({ $0 == part }) {
          let formula = try fusion.computed(in: counting?.shapes ?? known, counting: counting)
          computed.computedAs = (computed.computedAs ?? equation.expression).replacing(part, with: formula)
        }
      }
      steps.append(computed)
    }
    forward = steps
    let free = Set(model.leaves)
    // Positions are no values that could move.
    let targets =
      model.parameters.filter(free.contains)
      + roles.inputs.filter { !model.readsPositionsAlone($0) }
    let settings = BackwardPass.Settings(rules: rules, isFused: isFused, fusions: fusions)
    let derived =
      missingLoss != nil
      ? []
      : try Self.derive(
        model.equations, output: model.lossName, targets: targets, settings, counting, environment)
    // What the inputs get stands at the end.
    let fed = Set(roles.inputs.map(\.gradientName))
    backward = derived.filter { !fed.contains($0.name) } + derived.filter { fed.contains($0.name) }
    for equation in derived {
      environment.shapes[equation.name] = try ShapeInference(environment).shape(of: equation.expression)
    }
    shapes = environment.shapes
    (self.steps, positions) = Self.arranged(forward, backward)
  }

  /// The same steps with other formulas computed in some of the backward ones.
  package func planting(_ mistakes: [String: Expression]) -> Program {
    let planted = backward.map { step in
      var step = step
      step.planted = mistakes[step.name]
      return step
    }
    return Program(self, backward: planted)
  }

  /// The backward equations from a value of this program to others, which need not be among its steps.
  package func derive(
    output: String, targets: [String], isFused: Bool, rules: RuleTable? = nil
  ) throws(Diagnostic) -> [Equation] {
    var environment = shapeEnvironment
    forgetJacobian(in: &environment)
    return try Self.derive(
      forward.map { Equation($0.name, $0.expression) }, output: output, targets: targets,
      .init(rules: rules ?? self.rules, isFused: isFused, fusions: fusions), counting, environment)
  }

  /// The backward equations of the pass from one part of a formula on, which goes by a name of its own.
  package func derive(
    _ equations: [Equation], output: String, from part: (name: String, formula: Expression), isFused: Bool
  ) throws(Diagnostic) -> [Equation] {
    var environment = shapeEnvironment
    let read = Set(equations.flatMap(\.expression.names) + part.formula.names + [.sampleCount])
    environment.shapes = environment.shapes.filter { read.contains($0.key) }
    environment.shapes[part.name] = try ShapeInference(environment).shape(of: part.formula)
    try Self.infer(equations, in: &environment)
    var general = counting
    if let counting {
      var shapes = counting.shapes
      shapes.shapes = shapes.shapes.filter { read.contains($0.key) }
      shapes.shapes[part.name] = try ShapeInference(shapes).shape(of: part.formula)
      try Self.infer(equations, in: &shapes)
      general = SampleCounting(shapes: shapes, extent: counting.extent)
    }
    let definitions = Dictionary(
      equations.map { ($0.name, $0.expression) }, uniquingKeysWith: { _, last in last })
    var fusions: [Expression: Fusion] = [:]
    for equation in equations {
      fusions.merge(Fusion.all(in: equation.expression, definitions: definitions)) { first, _ in first }
    }
    return try Self.derive(
      equations, output: output, targets: [part.name], .init(isFused: isFused, fusions: fusions), general,
      environment)
  }

  /// The Jacobian is a step of its own only where its name has no value yet.
  private func forgetJacobian(in environment: inout ShapeEnvironment) {
    for step in backward where step.isJacobian { environment.shapes[step.name] = nil }
  }

  private static func infer(_ equations: [Equation], in environment: inout ShapeEnvironment)
    throws(Diagnostic)
  {
    for equation in equations {
      do {
        environment.shapes[equation.name] = try ShapeInference(environment).shape(of: equation.expression)
      } catch {
        var diagnostic = error
        diagnostic.message = "in \(equation): \(error.message)"
        diagnostic.source = nil
        diagnostic.marks = []
        throw diagnostic
      }
    }
  }

  /// Derived where the samples have an extent of their own, so that `m` is written where they are counted and nowhere
  /// else, and a batch of one hides no sum over it; for the present batch alone where the formulas hold for no other.
  private static func derive(
    _ equations: [Equation], output: String, targets: [String], _ settings: BackwardPass.Settings,
    _ counting: SampleCounting?, _ environment: ShapeEnvironment
  ) throws(Diagnostic) -> [Equation] {
    if let counting {
      var general = settings
      general.counting = counting
      if let result = try? BackwardPass.derive(
        equations, output: output, targets: targets, environment: counting.shapes, settings: general),
        holds(result, environment)
      {
        return result
      }
    }
    return try BackwardPass.derive(
      equations, output: output, targets: targets, environment: environment, settings: settings)
  }

  /// Whether backward equations give every gradient the shape of its value.
  private static func holds(_ equations: [Equation], _ environment: ShapeEnvironment) -> Bool {
    var environment = environment
    for equation in equations {
      guard let shape = try? ShapeInference(environment).shape(of: equation.expression) else { return false }
      if let value = equation.name.gradientOf.flatMap({ environment.shapes[$0] }), value != shape {
        return false
      }
      environment.shapes[equation.name] = shape
    }
    return true
  }

  /// The same model with an extent of the samples that divides no other; nil where its equations hold for the present
  /// batch alone.
  private static func counting(
    _ model: Model, _ leaves: [String: Shape], _ roles: Roles, _ environment: ShapeEnvironment
  ) -> SampleCounting? {
    let holders = model.leaves.filter { roles.sampleAxes[$0] != nil }
    guard !holders.isEmpty || environment.sampleCount != nil else { return nil }
    var numbers = Set(environment.shapes.values.flatMap(\.dimensions))
    for equation in model.equations {
      numbers.formUnion(equation.expression.wholeNumbers)
      numbers.formUnion(extents(equation.expression, environment))
    }
    guard let extent = primes.first(where: { prime in numbers.allSatisfy { $0 == 0 || $0 % prime != 0 } })
    else {
      return nil
    }
    var result = ShapeEnvironment(shapes: leaves, missing: environment.missing)
    result.shapes[.sampleCount] = .scalar
    result.sampleCount = extent
    for name in holders {
      if let shape = leaves[name] { result.shapes[name] = roles.shape(shape, of: name, samples: extent) }
    }
    guard (try? infer(model.equations, in: &result)) != nil else { return nil }
    let general = result
    let samples = environment.sampleCount ?? 1
    guard model.equations.allSatisfy({ keepsSamples($0.expression, environment, samples, general, extent) })
    else { return nil }
    return SampleCounting(shapes: result, extent: extent)
  }

  /// Extents of a formula's parts, which have no names: of a list in it, of what it puts together.
  private static func extents(_ expression: Expression, _ environment: ShapeEnvironment) -> Set<Int> {
    let own = (try? ShapeInference(environment).shape(of: expression))?.dimensions ?? []
    return expression.children.reduce(into: Set(own)) { $0.formUnion(extents($1, environment)) }
  }

  /// Whether every extent is some number, or so many times the samples, however many these are. That of `Z[1:]` is neither:
  /// a mean over it would be divided by what it counts among other samples.
  private static func keepsSamples(
    _ expression: Expression, _ own: ShapeEnvironment, _ samples: Int, _ general: ShapeEnvironment,
    _ extent: Int
  ) -> Bool {
    let makesExtents: Bool
    switch expression {
    case .number, .name, .list, .negative, .binary, .transpose, .derivative: makesExtents = false
    case .index: makesExtents = true
    case .call(let f, _, _): makesExtents = Operation.of(f)?.slope == nil
    }
    if makesExtents, let here = try? ShapeInference(own).shape(of: expression),
      let there = try? ShapeInference(general).shape(of: expression)
    {
      for (n, m) in zip(here.dimensions, there.dimensions) {
        let isCounted = m % extent == 0 && n == m / extent * samples
        if n != m, !isCounted { return false }
      }
    }
    return expression.children.allSatisfy { keepsSamples($0, own, samples, general, extent) }
  }

  private static let primes = [
    2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103,
    107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167, 173, 179, 181, 191, 193, 197, 199, 211,
  ]
}

extension Equation {
  /// A step that is the Jacobian of a function for every sample.
  package var isJacobian: Bool {
    if case .derivative(let f, _, _) = expression { Operation.of(f)?.jacobian != nil } else { false }
  }
}

extension Model {
  /// Whether a name is a list of positions or labels, and no value anywhere.
  package func readsPositionsAlone(_ name: String) -> Bool {
    equations.contains { $0.expression.reads(name, asValue: false) }
      && !equations.contains { $0.expression.reads(name, asValue: true) }
  }
}

extension Expression {
  /// Whether a name is read as a value, or only as a list of positions or labels.
  fileprivate func reads(_ name: String, asValue isValue: Bool) -> Bool {
    if case .name(let own) = self { return isValue && own == name }
    guard let call = OperationCall(self) else { return false }
    return call.operands.enumerated().contains { i, operand in
      if call.takesPositions(at: i) {
        return isValue ? false : operand.names.contains(name)
      }
      return operand.reads(name, asValue: isValue)
    }
  }

  /// Whole numbers that stand in it, which may be sizes.
  fileprivate var wholeNumbers: Set<Int> {
    var result = children.reduce(into: Set<Int>()) { $0.formUnion($1.wholeNumbers) }
    if case .number(let value) = self, let whole = Int(exactly: value), whole > 0 { result.insert(whole) }
    return result
  }
}
