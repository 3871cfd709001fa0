import LinearAlgebra
import Platform

/// One number as printed, with what alignment on the point needs.
struct NumberCell {
  let text: String
  /// Cells before the point; all of them when there is none.
  let left: Int
  /// Cells from the point on.
  let right: Int
  /// `nan` and `inf` have no point: they are set flush right.
  let isFinite: Bool

  /// From this magnitude on a number with decimals is printed with an exponent.
  static let largestFixed = 1e6
  /// Whole numbers are exact and short for longer.
  static let largestInteger = 1e9

  init(_ value: Double, precision: Int, isInteger: Bool = false) {
    isFinite = value.isFinite
    let text = NumberCell.text(value, precision: precision, isInteger: isInteger)
    self.text = text
    let bytes = text.utf8
    let before = bytes.prefix { $0 != UInt8(ascii: ".") && $0 != UInt8(ascii: "e") }.count
    left = isFinite ? before : bytes.count
    right = bytes.count - left
  }

  private init(text: String, left: Int) {
    self.text = text
    self.left = left
    right = 0
    isFinite = true
  }

  /// The same text, to be set flush right.
  var withoutPoint: NumberCell { NumberCell(text: text, left: left + right) }

  /// Fixed decimals; an exponent for what would print as zero or needs too many digits. Never `-0`.
  static func text(_ value: Double, precision: Int, isInteger: Bool = false) -> String {
    if value.isNaN { return "nan" }
    if value.isInfinite { return value < 0 ? "-inf" : "inf" }
    if value == 0 { return isInteger || precision == 0 ? "0" : format(0, "%.*f", precision) }
    let magnitude = abs(value)
    if isInteger && magnitude < largestInteger && value == value.rounded() {
      return String(Int(clamping: value))
    }
    if magnitude >= largestFixed { return format(value, "%.*e", max(1, precision)) }
    // Half a unit of the last decimal, and below, would round to zero.
    let text = format(value, "%.*f", precision)
    let isZero = text.utf8.allSatisfy { $0 == 0x30 || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") }
    return isZero ? format(value, "%.*e", max(1, precision - 3)) : text
  }

  /// At most `digits` significant digits and no trailing zeros: for axes.
  static func short(_ value: Double, digits: Int = 4) -> String {
    value.isNaN ? "nan" : value == 0 ? "0" : format(value, "%.*g", digits)
  }

  private static func format(_ value: Double, _ pattern: String, _ digits: Int) -> String {
    let text = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer -> String in
      guard let start = buffer.baseAddress else { return "" }
      let length = withVaList([Int32(clamping: digits), value]) { vsnprintf(start, 64, pattern, $0) }
      // A locale may put a comma, or several bytes, for the point.
      var result: [UInt8] = []
      for position in 0..<max(0, min(63, Int(length))) {
        let byte = UInt8(bitPattern: buffer[position])
        let isForeign = byte == UInt8(ascii: ",") || byte >= 0x80
        if !isForeign { result.append(byte) } else if result.last != 0x2E { result.append(0x2E) }
      }
      return String(decoding: result, as: UTF8.self)
    }
    return text
  }
}
