import Formulas
import LinearAlgebra
import Platform

/// A number as a person typed it. It says what it says and no more: it is good to its last digit.
///
/// What `comparison(with:)` promises; a test holds each:
/// 1. The right value rounded to the digits typed is right, and so is the right value cut off there. (People do both.)
/// 2. One unit in the last place more or less than these is wrong, up to nine digits.
/// 3. Each number counts by its own digits: what stands beside it in a matrix changes nothing.
/// 4. Symmetric in sign: −x is to −y as x is to y; and x is never right for −x.
/// 5. Scale invariant: x·10ᵏ, as e-notation writes it, is to y·10ᵏ as x is to y.
/// 6. Fewer than two significant digits decide nothing, unless the value is exactly that: 0.3 is neither right nor
///    wrong for 0.2521, it is right for 0.3 and wrong for 0.42. 0, 0. and 0.0 say that nothing is there at all.
/// 7. From the tenth digit on, `Agreement` decides: two right computations may differ there.
package struct TypedNumber: Sendable, Hashable {
  package let value: Double
  /// Of the last digit typed: 0.01 for 0.25, 100 for 1.2e3. 0 where the number is exact.
  package let unit: Double
  /// Digits behind leading zeros: 2 for 0.0030.
  package let significant: Int

  /// - Parameters:
  ///   - literal: without its sign, as it stands in the line.
  package init(_ value: Double, literal: String) {
    self.value = value
    let parts = literal.lowercased().split(separator: "e", maxSplits: 1)
    let mantissa = parts.first ?? ""
    let behind = mantissa.firstIndex(of: ".").map { mantissa[$0...].count { $0.isNumber } } ?? 0
    let exponent = parts.count > 1 ? Int(parts[1]) ?? (parts[1].hasPrefix("-") ? -400 : 400) : 0
    significant = mantissa.filter(\.isNumber).drop { $0 == "0" }.count
    // As programs print an exact zero.
    let isNothing = significant == 0 && behind <= 1
    unit = isNothing ? 0 : pow(10, Double(max(-400, min(400, exponent)) - behind))
  }

  /// A computed number that is good to so many digits.
  init(_ value: Double, digits: Int) {
    self.value = value
    let isNothing = value == 0 || !value.isFinite
    unit = isNothing ? 0 : pow(10, floor(log10(abs(value))) + 1 - Double(digits))
    significant = isNothing ? 0 : digits
  }

  package enum Comparison: Sendable { case equal, rightToTheDigits, tooFewDigits, different }

  /// - Parameter noise: what rounding alone may do to the right value, see `Agreement`.
  package func comparison(with right: Double, noise: Double = 0) -> Comparison {
    if Agreement.holds(value, right, noise: noise) { return .equal }
    guard right.isFinite, value == 0 || (value < 0) == (right < 0) else { return .different }
    // A millionth of a unit for the decimal digits that binary numbers do not hit.
    let excess = abs(right) - abs(value)
    let isRounded = abs(excess) <= unit * 0.500001
    let isCutOff = excess >= 0 && excess < unit * 0.999999
    guard isRounded || isCutOff else { return .different }
    return significant < 2 ? .tooFewDigits : .rightToTheDigits
  }

  /// By how many units of its last digit it is off.
  package func units(from right: Double) -> Double { unit > 0 ? abs(value - right) / unit : .infinity }

  /// The numbers of an answer that is nothing but numbers in brackets, in their order; nil for a formula.
  package static func all(in typed: Parsed, line: String) -> [TypedNumber]? {
    let characters = Array(line)
    var result: [TypedNumber] = []
    func visit(_ expression: Expression, _ ranges: RangeTree?, _ sign: Double) -> Bool {
      switch expression {
      case .number(let value):
        let literal = ranges.map { String(characters[$0.range.clamped(to: 0..<characters.count)]) } ?? ""
        result.append(TypedNumber(sign * value, literal: literal))
        return true
      case .negative(let a): return visit(a, ranges?.child(0), -sign)
      case .list(let items):
        return items.enumerated().allSatisfy { visit($0.element, ranges?.child($0.offset), sign) }
      case .name, .binary, .transpose, .call, .derivative, .index: return false
      }
    }
    return visit(typed.expression, typed.ranges, 1) ? result : nil
  }
}
