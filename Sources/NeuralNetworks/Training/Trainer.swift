import Formulas
import LinearAlgebra
import Operations

/// Parameters and the plans that change them: one plan for each size of batch, all on the same parameters.
package final class Trainer {
  package struct Settings: Sendable {
    package var optimizer: Optimizer = .sgd
    package var rate = 0.1
    package var momentum = 0.9
    package var isFused = true

    package init() {}
  }

  private let model: Model
  private let settings: Settings
  private let shapes: [String: Shape]
  private let storage = PlanStorage()
  private let target: String
  private var plans: [Plan] = []
  private var stepCount = 0

  /// A plan for one shape of inputs and targets.
  private struct Plan {
    let X, Y: Shape
    let isTraining: Bool
    let plan: TrainingPlan
  }

  /// - Parameter leaves: values of parameters and of everything else that the equations read, X and Y included.
  package init(_ model: Model, leaves: [String: Tensor], settings: Settings) {
    self.model = model
    self.settings = settings
    target = model.targetName ?? "Y"
    shapes = leaves.mapValues(\.shape)
    for (name, value) in leaves where name != "X" && name != target {
      storage.allocate(name, value.shape).load(value)
    }
    storage.allocate(Optimizer.rate, .scalar).pointer[0] = settings.rate
    storage.allocate(Optimizer.momentumFactor, .scalar).pointer[0] = settings.momentum
    storage.allocate(Optimizer.step, .scalar)
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
  package var slow: [(equation: String, formula: String)] { plans.first?.plan.slow ?? [] }

  /// What one batch gave: its loss, and how many samples were classified right where there are classes.
  package struct Outcome: Sendable {
    package let loss: Double
    package let correct: Int?
  }

  /// One step on a batch: forward, backward, update. `fill` writes the batch.
  package func step(
    X: Shape, Y: Shape, fill: (_ X: PlanBuffer?, _ Y: PlanBuffer?) -> Void
  ) throws(Diagnostic) -> Outcome {
    stepCount += 1
    storage[Optimizer.step]?.pointer[0] = Double(stepCount)
    return try run(X, Y, isTraining: true, fill)
  }

  /// The forward pass alone.
  package func evaluate(
    X: Shape, Y: Shape, fill: (_ X: PlanBuffer?, _ Y: PlanBuffer?) -> Void
  ) throws(Diagnostic) -> Outcome {
    try run(X, Y, isTraining: false, fill)
  }

  /// The parameters as they are now.
  package var parameters: [String: Tensor] {
    var result: [String: Tensor] = [:]
    for name in model.parameters { result[name] = storage[name]?.tensor }
    return result
  }

  private func run(
    _ X: Shape, _ Y: Shape, isTraining: Bool, _ fill: (PlanBuffer?, PlanBuffer?) -> Void
  ) throws(Diagnostic) -> Outcome {
    let plan = try plan(X, Y, isTraining)
    let targets = plan.input(target)
    fill(plan.input("X"), targets)
    try plan.run()
    let loss = plan.output(model.lossName)?.pointer[0] ?? .nan
    return Outcome(loss: loss, correct: targets.flatMap { correct(plan, $0) })
  }

  private func plan(_ X: Shape, _ Y: Shape, _ isTraining: Bool) throws(Diagnostic) -> TrainingPlan {
    if let known = plans.first(where: { $0.X == X && $0.Y == Y && $0.isTraining == isTraining }) {
      return known.plan
    }
    var shapes = shapes
    if shapes["X"] != nil { shapes["X"] = X }
    if shapes[target] != nil { shapes[target] = Y }
    let program = try Program(
      model, leaves: shapes, isFused: settings.isFused, missing: { Diagnostic("\($0) has no value yet") })
    let updates =
      isTraining
      ? model.parameters.compactMap { name in shapes[name].map { settings.optimizer.update(name, shape: $0) }
      }
      : []
    let plan = try TrainingPlan(
      program, leaves: Array(shapes.keys), outputs: [model.lossName, model.outputName].compactMap { $0 },
      storage: storage, updates: updates)
    plans.append(Plan(X: X, Y: Y, isTraining: isTraining, plan: plan))
    return plan
  }

  /// Samples whose largest output stands where the target's does; for one output, whether both lie on the same
  /// side of ½. Nil for a regression.
  private func correct(_ plan: TrainingPlan, _ targets: PlanBuffer) -> Int? {
    guard let name = model.outputName, let (output, shape) = plan.output(name), shape == targets.shape,
      shape.rank == 2, model.lossCall?.operation.loss?.isClassification == true
    else { return nil }
    let isColumns = model.layout == .columns
    let (classes, samples) = isColumns ? (shape.rows, shape.columns) : (shape.columns, shape.rows)
    let (step, next) = isColumns ? (shape.columns, 1) : (1, shape.columns)
    func largest(_ base: UnsafeMutablePointer<Double>, _ sample: Int) -> Int {
      var best = 0
      for k in 0..<classes where base[sample * next + k * step] > base[sample * next + best * step] {
        best = k
      }
      return best
    }
    var count = 0
    for i in 0..<samples {
      if classes == 1 {
        if (output[i * next] > 0.5) == (targets.pointer[i * next] > 0.5) { count += 1 }
      } else if largest(output, i) == largest(targets.pointer, i) {
        count += 1
      }
    }
    return count
  }
}
