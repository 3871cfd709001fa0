import Formulas
import LinearAlgebra

/// A loss and the activation before it, taken as one function of the logits: both its gradient (S − Y)/m and its
/// value are then free of the division by S.
/// Source: Datta, *Neural Networks*, "Softmax and Cross-Entropy Fusion". Needs targets whose classes sum to 1.
package struct Fusion: Sendable {
  package let logits: Expression
  package let predictions: Expression
  package let ruleName: String
  /// The loss as a formula of the logits, before averaging: log-sum-exp for softmax, softplus for sigmoid.
  package let total: Expression

  package static func match(
    _ loss: LossFunction, _ arguments: [Expression], _ options: CallOptions, definitions: [String: Expression]
  ) -> Fusion? {
    guard arguments.count == 2 else { return nil }
    let (targets, predictions) = (arguments[0], arguments[1])
    var activation = predictions
    if case .name(let name) = predictions {
      guard let definition = definitions[name] else { return nil }
      activation = definition
    }
    switch (loss, activation) {
    case (.crossEntropy, .call(.builtin(.softmax), let inner, let own)):
      guard let z = inner.first, (own.axis ?? -1).normalizedLast == (options.axis ?? -1).normalizedLast else {
        return nil
      }
      let axis = (options.axis ?? -1).normalizedLast
      return Fusion(
        logits: z, predictions: predictions, ruleName: "softmax with cross-entropy",
        total: .call(
          .sum,
          .call(.logsumexp, z, axis: axis == -1 ? nil : axis)
            - .call(.sum, targets * z, axis: axis == -1 ? 1 : axis)))
    case (.binaryCrossEntropy, .call(.elementwise(.sigmoid), let inner, _)):
      guard let z = inner.first else { return nil }
      return Fusion(
        logits: z, predictions: predictions, ruleName: "sigmoid with binary cross-entropy",
        total: .call(.sum, .call(.softplus, z) - targets * z))
    default: return nil
    }
  }

  /// An expression with every fused loss in it computed from the logits. Nil when there is none.
  package static func computed(
    _ expression: Expression, definitions: [String: Expression], shape: (Expression) -> Shape?,
    count: (Int) -> Expression
  ) -> Expression? {
    var isFound = false
    func rewrite(_ expression: Expression) -> Expression {
      if case .call(.loss(let loss), let arguments, let options) = expression,
        let fusion = match(loss, arguments, options, definitions: definitions),
        let shape = shape(arguments[1])
      {
        isFound = true
        let divisor = Evaluator.divisor(
          of: loss, shape: shape, axis: options.axis, reduction: options.reduction)
        return divisor.map { fusion.total / count($0) } ?? fusion.total
      }
      return expression.mapChildren(rewrite)
    }
    let result = rewrite(expression)
    return isFound ? result : nil
  }
}

extension Int {
  /// Axis 1 of a matrix is its last axis, -1.
  fileprivate var normalizedLast: Int { self == 1 ? -1 : self }
}
