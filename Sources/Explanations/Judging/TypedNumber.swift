import Formulas
import LinearAlgebra
import Operations
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
/// 8. What is computed of typed numbers, as in `2*0.0945 - 2*0.0123`, is as good as they are: each may be off by half a
///    unit of its last digit. Whole numbers and those of one digit are exact.
package struct TypedNumber: Sendable, Hashable {
  package let value: Double
  /// Of the last digit typed: 0.01 for 0.25, 100 for 1.2e3. 0 where the number is exact.
  package let unit: Double
  /// Digits behind leading zeros: 2 for 0.0030.
  package let significant: Int
  /// What was computed of numbers was not cut off.
  private var mayBeCutOff = true

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

  /// A number that may be off by so much; by nothing where it was computed of exact ones.
  private init(_ value: Double, within uncertainty: Double) {
    self.value = value
    mayBeCutOff = false
    unit = 2 * uncertainty
    guard uncertainty > 0 else {
      significant = 15
      return
    }
    let digits = unit > 0 && value != 0 ? log10(abs(value) / unit) : 0
    significant = digits.isFinite ? max(0, Int(exactly: digits.rounded(.down)) ?? 0) + 1 : 0
  }

  package enum Comparison: Sendable { case equal, rightToTheDigits, tooFewDigits, different }

  /// - Parameter noise: what rounding alone may do to the right value, see `Agreement`.
  package func comparison(with right: Double, noise: Double = 0) -> Comparison {
    if Agreement.holds(value, right, noise: noise) { return .equal }
    guard right.isFinite, value == 0 || (value < 0) == (right < 0) else { return .different }
    // A millionth of a unit for the decimal digits that binary numbers do not hit.
    let excess = abs(right) - abs(value)
    let isRounded = abs(excess) <= unit * 0.500001
    let isCutOff = mayBeCutOff && excess >= 0 && excess < unit * 0.999999
    guard isRounded || isCutOff else { return .different }
    return significant < 2 ? .tooFewDigits : .rightToTheDigits
  }

  /// By how many units of its last digit it is off.
  package func units(from right: Double) -> Double { unit > 0 ? abs(value - right) / unit : .infinity }

  /// The numbers of an answer that is nothing but numbers in brackets, in their order; nil for a formula.
  /// - Parameter computed: also of an answer in which some are computed of typed ones: 19/100, 1*0.5 + 2*0.1.
  package static func all(in typed: Parsed, line: String, computed isComputed: Bool = false) -> [TypedNumber]?
  {
    let characters = Array(line)
    var result: [TypedNumber] = []
    func literal(_ ranges: RangeTree?) -> String {
      ranges.map { String(characters[$0.range.clamped(to: 0..<characters.count)]) } ?? ""
    }
    func visit(_ expression: Expression, _ ranges: RangeTree?, _ sign: Double) -> Bool {
      switch expression {
      case .number(let value):
        result.append(TypedNumber(sign * value, literal: literal(ranges)))
        return true
      case .negative(let a): return visit(a, ranges?.child(0), -sign)
      case .list(let items):
        return items.enumerated().allSatisfy { visit($0.element, ranges?.child($0.offset), sign) }
      case .binary, .call:
        guard isComputed, let (value, uncertainty) = computed(expression, ranges, literal) else {
          return false
        }
        result.append(TypedNumber(sign * value, within: uncertainty))
        return true
      case .name, .transpose, .derivative, .index: return false
      }
    }
    return visit(typed.expression, typed.ranges, 1) ? result : nil
  }

  /// A value computed of typed numbers, and how far it may be from what they were rounded from.
  private static func computed(
    _ expression: Expression, _ ranges: RangeTree?, _ literal: (RangeTree?) -> String
  ) -> (value: Double, uncertainty: Double)? {
    switch expression {
    case .number(let value):
      let typed = TypedNumber(value, literal: literal(ranges))
      // A rate of 0.1 and a half of 0.5 are what they are.
      return (value, typed.unit < 1 && typed.significant > 1 ? typed.unit / 2 : 0)
    case .negative(let a):
      return computed(a, ranges?.child(0), literal).map { (-$0.value, $0.uncertainty) }
    case .binary(let operation, let a, let b):
      guard let (x, dx) = computed(a, ranges?.child(0), literal),
        let (y, dy) = computed(b, ranges?.child(1), literal)
      else { return nil }
      switch operation {
      case .add: return (x + y, dx + dy)
      case .subtract: return (x - y, dx + dy)
      case .multiply: return (x * y, abs(x) * dy + abs(y) * dx)
      case .divide: return (x / y, (dx + abs(x / y) * dy) / abs(y))
      case .power where dy == 0: return (pow(x, y), abs(y * pow(x, y - 1)) * dx)
      default: return nil
      }
    case .call(let f, let arguments, _):
      guard let function = Operation.of(f)?.scalarFunction, arguments.count == 1,
        let (x, dx) = computed(arguments[0], ranges?.child(0), literal)
      else { return nil }
      return (function.value(x), abs(function.derivative(x)) * dx)
    case .name, .list, .transpose, .derivative, .index: return nil
    }
  }
}
