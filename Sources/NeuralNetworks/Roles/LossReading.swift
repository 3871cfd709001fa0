import Formulas
import LinearAlgebra
import Operations

/// What the loss of a model is, however it is typed: which function of which target and which predictions.
package struct LossReading: Sendable, Equatable {
  package enum Function: String, Sendable, CaseIterable {
    case crossEntropy = "cross_entropy"
    case binaryCrossEntropy = "binary_cross_entropy"
    case mse, sse
    case halfMSE = "half_mse"
    case halfSSE = "half_sse"

    /// Compares classes, so that a sample can be right or wrong.
    package var isClassification: Bool { self == .crossEntropy || self == .binaryCrossEntropy }
  }

  /// What the sum over all entries is divided by.
  package enum Divisor: Sendable, Equatable {
    case nothing
    case samples
    case entries
    /// The extent of an axis of the predictions, counted from the front: a mean along it.
    case axis(Int)
  }

  package let function: Function
  package let target: Expression
  /// The network's output as the loss reads it; written from the logits where the loss is computed from them alone.
  package let predictions: Expression
  /// What softmax or sigmoid makes the predictions of; nil for other predictions.
  package let logits: Expression?
  /// The axis of the classes where softmax, cross-entropy or the mean over the samples says it; -1 is the last.
  package let classAxis: Int?
  package let divisor: Divisor
  /// What stands before the sum beside the division: 1/4 in `-sum(Y*log(S)) / 4`.
  package let factor: Double
  /// The equation that has the loss in it and the part of it that is the loss: what stands beside it is a penalty.
  package let equation: String
  package let term: Expression

  /// The step that holds the predictions, or nil when they have no name.
  package var output: String? { if case .name(let name) = predictions { name } else { nil } }

  /// The equations with the loss and the predictions written as the functions that they are, so that rules for
  /// these apply.
  package func canonical(_ equations: [Equation]) -> [Equation] {
    equations.map { equation in
      var result = equation
      if equation.name == self.equation {
        result.expression = equation.expression.replacing(term, with: canonicalLoss)
      } else if let output, equation.name == output, let activation {
        result.expression = activation
      }
      return result
    }
  }

  /// softmax or sigmoid of the logits.
  private var activation: Expression? {
    guard let logits else { return nil }
    return function == .crossEntropy
      ? .call("softmax", [logits], CallOptions(axis: classAxis == -1 ? nil : classAxis))
      : Function.binaryCrossEntropy == function ? .call("sigmoid", logits) : nil
  }

  private var canonicalLoss: Expression {
    let loss = Formulas.Function(function.rawValue)
    guard let traits = Operation.loss(loss)?.loss else { return term }
    let axis = function == .crossEntropy && classAxis != -1 ? classAxis : nil
    let usual: Divisor =
      switch traits.averaging {
      case .samples: .samples
      case .entries: .entries
      case .none: .nothing
      }
    func call(_ reduction: CallOptions.Reduction?) -> Expression {
      .call(loss, [target, predictions], CallOptions(axis: axis, reduction: reduction))
    }
    if divisor == usual, factor == 1 { return call(nil) }
    let inverse = 1 / factor
    let isWhole = inverse.rounded() == inverse
    let scaled = isWhole ? call(.sum) : .number(factor) * call(.sum)
    let below: Expression? = isWhole && inverse != 1 ? .number(inverse) : nil
    switch divisor {
    case .samples: return scaled / (below.map { $0 * "m" } ?? "m")
    case .nothing: return below.map { scaled / $0 } ?? scaled
    case .entries, .axis: return term
    }
  }
}
