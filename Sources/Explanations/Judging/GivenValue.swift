import Formulas
import LinearAlgebra

/// The value that a student gave, and how exactly: a formula's is exact up to rounding, typed numbers are good to the
/// last digit of each.
package struct GivenValue: Sendable {
  package let value: Tensor
  /// One for each entry, when numbers were typed.
  package let numbers: [TypedNumber]?
  /// Otherwise the formula.
  package let formula: Expression?
  /// What rounding alone may do to the value that is asked for.
  package var noise = 0.0

  package init(_ value: Tensor, formula: Expression) {
    self.value = value
    self.formula = formula
    numbers = nil
  }

  package init(_ value: Tensor, numbers: [TypedNumber]) {
    self.value = value
    self.numbers = numbers
    formula = nil
  }

  package var isTyped: Bool { numbers != nil }

  /// Whether all different entries together have so many significant digits: how much a coincidence would have to hit.
  func hasDigits(_ count: Int) -> Bool {
    var seen: Set<Double> = []
    var found = 0
    return Interruption.first(of: value.count) { position in
      let entry = value.elements[position]
      guard entry != 0, entry.isFinite, seen.insert(abs(entry)).inserted else { return false }
      found += numbers.map { $0.indices.contains(position) ? min(15, $0[position].significant) : 0 } ?? 15
      return found >= count
    } != nil
  }

  /// A list for a row or a column, a matrix of one row or column for a list, a number for a 1×1 matrix. Nil when the
  /// shapes differ otherwise.
  package func fitted(to shape: Shape) -> GivenValue? {
    if value.shape == shape { return self }
    let isLine = value.rank == 1 && shape.rank == 2 && (shape.rows == 1 || shape.columns == 1)
    let isRow = value.rank == 2 && shape.rank == 1 && (value.shape.rows == 1 || value.shape.columns == 1)
    guard isLine || isRow || shape.count == 1, let fitted = value.reshaped(shape) else { return nil }
    var result =
      numbers.map { GivenValue(fitted, numbers: $0) } ?? formula.map { GivenValue(fitted, formula: $0) }
    result?.noise = noise
    return result
  }

  /// Typed numbers in a matrix turned round, each with its own digits.
  var transposed: GivenValue? {
    guard value.rank == 2, let numbers else { return nil }
    let places = Tensor(unchecked: value.shape, value.elements.indices.map(Double.init)).transposed()
    return GivenValue(
      value.transposed(), numbers: places.elements.compactMap { Int(exactly: $0) }.map { numbers[$0] })
  }

  // MARK: Comparing

  /// Entry by entry, so that a matrix is right exactly when each of its entries is. Nil when the shapes differ, and when
  /// it was interrupted.
  func comparisons(with right: Tensor) -> [TypedNumber.Comparison]? {
    guard right.shape == value.shape else { return nil }
    var result: [TypedNumber.Comparison] = []
    result.reserveCapacity(value.count)
    Interruption.inStretches(value.count) { stretch in
      for position in stretch { result.append(comparison(at: position, with: right)) }
    }
    return result.count == value.count ? result : nil
  }

  /// Equal, with two digits or more for each typed number.
  package func isCertainly(_ value: Tensor) -> Bool {
    comparisons(with: value)?.allSatisfy { $0 == .equal || $0 == .rightToTheDigits } ?? false
  }

  package func matches(_ right: Tensor) -> Bool {
    guard right.shape == value.shape else { return false }
    var count = 0
    Interruption.inStretches(value.count) { stretch in
      guard count == stretch.lowerBound else { return }
      for position in stretch where comparison(at: position, with: right) != .different { count += 1 }
    }
    return count == value.count
  }

  private func comparison(at position: Int, with right: Tensor) -> TypedNumber.Comparison {
    // Where the judge lets an infinity be the right value, it is what a mask writes.
    if right.elements[position].isInfinite, value.elements[position] == right.elements[position] {
      return .equal
    }
    if let numbers, numbers.indices.contains(position) {
      return numbers[position].comparison(with: right.elements[position], noise: noise)
    }
    return Agreement.holds(value.elements[position], right.elements[position], noise: noise)
      ? .equal : .different
  }
}
