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
    let axis = roles.classAxis
    // No classes but yes and no: one output for every sample.
    if axis == nil || axis.flatMap({ session.extent(of: loss.predictions, along: $0) }) == 1 {
      return .call("mean", (output > 0.5).equals(loss.target > 0.5))
    }
    return .call(
      "mean",
      Expression.call("argmax", output, axis: axis).equals(.call("argmax", loss.target, axis: axis)))
  }
}

extension Session {
  /// Nil where the equations do not have the shapes for it.
  fileprivate func extent(of formula: Expression, along axis: Int) -> Int? {
    guard case .success(let program) = program,
      let shape = try? ShapeInference(program.shapeEnvironment).shape(of: formula),
      shape.dimensions.indices.contains(axis)
    else { return nil }
    return shape.dimensions[axis]
  }
}
