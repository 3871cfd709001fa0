import Platform

/// Numbers in a sentence or a table.
package enum Figures {
  /// A number with so many significant digits, as C's %g prints it.
  package static func short(_ value: Double, digits: Int = 4) -> String {
    if value == 0 { return "0" }
    if value.isNaN { return "nan" }
    if value.isInfinite { return value < 0 ? "-inf" : "inf" }
    return withVaList([Int32(digits), value]) { list in
      var buffer = [CChar](repeating: 0, count: 64)
      let length = Int(vsnprintf(&buffer, buffer.count, "%.*g", list))
      return String(
        decoding: buffer.prefix(max(0, min(63, length))).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
  }

  /// A number with so many decimals, as C's %f prints it.
  package static func fixed(_ value: Double, decimals: Int) -> String {
    withVaList([Int32(decimals), value]) { list in
      var buffer = [CChar](repeating: 0, count: 64)
      let length = Int(vsnprintf(&buffer, buffer.count, "%.*f", list))
      return String(
        decoding: buffer.prefix(max(0, min(63, length))).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
  }

  /// 97.22 %
  package static func percent(_ share: Double) -> String { short(100 * share, digits: 4) + " %" }
}
