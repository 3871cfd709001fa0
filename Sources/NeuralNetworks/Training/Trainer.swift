import Formulas
import LinearAlgebra
import Operations
import Plans

/// Parameters and the plans that change them: one plan for each size of batch, all on the same parameters.
package final class Trainer {
  package struct Settings: Sendable {
    package var optimizer = ChosenOptimizer()
    package var rate = 0.1
    /// Where the optimiser goes on; nil to begin.
    package var state: OptimizerState?
    package var isFused = true
    /// The plan computes in floats.
    package var isSingle = false

    package init() {}
  }

  /// What one batch gave: its loss, and how its samples were classified where there are classes.
  package struct Outcome: Sendable {
    package let loss: Double
    package let classified: ClassCount?
  }

  /// Writes the samples of a batch of the leaf that is named.
  package typealias Fill = (_ name: String, UnsafeMutableBufferPointer<Double>) -> Void

  private let work: any TrainingWork

  /// - Parameters:
  ///   - leaves: values of parameters and of everything else that the equations read.
  ///   - roles: which leaves a batch takes samples of, and where these lie.
  package init(_ model: Model, leaves: [String: Tensor], roles: Roles, settings: Settings) {
    work =
      settings.isSingle
      ? PlannedTraining<Float>(model, leaves: leaves, roles: roles, settings: settings)
      : PlannedTraining<Double>(model, leaves: leaves, roles: roles, settings: settings)
  }

  /// The learning rate of the steps to come.
  package var rate: Double {
    get { work.rate }
    set { work.rate = newValue }
  }

  /// Multiplications and additions of the products in one step over so many samples, for deciding whether a
  /// library is worth opening: two for every weight and sample forward, four back.
  package func operationCount(samples: Int) -> Double { work.operationCount(samples: samples) }

  /// Equations that have no kernel in the plans so far.
  package var slow: [(equation: String, formula: Expression)] { work.slow }

  /// One step on a batch of `samples`: forward, backward, update.
  package func step(samples: Int, fill: Fill) throws(Diagnostic) -> Outcome {
    try work.step(samples: samples, fill: fill)
  }

  /// The forward pass alone.
  package func evaluate(samples: Int, fill: Fill) throws(Diagnostic) -> Outcome {
    try work.run(samples, isTraining: false, fill)
  }

  /// The parameters as they are now.
  package var parameters: [String: Tensor] { work.parameters }

  /// What the optimiser remembers now.
  package var state: OptimizerState { work.state }
}

/// Training in one type of number.
private protocol TrainingWork: AnyObject {
  var rate: Double { get set }
  var slow: [(equation: String, formula: Expression)] { get }
  var parameters: [String: Tensor] { get }
  var state: OptimizerState { get }
  func operationCount(samples: Int) -> Double
  func step(samples: Int, fill: Trainer.Fill) throws(Diagnostic) -> Trainer.Outcome
  func run(_ samples: Int, isTraining: Bool, _ fill: Trainer.Fill) throws(Diagnostic) -> Trainer.Outcome
}

private final class PlannedTraining<Number: KernelNumber>: TrainingWork {
  private let model: Model
  private let settings: Trainer.Settings
  private let roles: Roles
  private let shapes: [String: Shape]
  private let storage = PlanStorage<Number>()
  private var plans: [Plan] = []
  private var stepCount = 0
  /// A batch in doubles, where the plan has floats.
  private var scratch: [Double] = []

  /// A plan for one size of batch.
  private struct Plan {
    let samples: Int?
    let isTraining: Bool
    let plan: TrainingPlan<Number>
  }

  init(_ model: Model, leaves: [String: Tensor], roles: Roles, settings: Trainer.Settings) {
    self.model = ClassCount.counting(model, roles)
    self.settings = settings
    self.roles = roles
    shapes = leaves.mapValues(\.shape)
    for (name, value) in leaves where !roles.batched.contains(name) {
      storage.allocate(name, value.shape).load(value)
    }
    storage.allocate(Optimizer.rate, .scalar).pointer[0] = Number(settings.rate)
    storage.allocate(Optimizer.step, .scalar)
    guard let state = settings.state, state.chosen == settings.optimizer else { return }
    stepCount = state.steps
    for (name, value) in state.memory {
      storage.allocate(ChosenOptimizer.planName(name), value.shape).load(value)
    }
  }

  var rate: Double {
    get { storage[Optimizer.rate].map { Double($0.pointer[0]) } ?? settings.rate }
    set { storage[Optimizer.rate]?.pointer[0] = Number(newValue) }
  }

  func operationCount(samples: Int) -> Double {
    model.parameters.reduce(0) { total, name in
      guard let shape = shapes[name], shape.rank >= 2, shape.rows > 1, shape.columns > 1 else { return total }
      return total + 6 * Double(shape.count) * Double(samples)
    }
  }

  var slow: [(equation: String, formula: Expression)] { plans.first?.plan.slow ?? [] }

  func step(samples: Int, fill: Trainer.Fill) throws(Diagnostic) -> Trainer.Outcome {
    stepCount += 1
    storage[Optimizer.step]?.pointer[0] = Number(stepCount)
    storage[.draw]?.pointer[0] += 1
    return try run(samples, isTraining: true, fill)
  }

  var parameters: [String: Tensor] {
    var result: [String: Tensor] = [:]
    for name in model.parameters { result[name] = storage[name]?.tensor }
    return result
  }

  var state: OptimizerState {
    var result = OptimizerState(settings.optimizer)
    result.steps = stepCount
    for name in model.parameters.flatMap({ settings.optimizer.memoryNames(of: $0) }) {
      result.memory[name] = storage[ChosenOptimizer.planName(name)]?.tensor
    }
    return result
  }

  func run(
    _ samples: Int, isTraining: Bool, _ fill: Trainer.Fill
  ) throws(Diagnostic) -> Trainer.Outcome {
    let plan = try plan(samples, isTraining)
    for name in roles.batched {
      if let buffer = plan.input(name) { self.fill(buffer) { fill(name, $0) } }
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
    let loss = plan.output(model.lossName).map { Double($0.pointer[0]) } ?? .nan
    return Trainer.Outcome(loss: loss, classified: ClassCount(plan, roles))
  }

  /// A buffer filled with doubles: in place where it holds them.
  private func fill(
    _ buffer: PlanBuffer<Number>, _ write: (UnsafeMutableBufferPointer<Double>) -> Void
  ) {
    if let doubles = buffer as? PlanBuffer<Double> {
      return write(UnsafeMutableBufferPointer(start: doubles.pointer, count: doubles.count))
    }
    if scratch.count < buffer.count { scratch = [Double](repeating: 0, count: buffer.count) }
    scratch.withUnsafeMutableBufferPointer {
      guard let base = $0.baseAddress else { return }
      write(UnsafeMutableBufferPointer(start: base, count: buffer.count))
      Number.load(buffer.count, base, buffer.pointer)
    }
  }

  private func plan(_ samples: Int, _ isTraining: Bool) throws(Diagnostic) -> TrainingPlan<Number> {
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
      program.steps, leaves: program.shapes.filter { shapes[$0.key] != nil },
      sampleCount: program.sampleCount,
      outputs: [model.lossName] + ClassCount.names,
      storage: storage, updates: updates)
    plans.append(Plan(samples: samples, isTraining: isTraining, plan: plan))
    return plan
  }
}
