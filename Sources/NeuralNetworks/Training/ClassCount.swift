import Formulas
import LinearAlgebra

/// How many samples of a batch are classified right, counted in the buffers of a plan: predictions and targets are
/// steps of their own there, whatever formula the model has for them.
enum ClassCount {
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

  /// Samples whose largest output stands where the target's does; for one output, whether both lie on the same
  /// side of ½. Nil for a regression.
  static func correct(_ plan: TrainingPlan, _ roles: Roles) -> Int? {
    guard let (P, shape) = plan.output(predictions), let (Y, other) = plan.output(targets), shape == other,
      shape.rank <= 2
    else { return nil }
    let axis = roles.classAxis.flatMap { shape.dimensions.indices.contains($0) ? $0 : nil }
    // Vectors of samples have no axis of classes.
    let isVector = shape.rank == 1 && roles.loss?.output.map { roles.sampleAxes[$0] == 0 } == true
    let classes = isVector ? 1 : axis.map { shape.dimensions[$0] } ?? 1
    let samples = classes == 0 ? 0 : shape.count / classes
    let (step, next) = axis == 0 && shape.rank == 2 ? (samples, 1) : (1, classes)
    func largest(_ base: UnsafeMutablePointer<Double>, _ sample: Int) -> Int {
      var best = 0
      for k in 0..<classes where base[sample * next + k * step] > base[sample * next + best * step] {
        best = k
      }
      return best
    }
    return (0..<samples).count { i in
      classes == 1 ? (P[i * next] > 0.5) == (Y[i * next] > 0.5) : largest(P, i) == largest(Y, i)
    }
  }
}
