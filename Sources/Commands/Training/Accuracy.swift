import Formulas
import Operations
import Sessions

/// Accuracy as a formula, so that it too is shown as it is computed.
enum Accuracy {
  static func formula(_ session: Session) -> Expression? {
    guard let output = session.model.outputName, let target = session.model.targetName,
      let loss = session.model.lossCall?.operation, let traits = loss.loss, traits.isClassification
    else { return nil }
    let axis = session.model.layout == .columns ? 0 : 1
    let shape = session.leaves[target]?.shape ?? .scalar
    if shape.rank == 2, shape.dimensions[axis] > 1 {
      return .call(
        "mean",
        Expression.call("argmax", .name(output), axis: axis).equals(
          .call("argmax", .name(target), axis: axis)))
    }
    guard traits.averaging == .entries else { return nil }
    return .call("mean", (.name(output) > 0.5).equals(.name(target) > 0.5))
  }
}
