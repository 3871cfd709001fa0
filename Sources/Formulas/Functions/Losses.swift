// Losses as formulas of one target Y and one prediction P. Each file of the sources scales them in its own way;
// `averaging` says which, and `reduction=sum` leaves the division out.

extension LossFunction {
  private static let Y = Expression.name("Y")
  private static let P = Expression.name("P")

  package static let crossEntropy = LossFunction(
    name: "cross_entropy", summary: "cross-entropy of targets Y and probabilities P, mean over the samples",
    term: -Y * .call(.log, P), averaging: .samples)

  package static let binaryCrossEntropy = LossFunction(
    name: "binary_cross_entropy", summary: "cross-entropy of yes/no targets, mean over all entries",
    term: -(Y * .call(.log, P) + (1 - Y) * .call(.log, 1 - P)), averaging: .entries)

  package static let mse = LossFunction(
    name: "mse", summary: "squared error, mean over all entries",
    term: (P - Y).raised(to: 2), averaging: .entries)

  package static let halfMSE = LossFunction(
    name: "half_mse", summary: "half the squared error, mean over all entries",
    term: (P - Y).raised(to: 2) / 2, averaging: .entries)

  package static let sse = LossFunction(
    name: "sse", summary: "squared error, summed", term: (P - Y).raised(to: 2), averaging: .none)

  package static let halfSSE = LossFunction(
    name: "half_sse", summary: "half the squared error, summed",
    term: (P - Y).raised(to: 2) / 2, averaging: .none)

  /// Below this the logarithm's argument is lifted to it, as the sources do against log(0).
  package static let clip = 1e-15

  /// The loss spelled out: `sum(-Y * log(S)) / m`. The division is left out when the divisor is nil.
  package func definition(targets: Expression, predictions: Expression, divisor: Expression?) -> Expression {
    let total = Expression.call(.sum, term.substituting(["Y": targets, "P": predictions]))
    return divisor.map { total / $0 } ?? total
  }
}
