import Formulas
import LinearAlgebra
import Operations

/// Parameters and the plans that change them: one plan for each size of batch, all on the same parameters.
package final class Trainer {
  package struct Settings: Sendable {
    package var optimizer = ChosenOptimizer()
    package var rate = 0.1
    /// Where the optimiser goes on; nil to begin.
    package var state: OptimizerState?
    package var isFused = true

    package init() {}
  }

  private let model: Model
  private let settings: Settings
  private let roles: Roles
  private let shapes: [String: Shape]
  private let storage = PlanStorage()
  private var plans: [Plan] = []
  private var stepCount = 0

  /// A plan for one size of batch.
  private struct Plan {
    let samples: Int?
    let isTraining: Bool
    let plan: TrainingPlan
  }

  /// - Parameters:
  ///   - leaves: values of parameters and of everything else that the equations read.
  ///   - roles: which leaves a batch takes samples of, and where these lie.
  package init(_ model: Model, leaves: [String: Tensor], roles: Roles, settings: Settings) {
    self.model = ClassCount.counting(model, roles)
    self.settings = settings
    self.roles = roles
    shapes = leaves.mapValues(\.shape)
    for (name, value) in leaves where !roles.batched.contains(name) {
      storage.allocate(name, value.shape).load(value)
    }
    storage.allocate(Optimizer.rate, .scalar).pointer[0] = settings.rate
    storage.allocate(Optimizer.step, .scalar)
    guard let state = settings.state, state.chosen == settings.optimizer else { return }
    stepCount = state.steps
    for (name, value) in state.memory {
      storage.allocate(ChosenOptimizer.planName(name), value.shape).load(value)
    }
  }

  /// The learning rate of the steps to come.
  package var rate: Double {
    get { storage[Optimizer.rate]?.pointer[0] ?? settings.rate }
    set { storage[Optimizer.rate]?.pointer[0] = newValue }
  }

  /// Multiplications and additions of the products in one step over so many samples, for deciding whether a
  /// library is worth opening: two for every weight and sample forward, four back.
  package func operationCount(samples: Int) -> Double {
    model.parameters.reduce(0) { total, name in
      guard let shape = shapes[name], shape.rank >= 2, shape.rows > 1, shape.columns > 1 else { return total }
      return total + 6 * Double(shape.count) * Double(samples)
    }
  }

  /// Equations that have no kernel in the plans so far.
  package var slow: [(equation: String, formula: Expression)] { plans.first?.plan.slow ?? [] }

  /// What one batch gave: its loss, and how its samples were classified where there are classes.
  package struct Outcome: Sendable {
    package let loss: Double
    package let classified: ClassCount?
  }

  /// One step on a batch of `samples`: forward, backward, update. `fill` writes a leaf that samples are taken of.
  package func step(
    samples: Int, fill: (_ name: String, PlanBuffer) -> Void
  ) throws(Diagnostic) -> Outcome {
    stepCount += 1
    storage[Optimizer.step]?.pointer[0] = Double(stepCount)
    storage[.draw]?.pointer[0] += 1
    return try run(samples, isTraining: true, fill)
  }

  /// The forward pass alone.
  package func evaluate(
    samples: Int, fill: (_ name: String, PlanBuffer) -> Void
  ) throws(Diagnostic) -> Outcome {
    try run(samples, isTraining: false, fill)
  }

  /// The parameters as they are now.
  package var parameters: [String: Tensor] {
    var result: [String: Tensor] = [:]
    for name in model.parameters { result[name] = storage[name]?.tensor }
    return result
  }

  /// What the optimiser remembers now.
  package var state: OptimizerState {
    var result = OptimizerState(settings.optimizer)
    result.steps = stepCount
    for name in model.parameters.flatMap({ settings.optimizer.memoryNames(of: $0) }) {
      result.memory[name] = storage[ChosenOptimizer.planName(name)]?.tensor
    }
    return result
  }

  private func run(
    _ samples: Int, isTraining: Bool, _ fill: (String, PlanBuffer) -> Void
  ) throws(Diagnostic) -> Outcome {
    let plan = try plan(samples, isTraining)
    for name in roles.batched {
      if let buffer = plan.input(name) { fill(name, buffer) }
    }
    // Parameters change in the middle of a run: a short one is ended, a long one taken back.
    if operationCount(samples: samples) < 1e9 {
      try Interruption.deferred { () throws(Diagnostic) in try plan.run() }
    } else {
      let before = isTraining ? parameters : [:]
      try plan.run()
      if Interruption.isRequested { for (name, value) in before { storage[name]?.load(value) } }
      try Interruption.check()
    }
    let loss = plan.output(model.lossName)?.pointer[0] ?? .nan
    return Outcome(loss: loss, classified: ClassCount(plan, roles))
  }

  private func plan(_ samples: Int, _ isTraining: Bool) throws(Diagnostic) -> TrainingPlan {
    if let known = plans.first(where: { $0.samples == samples && $0.isTraining == isTraining }) {
      return known.plan
    }
    var shapes = shapes
    for name in roles.batched {
      if let shape = shapes[name] { shapes[name] = roles.shape(shape, of: name, samples: samples) }
    }
    let program = try Program(
      model, leaves: shapes, isFused: settings.isFused, roles: roles.sized(samples),
      missing: { Diagnostic("\(name: $0) has no value yet") })
    var updates: [ParameterUpdate] = []
    for name in isTraining ? model.parameters : [] {
      if let shape = shapes[name] { updates.append(try settings.optimizer.update(name, shape: shape)) }
    }
    let plan = try TrainingPlan(
      program, leaves: Array(shapes.keys), outputs: [model.lossName] + ClassCount.names,
      storage: storage, updates: updates)
    plans.append(Plan(samples: samples, isTraining: isTraining, plan: plan))
    return plan
  }
}
