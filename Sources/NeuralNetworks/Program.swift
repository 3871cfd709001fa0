import Differentiation
import Formulas
import LinearAlgebra

/// A model whose shapes are known: its forward steps and the backward steps derived from them.
package struct Program: Sendable {
  package let forward: [Equation]
  package let backward: [Equation]
  /// Shape of every leaf and step.
  package let shapes: [String: Shape]
  package let sampleCount: Int?

  package var steps: [Equation] { forward + backward }

  /// - Parameters:
  ///   - leaves: shapes of inputs, targets and parameters.
  ///   - isFused: softmax with cross-entropy as one step.
  ///   - givenSampleCount: `m` where no leaf shows it.
  ///   - missing: what to say about a leaf without a value.
  /// - Throws: the first equation whose shapes do not meet.
  package init(
    _ model: Model, leaves: [String: Shape], isFused: Bool, rules: RuleTable = .standard,
    givenSampleCount: Int? = nil, missing: @escaping @Sendable (String) -> Diagnostic
  ) throws(Diagnostic) {
    let samples = Program.sampleCount(model, leaves: leaves, given: givenSampleCount)
    var environment = ShapeEnvironment(shapes: leaves, missing: missing)
    environment.shapes["m"] = .scalar
    environment.sampleCount = samples
    for equation in model.equations {
      do {
        environment.shapes[equation.name] = try ShapeInference(environment).shape(of: equation.expression)
      } catch {
        var diagnostic = error
        diagnostic.message = "in \(equation.text): \(error.message)"
        diagnostic.source = nil
        diagnostic.marks = []
        throw diagnostic
      }
    }
    if let loss = environment.shapes[model.lossName], loss.count != 1 {
      throw Diagnostic(
        "the loss \(model.lossName) is \(loss), and a loss is one number",
        hint: "the last equation is the loss: end with one like L = sum(\(model.lossName)**2)")
    }
    let context = Node.Context(sampleCount: samples)
    let definitions = Dictionary(
      model.equations.map { ($0.name, $0.expression) }, uniquingKeysWith: { _, last in last })
    let known = environment
    forward = model.equations.map { equation in
      guard isFused else { return equation }
      var computed = equation
      computed.computedAs = Fusion.computed(
        equation.expression, definitions: definitions,
        shape: { try? ShapeInference(known).shape(of: $0) }, count: context.count)
      return computed
    }
    let inputs = leaves["X"] == nil ? [] : ["X"]
    let targets = model.parameters.filter { model.leaves.contains($0) } + inputs.filter(model.leaves.contains)
    func derive(_ environment: ShapeEnvironment) throws(Diagnostic) -> [Equation] {
      try BackwardPass.derive(
        model.equations, output: model.lossName, targets: targets, environment: environment,
        settings: BackwardPass.Settings(
          rules: rules, isFused: isFused, context: .init(sampleCount: environment.sampleCount)))
    }
    // A batch of one sample would hide every sum over the batch (db1 = dZ1), so that its equations are derived as
    // for two samples, when they hold for one as well.
    if samples == 1, let two = Program.twoSamples(model, leaves, environment), let general = try? derive(two),
      Program.holds(general, environment)
    {
      backward = general
    } else {
      backward = try derive(environment)
    }
    for equation in backward {
      environment.shapes[equation.name] = try ShapeInference(environment).shape(of: equation.expression)
    }
    shapes = environment.shapes
    sampleCount = samples
  }

  /// Whether backward equations give every gradient the shape of its value.
  private static func holds(_ equations: [Equation], _ environment: ShapeEnvironment) -> Bool {
    var environment = environment
    for equation in equations {
      guard let shape = try? ShapeInference(environment).shape(of: equation.expression) else { return false }
      if let value = environment.shapes[String(equation.name.dropFirst())], equation.name != "J",
        value != shape
      {
        return false
      }
      environment.shapes[equation.name] = shape
    }
    return true
  }

  /// The shapes of the same model for a batch of two; nil when something else than X and Y depends on the batch.
  private static func twoSamples(
    _ model: Model, _ leaves: [String: Shape], _ environment: ShapeEnvironment
  ) -> ShapeEnvironment? {
    let axis = model.layout == .columns ? 1 : 0
    var result = environment
    result.sampleCount = 2
    for name in sampleLeaves(model) {
      guard let shape = leaves[name], shape.rank >= 2, shape.dimensions[axis] == 1 else { continue }
      var dimensions = shape.dimensions
      dimensions[axis] = 2
      result.shapes[name] = Shape(dimensions)
    }
    for equation in model.equations {
      guard let shape = try? ShapeInference(result).shape(of: equation.expression) else { return nil }
      result.shapes[equation.name] = shape
    }
    return result
  }

  /// Samples are the rows of X (its columns in the other layout, its first axis when it holds images); without X
  /// those of the first input in the order of use that has rows, then those of the target, else what `m` was set to.
  package static func sampleCount(_ model: Model, leaves: [String: Shape], given: Int? = nil) -> Int? {
    let axis = model.layout == .columns ? 1 : 0
    for name in sampleLeaves(model) {
      if let shape = leaves[name], shape.rank >= 2 { return shape.dimensions[axis] }
    }
    return given
  }

  /// The values that may hold a sample in every row, the likeliest first.
  package static func sampleLeaves(_ model: Model) -> [String] {
    let target = model.targetName ?? "Y"
    guard !model.leaves.contains("X"), model.equations.contains(where: { $0.expression.contains(name: "m") })
    else { return ["X", target] }
    // Names in the order in which the values are computed: a target is first met in the loss.
    let inputs = model.leaves.filter { $0 != target && !model.parameters.contains($0) }
    return ["X"] + inputs + [target]
  }
}

/// Shapes without values.
package struct ShapeEnvironment: Environment {
  package var shapes: [String: Shape]
  package var sampleCount: Int?
  package var missing: @Sendable (String) -> Diagnostic

  package init(shapes: [String: Shape], missing: @escaping @Sendable (String) -> Diagnostic) {
    self.shapes = shapes
    self.missing = missing
  }

  package func shape(of name: String) -> Shape? { shapes[name] }
  package func value(of name: String) -> Tensor? {
    name == "m" ? sampleCount.map { Tensor(Double($0)) } : nil
  }
  package func missing(_ name: String) -> Diagnostic { missing(name) }
  package func example(ofShape shape: Shape) -> String? { shapes.keys.sorted().first { shapes[$0] == shape } }
}
