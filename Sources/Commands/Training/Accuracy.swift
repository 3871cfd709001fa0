import Formulas
import Sessions

/// Accuracy as a formula, so that it too is shown as it is computed.
enum Accuracy {
  static func formula(_ session: Session) -> Expression? {
    guard let output = session.model.outputName, let target = session.model.targetName,
      case .call(.loss(let loss), _, _) = session.model.equations.last?.expression.firstLoss ?? .number(0)
    else { return nil }
    let axis = session.model.layout == .columns ? 0 : 1
    let shape = session.leaves[target]?.shape ?? .scalar
    if shape.rank == 2, shape.dimensions[axis] > 1, loss == .crossEntropy || loss == .binaryCrossEntropy {
      return .call(
        .mean,
        Expression.call(.argmax, .name(output), axis: axis).equals(.call(.argmax, .name(target), axis: axis)))
    }
    guard loss == .binaryCrossEntropy else { return nil }
    return .call(.mean, (.name(output) > 0.5).equals(.name(target) > 0.5))
  }
}

extension Expression {
  var firstLoss: Expression? {
    if case .call(.loss, _, _) = self { return self }
    return children.lazy.compactMap(\.firstLoss).first
  }
}
