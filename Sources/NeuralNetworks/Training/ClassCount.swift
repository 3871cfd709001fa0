import Formulas
import LinearAlgebra
import Plans

/// How the samples of a batch are classified: how many right, and of how many. Counted in the buffers of a plan, where
/// predictions and targets are steps of their own, whatever formula the model has for them.
package struct ClassCount: Sendable {
  package private(set) var right = 0
  package private(set) var samples = 0

  package init() {}

  /// From 0 to 1; nan of no samples.
  package var accuracy: Double { Double(right) / Double(samples) }

  package static func + (a: ClassCount, b: ClassCount) -> ClassCount {
    var result = a
    result.right += b.right
    result.samples += b.samples
    return result
  }

  private static let predictions = "%predictions"
  private static let targets = "%targets"

  static let names = [predictions, targets]

  /// The model with a name for what is compared; itself where nothing is classified.
  static func counting(_ model: Model, _ roles: Roles) -> Model {
    guard let loss = roles.loss, loss.isClassification else { return model }
    var result = model
    // Before the loss, which stays the last equation.
    result.equations.insert(
      contentsOf: [Equation(predictions, loss.predictions), Equation(targets, loss.target)],
      at: max(0, model.equations.count - 1))
    return result
  }

  /// Right is a sample whose largest output stands where the target's does; for one output, whether both lie on the
  /// same side of ½. Nil for a regression.
  init?<Number>(_ plan: TrainingPlan<Number>, _ roles: Roles) {
    guard let (P, shape) = plan.output(Self.predictions), let (Y, other) = plan.output(Self.targets),
      shape == other, shape.rank <= 2
    else { return nil }
    let axis = roles.classAxis.flatMap { shape.dimensions.indices.contains($0) ? $0 : nil }
    let classes = axis.map { shape.dimensions[$0] } ?? 1
    let samples = classes == 0 ? 0 : shape.count / classes
    let (step, next) = axis == 0 && shape.rank == 2 ? (samples, 1) : (1, classes)
    func largest(_ base: UnsafeMutablePointer<Number>, _ sample: Int) -> Int {
      var best = 0
      for k in 0..<classes where base[sample * next + k * step] > base[sample * next + best * step] {
        best = k
      }
      return best
    }
    self.samples = samples
    right = (0..<samples).count { i in
      classes == 1 ? (P[i * next] > 0.5) == (Y[i * next] > 0.5) : largest(P, i) == largest(Y, i)
    }
  }
}
