import LinearAlgebra
import Operations
import Platform

/// A number as it is in float64, and how far the same number computed in a coarser format can be from it at most.
/// Source: Higham, "Accuracy and Stability of Numerical Algorithms", section 3.3 (running error analysis). Roundings of
/// float64 itself are neglected.
struct Bounded: IndexScalar {
  let value: Double
  let error: Double

  /// Inside of an operation the coarser number is computed in float32: each result, and each constant, is rounded.
  private static let roundoff = NumberFormat.float32.roundoff
  private static let tiny = NumberFormat.float32.spacingNearZero

  init(_ value: Double) { self.init(value, 0) }
  init(_ value: Double, _ error: Double) {
    self.value = value
    self.error = error
  }

  /// Rounded once more, with a constant among the operands.
  private static func rounded(_ value: Double, _ error: Double) -> Bounded {
    // An exact 0 and an infinity stay what they are.
    if value.isInfinite || value == 0 && error == 0 { return Bounded(value, 0) }
    return Bounded(value, error + 2 * roundoff * (abs(value) + error) + tiny)
  }

  static func + (a: Bounded, b: Bounded) -> Bounded {
    // A sum begins at 0, and adding that rounds nothing.
    a.value == 0 && a.error == 0 ? b : rounded(a.value + b.value, a.error + b.error)
  }
  static func - (a: Bounded, b: Bounded) -> Bounded { a + -b }
  static func * (a: Bounded, b: Bounded) -> Bounded {
    if a.value == 0 && a.error == 0 || b.value == 0 && b.error == 0 { return Bounded(a.value * b.value) }
    return rounded(
      a.value * b.value, abs(a.value) * b.error + abs(b.value) * a.error + a.error * b.error)
  }
  static func / (a: Bounded, b: Bounded) -> Bounded {
    let quotient = a.value / b.value
    guard b.error < abs(b.value) else { return Bounded(quotient, b.error == 0 ? a.error : .infinity) }
    return rounded(quotient, (a.error + abs(quotient) * b.error) / (abs(b.value) - b.error))
  }
  static prefix func - (a: Bounded) -> Bounded { Bounded(-a.value, a.error) }

  func raised(to n: Bounded) -> Bounded {
    let base = { (x: Double) in ScalarFunction({ pow($0, x) }, derivative: { x * pow($0, x - 1) }) }
    guard n.error > 0 else { return applying(base(n.value)) }
    let result = pow(value, n.value)
    guard value - error > 0, error.isFinite, n.error.isFinite else { return Bounded(result, .infinity) }
    // Monotone in each of both alone: nothing is farther than a corner. The slopes by each, added, would leave out what
    // both do together.
    let corners = [value - error, value + error].flatMap { x in
      [n.value - n.error, n.value + n.error].map { pow(x, $0) }
    }
    return Self.rounded(result, corners.reduce(0) { max($0, abs($1 - result)) })
  }

  /// By the mean value theorem, with the steepest slope within the error.
  func applying(_ function: ScalarFunction) -> Bounded {
    let result = function.value(value)
    guard error > 0 else { return Self.rounded(result, 0) }
    guard error.isFinite else { return Bounded(result, .infinity) }
    var steepest = 0.0
    for share in [-1, -0.5, 0, 0.5, 1] {
      let slope = abs(function.derivative(value + share * error))
      guard slope.isFinite else { return Bounded(result, .infinity) }
      steepest = max(steepest, slope)
    }
    return Self.rounded(result, steepest * error)
  }

  static func truth(_ holds: Bool, _ a: Bounded, _ b: Bounded) -> Bounded {
    let isCertain = a.error + b.error == 0 || abs(a.value - b.value) > a.error + b.error
    return Bounded(holds ? 1 : 0, isCertain ? 0 : 1)
  }

  func chosen(over other: Bounded, if condition: Bounded?) -> Bounded {
    guard let condition else {
      // Of the ends that both may reach the larger, where the larger number was chosen; else the smaller.
      let (high, low, otherHigh, otherLow) = (
        value + error, value - error, other.value + other.error, other.value - other.error
      )
      let pick: (Double, Double) -> Double = value >= other.value ? { max($0, $1) } : { min($0, $1) }
      if value.isInfinite { return self }
      return Bounded(value, max(error, pick(high, otherHigh) - value, value - pick(low, otherLow)))
    }
    guard condition.error > 0 else { return self }
    return Bounded(value, max(error, abs(value - other.value) + other.error))
  }
}
