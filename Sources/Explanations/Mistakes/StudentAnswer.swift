import Formulas
import LinearAlgebra
import Platform

/// What a student gave for a value, and how exactly: a formula's value is exact up to rounding, a typed number is
/// good to its last digit.
package struct StudentAnswer: Sendable {
  package let value: Tensor
  /// How far each entry may be from the right one.
  package let tolerance: [Double]
  /// Significant digits of all different entries together: how much a coincidence would have to hit.
  package let digits: Int
  /// The formula, when it can be evaluated at other numbers too.
  package let formula: Expression?
  package let isTyped: Bool

  /// Relative difference up to which two formulas count as equal: far above rounding (2.2e-16 times the length of a
  /// sum), far below any mistake.
  package static let equality = 1e-9
  private static let rounding = 1e-15

  /// A formula's value. `scale`: the largest entry of the right value.
  package init(_ value: Tensor, formula: Expression?, scale: Double) {
    self.value = value
    self.formula = formula
    isTyped = false
    let largest = value.elements.reduce(scale) { Swift.max($0, Swift.abs($1)) }
    let allowed = largest.isFinite ? Self.equality * largest + Self.rounding : Self.rounding
    tolerance = [Double](repeating: allowed, count: value.count)
    digits = 15 * Set(value.elements.filter { $0 != 0 }).count
  }

  /// Typed numbers, good to the last digit of the longest among them: 0.3 beside 0.1234 is 0.3000, as programs drop
  /// zeros at the end. One with an exponent is as exact as itself; whole numbers alone are exact.
  package init(_ value: Tensor, typed parsed: Parsed, text: String, scale: Double) {
    self.value = value
    formula = nil
    isTyped = true
    let texts = Self.literals(parsed, Array(text))
    let literals = texts.map(Self.decimals)
    let isScientific = texts.map { $0.contains("e") || $0.contains("E") }
    let most =
      zip(literals, isScientific).compactMap { $1 ? nil : $0 }.max() ?? literals.compactMap { $0 }.max()
    let exact = Self.equality * Swift.max(scale, 1e-6)
    func allowed(units: Double) -> [Double] {
      guard literals.count == value.count else { return [Double](repeating: exact, count: value.count) }
      return zip(literals, isScientific).map { decimals, isScientific in
        guard let places = isScientific ? decimals : most else { return exact }
        return Swift.max(units * pow(10, -Double(places)), exact)
      }
    }
    let half = allowed(units: 0.5000001)
    var seen: Set<Double> = []
    var count = 0
    for (entry, allowed) in zip(value.elements, half)
    where entry != 0 && entry.isFinite && allowed > 0 && seen.insert(Swift.abs(entry)).inserted {
      count += Swift.max(0, Swift.min(15, Int(log10(Swift.abs(entry) / allowed).rounded(.up))))
    }
    digits = count
    // Who rounds on the way is off by one in the last digit; with many digits that still leaves no doubt.
    tolerance = count >= 8 ? allowed(units: 1.0000001) : half
  }

  private init(_ value: Tensor, _ tolerance: [Double], _ digits: Int, _ formula: Expression?, _ isTyped: Bool)
  {
    self.value = value
    self.tolerance = tolerance
    self.digits = digits
    self.formula = formula
    self.isTyped = isTyped
  }

  /// The same numbers under another shape: a list for a row.
  package func reshaped(_ shape: Shape) -> StudentAnswer? {
    value.reshaped(shape).map { StudentAnswer($0, tolerance, digits, formula, isTyped) }
  }

  /// Only numbers, in brackets.
  package static func isTyped(_ expression: Expression) -> Bool {
    switch expression {
    case .number: true
    case .negative(let a): isTyped(a)
    case .list(let items): items.allSatisfy(isTyped)
    case .name, .binary, .transpose, .call, .derivative, .index: false
    }
  }

  private static func literals(_ parsed: Parsed, _ text: [Character]) -> [String] {
    var result: [String] = []
    func visit(_ expression: Expression, _ ranges: RangeTree) {
      if case .number = expression {
        let range = ranges.range.clamped(to: 0..<text.count)
        result.append(String(text[range]))
        return
      }
      for (i, child) in expression.children.enumerated() {
        if let inner = ranges.child(i) { visit(child, inner) }
      }
    }
    visit(parsed.expression, parsed.ranges)
    return result
  }

  /// Digits behind the point, less the exponent: 6 for 1.2e-05. Nil for a whole number.
  private static func decimals(_ literal: String) -> Int? {
    let parts = literal.lowercased().split(separator: "e", maxSplits: 1)
    guard let mantissa = parts.first else { return nil }
    let exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
    guard mantissa.contains(".") || exponent < 0 else { return nil }
    let behind = mantissa.split(separator: ".", omittingEmptySubsequences: false)
    let places = behind.count > 1 ? behind[1].filter { $0 != "_" }.count : 0
    return Swift.min(300, Swift.max(-300, places - Swift.min(300, Swift.max(-300, exponent))))
  }

  // MARK: Comparing

  package func agrees(at position: Int, with other: Double) -> Bool {
    let own = value.elements[position]
    if own == other || (own.isNaN && other.isNaN) { return true }
    return Swift.abs(own - other) <= tolerance[position]
  }

  package func matches(_ other: Tensor) -> Bool {
    guard other.shape == value.shape else { return false }
    for position in value.elements.indices where !agrees(at: position, with: other.elements[position]) {
      return false
    }
    return true
  }

  /// Positions of the entries that differ.
  package func differences(from other: Tensor) -> [Int] {
    guard other.shape == value.shape else { return Array(value.elements.indices) }
    return value.elements.indices.filter { !agrees(at: $0, with: other.elements[$0]) }
  }

  package func largestDifference(from other: Tensor) -> Double {
    guard other.shape == value.shape else { return .nan }
    return zip(value.elements, other.elements).reduce(0) { largest, pair in
      if pair.0 == pair.1 || largest.isNaN { return largest }
      let difference = Swift.abs(pair.0 - pair.1)
      return difference.isNaN ? .nan : Swift.max(largest, difference)
    }
  }
}
