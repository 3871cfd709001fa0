import Formulas
import LinearAlgebra
import Operations

/// A loss and the activation before it, taken as one function of the logits: both its gradient (S − Y)/m and its
/// value are then free of the division by S.
/// Source: Datta, *Neural Networks*, "Softmax and Cross-Entropy Fusion". Needs targets whose classes sum to 1.
package struct Fusion: Sendable {
  package let loss: Operation
  package let options: CallOptions
  package let targets: Expression
  package let predictions: Expression
  package let logits: Expression
  /// What the loss is multiplied by and divided by beside its own division: 4 in `-sum(Y*log(S)) / 4`.
  package let factor: Double
  package let divisor: Expression?

  package init(
    loss: Operation, options: CallOptions, targets: Expression, predictions: Expression, logits: Expression,
    factor: Double = 1, divisor: Expression? = nil
  ) {
    self.loss = loss
    self.options = options
    self.targets = targets
    self.predictions = predictions
    self.logits = logits
    self.factor = factor
    self.divisor = divisor
  }

  /// A formula of what is summed, times the factor.
  func scaled(_ formula: Expression) -> Expression {
    factor == 1 ? formula : factor == -1 ? -formula : .number(factor) * formula
  }

  /// What the sum is divided by: the loss's own count, and what was typed beside it. Nil for a sum.
  func divisor(of predictions: Shape, counting: SampleCounting?) -> Expression? {
    let own = loss.divisor(predictions, options).map { counting?.expression($0) ?? .number(Double($0)) }
    guard let own, own != 1 else { return divisor }
    return divisor.map { own * $0 } ?? own
  }

  /// The activation of the logits as a call, where it has a Jacobian for every sample.
  var activation: JacobianStep? {
    (loss.loss?.fusion?.predictions(of: logits, axis: options.axis)).flatMap(JacobianStep.init)
  }

  /// The activation of the logits, however the predictions are typed.
  package var activated: Expression? { loss.loss?.fusion?.predictions(of: logits, axis: options.axis) }

  /// The loss as a call of the predictions.
  package var call: Expression {
    let sum = scaled(.call(Function(loss.name), [targets, predictions], options))
    return divisor.map { sum / $0 } ?? sum
  }

  package var title: String { loss.loss?.fusion?.title ?? loss.title }

  /// A loss of what an activation gives, when both are one step; nil for any other formula.
  package static func match(_ expression: Expression, definitions: [String: Expression]) -> Fusion? {
    guard case .call(let f, let arguments, let options) = expression, arguments.count == 2,
      let loss = Operation.loss(f), let traits = loss.loss?.fusion
    else { return nil }
    var activation = arguments[1]
    if case .name(let name) = activation {
      guard let definition = definitions[name] else { return nil }
      activation = definition
    }
    guard case .call(traits.activation, let inner, let own) = activation, let logits = inner.first,
      (own.axis ?? -1).normalizedLast == (options.axis ?? -1).normalizedLast
    else { return nil }
    return Fusion(
      loss: loss, options: options, targets: arguments[0], predictions: arguments[1], logits: logits)
  }

  /// Every fused loss in a formula, by the part that it is.
  package static func all(
    in expression: Expression, definitions: [String: Expression]
  ) -> [Expression: Fusion] {
    var result: [Expression: Fusion] = [:]
    if let fusion = match(expression, definitions: definitions) { result[expression] = fusion }
    for child in expression.children {
      result.merge(all(in: child, definitions: definitions)) { first, _ in first }
    }
    return result
  }

  /// The loss as a formula of the logits, at shapes in which samples can be told from everything else.
  package func computed(in environment: any Environment, counting: SampleCounting?) throws(Diagnostic)
    -> Expression
  {
    let shape = try ShapeInference(environment).shape(of: predictions)
    guard let sum = try loss.total(targets, logits: logits, options, rank: shape.rank) else {
      return predictions
    }
    let total = scaled(sum)
    return divisor(of: shape, counting: counting).map { total / $0 } ?? total
  }
}

extension Int {
  /// Axis 1 of a matrix is its last axis, -1.
  fileprivate var normalizedLast: Int { self == 1 ? -1 : self }
}
