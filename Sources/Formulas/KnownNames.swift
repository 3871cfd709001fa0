// Names to which the language itself gives a meaning; everything else about a name follows from the equations.

extension String {
  /// The number of samples.
  package static let sampleCount = "m"
  package static let learningRate = "lr"
  /// The number of the pass, by which masks are drawn.
  package static let draw = "draw"
  /// The loss, where no model calls it otherwise: `dL/dW1`.
  package static let loss = "L"
  /// What `net` calls the input and the target.
  package static let input = "X"
  package static let target = "Y"
  /// Other names for the input and for the output.
  package static let inputAlias = "A0"
  package static let outputAlias = "Yhat"
}

extension Expression {
  package static let sampleCount = Expression.name(.sampleCount)
}
