import Formulas
import LinearAlgebra
import Operations

/// A loss of the table as a sum over entries: of predictions, or of the logits behind them.
struct LossForm {
  let loss: Operation
  let traits: LossTraits
  let isOfLogits: Bool

  /// From logits where an activation belongs to the loss, then from predictions.
  static let all: [LossForm] = {
    func forms(_ isOfLogits: Bool) -> [LossForm] {
      Operation.losses.compactMap { loss in
        guard let traits = loss.loss, !isOfLogits || traits.fusion != nil else { return nil }
        return LossForm(loss: loss, traits: traits, isOfLogits: isOfLogits)
      }
    }
    return forms(true) + forms(false)
  }()

  /// A target and what it is compared with, drawn as the function wants them.
  func point(
    _ shape: Shape, axis: Int, _ generator: inout RandomGenerator
  ) -> (target: Tensor, value: Tensor) {
    guard isOfLogits else {
      // Of both signs where no logarithm is taken: relu of what is positive is the same function without it.
      let low = traits.isClassification ? 0.1 : -0.9
      return (generator.uniform(shape: shape, low, 0.9), generator.uniform(shape: shape, low, 0.9))
    }
    let target =
      traits.fusion?.needsDistributions == true
      ? generator.distributions(shape: shape, axis: axis) : generator.uniform(shape: shape, 0, 1)
    return (target, generator.normal(shape: shape))
  }

  /// The sum of the terms of all entries, undivided; nil where the values do not meet.
  func sum(_ target: Tensor, _ value: Tensor, axis: Int) -> Double? {
    let (Y, C): (Expression, Expression) = ("%target", "%value")
    let options = CallOptions(axis: axis == -1 ? nil : axis)
    do throws(Diagnostic) {
      guard
        let total = try loss.total(
          Y, predictions: C, logits: isOfLogits ? C : nil, options, rank: value.rank)
      else { return nil }
      return try Evaluator(Bindings(["%target": target, "%value": value])).value(of: total).scalarValue
    } catch {
      return nil
    }
  }
}
