// Two tensors, or one and what its entries are like: loops over all entries, which are run here since this target is
// optimised, and which leave when they are interrupted.

extension Tensor {
  /// Whole numbers from 0 on: counts, labels, positions, zeros and ones.
  package var isCounting: Bool { elements.allSatisfy { $0 >= 0 && $0 == $0.rounded() } }

  /// Of the entries that are finite.
  package var largestMagnitude: Double {
    var largest = 0.0
    Interruption.inStretches(count) { stretch in
      for i in stretch where elements[i].isFinite { largest = Swift.max(largest, abs(elements[i])) }
    }
    return largest
  }

  /// Between entries at the same place: nan where one of them has none, nil where the shapes differ.
  /// - Parameter isFinite: entries are left out whose difference is no number.
  package func largestDifference(from other: Tensor, whereFinite isFinite: Bool = false) -> Double? {
    guard shape == other.shape else { return nil }
    var largest = 0.0
    Interruption.inStretches(count) { stretch in
      for i in stretch {
        let difference = abs(elements[i] - other.elements[i])
        if isFinite, !difference.isFinite { continue }
        largest = difference.isNaN || largest.isNaN ? .nan : Swift.max(largest, difference)
      }
    }
    return largest
  }

  /// Flat positions of the entries for which this holds.
  package func positions(where holds: (Double) -> Bool) -> [Int] {
    var result: [Int] = []
    Interruption.inStretches(count) { stretch in
      for i in stretch where holds(elements[i]) { result.append(i) }
    }
    return result
  }

  /// Equal up to what rounding in a precision may do, measured by the largest entry.
  package func agrees(with other: Tensor, tolerance: Double) -> Bool {
    guard shape == other.shape else { return false }
    let allowed = tolerance * Swift.max(largestMagnitude, other.largestMagnitude)
    return Interruption.first(of: count) { i in
      let (x, y) = (elements[i], other.elements[i])
      return x != y && !(x.isNaN && y.isNaN) && !(abs(x - y) <= allowed)
    } == nil
  }

  /// All entries are one number, so that being equal to it says nothing.
  package var isConstant: Bool { Interruption.first(of: count) { elements[$0] != elements[0] } == nil }

  /// The number that this is times another; nil when it is none.
  package func factor(of other: Tensor, tolerance: Double) -> Double? {
    guard shape == other.shape, let place = other.largestPlace, other.elements[place] != 0 else { return nil }
    let factor = elements[place] / other.elements[place]
    guard factor.isFinite, factor != 0 else { return nil }
    return agrees(with: other.map { $0 * factor }, tolerance: tolerance) ? factor : nil
  }

  /// Where the largest entry stands, of equal ones the first; nil for an empty one.
  package var largestPlace: Int? {
    var place: Int?
    Interruption.inStretches(count) { stretch in
      for i in stretch where place.map({ abs(elements[$0]) < abs(elements[i]) }) ?? true { place = i }
    }
    return place
  }

  /// Equal up to rounding.
  package func isClose(to other: Tensor) -> Bool {
    guard shape == other.shape else { return false }
    let allowed = 1e-10 * largestMagnitude
    var isClose = true
    Interruption.inStretches(count) { stretch in
      for i in stretch where isClose && elements[i] != other.elements[i] {
        guard !(elements[i].isNaN && other.elements[i].isNaN) else { continue }
        isClose = abs(elements[i] - other.elements[i]) <= allowed
      }
    }
    return isClose
  }
}

extension [Double] {
  /// From the smallest to the largest that is finite; nil where none is.
  package var finiteRange: ClosedRange<Double>? {
    var range: ClosedRange<Double>?
    Interruption.inStretches(count) { stretch in
      for i in stretch where self[i].isFinite {
        let (low, high) = (range?.lowerBound ?? self[i], range?.upperBound ?? self[i])
        range = Swift.min(low, self[i])...Swift.max(high, self[i])
      }
    }
    return range
  }
}
