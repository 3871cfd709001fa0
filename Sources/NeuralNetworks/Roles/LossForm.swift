import Formulas
import LinearAlgebra
import Operations
import Platform

/// A loss as a sum over entries, of predictions or of the logits behind them.
struct LossForm {
  let function: LossReading.Function
  let isOfLogits: Bool

  static let fromLogits = [
    LossForm(function: .crossEntropy, isOfLogits: true),
    LossForm(function: .binaryCrossEntropy, isOfLogits: true),
  ]
  static let fromPredictions = [
    LossForm(function: .crossEntropy, isOfLogits: false),
    LossForm(function: .binaryCrossEntropy, isOfLogits: false),
    LossForm(function: .sse, isOfLogits: false),
  ]

  /// A target and what it is compared with, drawn as the function wants them.
  func point(
    _ shape: Shape, axis: Int, _ generator: inout RandomGenerator
  ) -> (target: Tensor, value: Tensor) {
    switch (function, isOfLogits) {
    case (.crossEntropy, true):
      return (generator.normal(shape: shape).softmax(axis: axis), generator.normal(shape: shape))
    case (.binaryCrossEntropy, true):
      return (generator.uniform(shape: shape, 0, 1), generator.normal(shape: shape))
    case (.crossEntropy, false), (.binaryCrossEntropy, false):
      return (generator.uniform(shape: shape, 0.1, 0.9), generator.uniform(shape: shape, 0.1, 0.9))
    case (.mse, _), (.sse, _), (.halfMSE, _), (.halfSSE, _):
      return (generator.normal(shape: shape), generator.normal(shape: shape))
    }
  }

  /// The sum of the terms of all entries, undivided.
  func sum(_ Y: Tensor, _ C: Tensor, axis: Int) -> Double {
    func total(_ term: (Double, Double) -> Double) -> Double {
      zip(Y.elements, C.elements).reduce(0) { $0 + term($1.0, $1.1) }
    }
    switch (function, isOfLogits) {
    case (.crossEntropy, true): return C.logSumExp(axis: axis).sum().elements[0] - total { $0 * $1 }
    case (.crossEntropy, false): return total { -$0 * log($1) }
    case (.binaryCrossEntropy, true): return total { log(1 + exp($1)) - $0 * $1 }
    case (.binaryCrossEntropy, false): return total { -$0 * log($1) - (1 - $0) * log(1 - $1) }
    case (.mse, _), (.sse, _), (.halfMSE, _), (.halfSSE, _): return total { ($0 - $1) * ($0 - $1) }
    }
  }

  /// The predictions that belong to logits.
  func activation(_ logits: Expression, axis: Int) -> Expression {
    function == .crossEntropy
      ? .call("softmax", [logits], CallOptions(axis: axis == -1 ? nil : axis))
      : .call("sigmoid", logits)
  }
}
