import Differentiation
import Formulas
import LinearAlgebra
import Operations

/// What the loss of a model is, however it is typed: which function of which target and which predictions.
package struct LossReading: Sendable, Equatable {
  /// What the sum over all entries is divided by.
  package enum Divisor: Sendable, Equatable {
    case nothing
    case samples
    case entries
    /// The extent of an axis of the predictions, counted from the front: a mean along it.
    case axis(Int)
  }

  /// The loss of the table.
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

  /// Whether the equations have the predictions in them, and not the logits alone.
  package func readsPredictions(in model: Model) -> Bool {
    if output != nil { return true }
    return model.equations.contains { $0.expression.contains { $0 == predictions } }
  }

  /// Nothing stands beside it: the loss of the model is this term.
  package func isWhole(_ model: Model) -> Bool {
    equation == model.lossName && model.equations.last?.expression == term
  }

  /// The loss of the model is this term, times a number, and a penalty: what batches of samples add to it is a sum.
  package func isSummand(of model: Model) -> Bool {
    model.lossParts(isScaled: true).contains { $0.term == term }
  }

  private var traits: LossTraits? { Operation.loss(function)?.loss }
  /// Compares classes, so that a sample can be right or wrong.
  package var isClassification: Bool { traits?.isClassification == true }
  /// (S − Y)/m holds for targets whose classes sum to 1.
  package var needsDistributions: Bool { traits?.fusion?.needsDistributions == true }

  // MARK: As the function that it is

  /// softmax or sigmoid of the logits, as they are written.
  package var activation: Expression? {
    logits.flatMap { traits?.fusion?.predictions(of: $0, axis: classAxis) }
  }

  /// The loss and its activation as one step; nil where no activation belongs to it.
  package func fusion(_ roles: Roles) -> Fusion? {
    guard let logits, let form = form(roles) else { return nil }
    return Fusion(
      loss: form.loss, options: form.options, targets: target, predictions: predictions, logits: logits,
      factor: form.factor, divisor: form.divisor)
  }

  /// The loss as a call: `cross_entropy(Y, S)`, summed and divided as it was typed where that is another division.
  package func call(_ roles: Roles) -> Expression? {
    guard let form = form(roles) else { return nil }
    var call = Expression.call(function, [target, predictions], form.options)
    if form.factor != 1 { call = form.factor == -1 ? -call : .number(form.factor) * call }
    return form.divisor.map { call / $0 } ?? call
  }

  /// The function, and what is left of the division beside its own. Nil for a division by something that has no name.
  private func form(
    _ roles: Roles
  ) -> (loss: Operation, options: CallOptions, factor: Double, divisor: Expression?)? {
    guard let loss = Operation.loss(function), let traits else { return nil }
    var divisor = self.divisor
    var factor = factor
    switch divisor {
    case .samples, .nothing: break
    case .entries, .axis:
      guard divisor != Divisor(traits.averaging) else { break }
      var axis: Int?
      if case .axis(let own) = divisor { axis = own }
      guard let counts = roles.comparedCounts(along: axis), counts.others > 0 else { return nil }
      factor = LossRecognition.rounded(factor / Double(counts.others))
      divisor = counts.hasSamples ? .samples : .nothing
    }
    let axis = loss.hasAxis && classAxis != -1 ? classAxis : nil
    // Of rows that are no samples the m that was typed is 1, and not the count by which the loss divides of itself.
    let areSamples =
      !roles.sampleAxes.isEmpty || !term.contains(name: .sampleCount)
      || !predictions.names.contains { (roles.ranks[$0] ?? 0) > 1 }
    let isUsual = divisor == Divisor(traits.averaging) && (areSamples || divisor != .samples)
    let options = CallOptions(axis: axis, reduction: isUsual ? nil : .sum)
    var below: [Expression] = []
    let inverse = 1 / abs(factor)
    if inverse.rounded() == inverse, inverse != 1 {
      below.append(.number(inverse))
      factor = factor < 0 ? -1 : 1
    }
    if !isUsual, divisor == .samples { below.append(.sampleCount) }
    return (loss, options, factor, below.dropFirst().reduce(below.first) { a, b in a.map { $0 * b } })
  }
}

extension LossReading.Divisor {
  /// What a loss is divided by unless it is summed.
  init(_ averaging: LossTraits.Averaging) {
    self =
      switch averaging {
      case .samples: .samples
      case .entries: .entries
      case .none: .nothing
      }
  }
}
