import LinearAlgebra

/// What is done to the inputs before a network sees them.
package enum Scaling: Sendable, Equatable {
  case none
  /// Each feature to 0…1 by its smallest and largest value.
  case unit
  /// Each feature to mean 0 and standard deviation 1 (of the population, as scikit-learn's StandardScaler).
  case standard
  /// Every value divided by one number.
  case divide(Double)

  /// `none`, `unit`, `standard` or a number; nil for anything else.
  package init?(_ text: String) {
    switch text {
    case "none": self = .none
    case "unit": self = .unit
    case "standard": self = .standard
    default:
      guard let divisor = Double(text), divisor.isFinite, divisor != 0 else { return nil }
      self = .divide(divisor)
    }
  }
}

extension DataSet {
  /// The same set with its inputs scaled. The figures come from the training rows alone, so that the test rows
  /// stay unseen (and may leave 0…1); a feature that never changes is only shifted.
  package func scaled(_ scaling: Scaling) -> DataSet {
    var shift = [Double](repeating: 0, count: features)
    var divisor = [Double](repeating: 1, count: features)
    let words: String
    switch scaling {
    case .none: return self
    case .divide(let value):
      divisor = [Double](repeating: value, count: features)
      words =
        "divided by \(value == value.rounded() && abs(value) < 1e9 ? "\(Int(clamping: value))" : "\(value)")"
    case .unit:
      var high = [Double](repeating: -.infinity, count: features)
      shift = [Double](repeating: .infinity, count: features)
      forEachTrainingRow { row in
        for j in 0..<features {
          shift[j] = min(shift[j], row[j])
          high[j] = max(high[j], row[j])
        }
      }
      for j in 0..<features where high[j] > shift[j] { divisor[j] = high[j] - shift[j] }
      words = "scaled to 0…1 by feature"
    case .standard:
      forEachTrainingRow { row in for j in 0..<features { shift[j] += row[j] } }
      for j in 0..<features { shift[j] /= Double(trainingCount) }
      // Two passes: E[x²] − E[x]² cancels when the mean is large against the deviation.
      var squares = [Double](repeating: 0, count: features)
      forEachTrainingRow { row in
        for j in 0..<features { squares[j] += (row[j] - shift[j]) * (row[j] - shift[j]) }
      }
      for j in 0..<features where squares[j] > 0 {
        divisor[j] = (squares[j] / Double(trainingCount)).squareRoot()
      }
      words = "standardised by feature"
    }
    var copy = self
    copy.storage = storage.normalized(shift: shift, divisor: divisor)
    copy.scaling = self.scaling.map { "\($0), then \(words)" } ?? words
    return copy
  }

  private func forEachTrainingRow(_ body: (UnsafeMutableBufferPointer<Double>) -> Void) {
    var row = [Double](repeating: 0, count: features)
    row.withUnsafeMutableBufferPointer { row in
      for position in trainingIndices.indices {
        storage.gather(trainingIndices[position...position], into: row)
        body(row)
      }
    }
  }
}
