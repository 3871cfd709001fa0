import Differentiation
import Formulas
import LinearAlgebra
import Operations
import Platform

/// One step computed in a coarser format, beside float64.
package struct RoundedStep: Sendable {
  package let name: String
  package let exact: Tensor
  package let value: Tensor
  /// How far entries can be off by rounding alone; nil where nothing is known.
  package let bound: Tensor?
  package let format: NumberFormat
  /// How far roundings that are drawn moved it, over the largest entry; nil where the bound alone tells.
  package var usual: Double?
  /// The part of the step's formula at which numbers are lost; nil where none is, or where they were before.
  package var lost: LostPart?

  package init(_ name: String, exact: Tensor, value: Tensor, bound: Tensor?, format: NumberFormat) {
    self.name = name
    self.exact = exact
    self.value = value
    self.bound = bound
    self.format = format
  }

  /// Finite in float64, and beyond the largest number of the format or behind one that is.
  package var overflow: Int? {
    // The numbers alone: a step that is copied for each of them takes a hundred times as long.
    let (exact, value) = (exact.elements, value.elements)
    return Interruption.first(of: value.count) { exact[$0].isFinite && !value[$0].isFinite }
  }

  /// Whether what is not finite is so because it is too large for the format, and not because something became 0.
  package var isOverflow: Bool {
    let size = lost.map(\.exact) ?? overflow.map { exact.elements[$0] }
    return size.map { abs($0) > format.largest } ?? false
  }

  /// Not zero in float64, too small for all digits of the format, and changed by that.
  package var underflow: Int? {
    guard !isNoise else { return nil }
    let (exact, value, format) = (exact.elements, value.elements, format)
    return Interruption.first(of: value.count) { i in
      let x = abs(exact[i])
      return x > 0 && x < format.smallestNormal
        && abs(value[i] - exact[i]) > x * format.roundoff
        // More than that is what cancelled before.
        && abs(value[i] - exact[i]) <= format.spacingNearZero
    }
  }

  /// The largest entry that is finite: a mask of -inf is none of what is rounded.
  package var size: Double { exact.largestMagnitude }

  /// Not a number in float64 either, whatever the format.
  package var isNaNAnyway: Bool {
    let exact = exact.elements
    return Interruption.first(of: exact.count) { exact[$0].isNaN } != nil
  }

  private static func isSame(_ x: Double, _ y: Double) -> Bool { x == y || x.isNaN && y.isNaN }

  /// The largest difference, over the largest entry; nil where one is not finite and the other is not the same.
  package func difference(from other: Tensor? = nil) -> Double? {
    let other = other ?? value
    guard other.shape == exact.shape else { return nil }
    if exact.isFinite, other.isFinite { return exact.largestDifference(from: other).map(relative) }
    var largest = 0.0
    let (own, others) = (exact.elements, other.elements)
    let apart = Interruption.first(of: own.count) { i in
      let (x, y) = (own[i], others[i])
      if Self.isSame(x, y) { return false }
      largest = max(largest, abs(x - y))
      return !x.isFinite || !y.isFinite
    }
    return apart == nil ? relative(largest) : nil
  }

  private func relative(_ largest: Double) -> Double {
    largest == 0 ? 0 : size == 0 ? .infinity : largest / size
  }

  /// What rounding explains of that; nil where it explains nothing.
  package var largestBound: Double? {
    guard let bound, bound.isFinite, size > 0 else { return nil }
    return (bound.elements.max() ?? 0) / size
  }

  /// The bound is infinite or larger than the value itself: worst cases of many steps that do not come together.
  package var isUndecided: Bool { size > 0 && (largestBound ?? .infinity) > 1 }

  /// What drawn roundings do is of the size of a difference. They are as large as one rounding can be, and once a step, where
  /// a step has several that are smaller on average.
  package func isUsual(_ difference: Double?) -> Bool {
    guard let difference, let usual else { return false }
    return difference <= 4 * usual
  }

  /// Decimal digits that are right in the largest entries.
  package var digits: Double? {
    difference().map { $0 == 0 ? format.decimals : min(format.decimals, max(0, -log10($0) + 0)) }
  }

  package var losesHalf: Bool { !isNoise && digits.map { $0 < format.decimals / 2 } ?? false }

  /// 0 in exact arithmetic, for all that can be told: rounding alone could be a million times as much.
  package var isNoise: Bool { (largestBound ?? 0) > 1e6 }

  package enum Explanation: Sendable, Equatable {
    case equal, explained
    /// An entry is further away than rounding can bring it.
    case beyond(Int)
    /// An operation whose error has no bound lies before an entry: a divisor that may be 0.
    case unbounded(Int)
  }

  /// Whether rounding explains every entry of a value, the step's own unless another is given.
  package func explanation(of other: Tensor? = nil) -> Explanation {
    let other = other ?? value
    guard let bound, other.shape == exact.shape else { return .unbounded(0) }
    var result = Explanation.equal
    let (own, others, limits) = (exact.elements, other.elements, bound.elements)
    let beyond = Interruption.first(of: own.count) { i in
      if Self.isSame(others[i], own[i]) { return false }
      let limit = limits[i]
      guard limit.isFinite else {
        result = .unbounded(i)
        return false
      }
      if result == .equal { result = .explained }
      return !(abs(others[i] - own[i]) <= limit * (1 + 1e-9))
    }
    return beyond.map { .beyond($0) } ?? result
  }
}

/// The first part of a formula, as it is evaluated, that a format cannot hold although float64 can.
package struct LostPart: Sendable {
  package let part: Expression
  package let exact: Double
  package let value: Double

  /// Nil where nothing is lost, or where a name in it has lost it before.
  package init?(in expression: Expression, exact: any Environment, rounded: any Environment) {
    func values(_ part: Expression) -> (Tensor, Tensor, Int?)? {
      guard let x = try? Evaluator(exact).value(of: part), let y = try? Evaluator(rounded).value(of: part),
        x.shape == y.shape
      else { return nil }
      return (x, y, Interruption.first(of: x.count) { x.elements[$0].isFinite && !y.elements[$0].isFinite })
    }
    func search(_ part: Expression) -> (found: LostPart?, isLost: Bool) {
      if case .number = part { return (nil, false) }
      for child in part.children {
        let inner = search(child)
        if inner.isLost { return inner }
      }
      guard let (x, y, found) = values(part), let place = found else { return (nil, false) }
      if case .name = part { return (nil, true) }
      return (LostPart(part, x.elements[place], y.elements[place]), true)
    }
    guard let found = search(expression).found else { return nil }
    self = found
  }

  private init(_ part: Expression, _ exact: Double, _ value: Double) {
    (self.part, self.exact, self.value) = (part, exact, value)
  }
}

extension NumberFormat {
  /// Decimal digits of its significand.
  package var decimals: Double { Double(digits) * log10(2) }
}
