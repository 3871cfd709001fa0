import Formulas
import Operations
import Sessions

/// Accuracy as a formula, so that it too is shown as it is computed.
enum Accuracy {
  /// Nil for a regression.
  static func formula(_ session: Session) -> Expression? {
    let roles = session.roles
    guard let loss = roles.loss, loss.isClassification else { return nil }
    // softmax keeps the order of its logits.
    let output =
      loss.output == nil && loss.needsDistributions
      ? loss.logits ?? loss.predictions : loss.predictions
    let shape = roles.targets.first.flatMap { session.leaves[$0]?.shape }
    let axis = roles.classAxis
    let classes = axis.flatMap { axis in
      shape.flatMap { $0.dimensions.indices.contains(axis) ? $0.dimensions[axis] : nil }
    }
    let isVector = shape?.rank == 1 && roles.targets.first.map { roles.sampleAxes[$0] != nil } == true
    if isVector || classes == 1 || axis == nil {
      return .call("mean", (output > 0.5).equals(loss.target > 0.5))
    }
    return .call(
      "mean",
      Expression.call("argmax", output, axis: axis).equals(.call("argmax", loss.target, axis: axis)))
  }
}
