// The standard library's `Int(x)` ends the process where x is nan, infinite or too large, and every Double that a person
// types can become that. Here it is deprecated, and warnings are errors: a whole number is made of a Double by
// `Int(exactly:)`, nil when it is none, or by `Int(clamping:)`.

extension Int {
  /// Towards zero, not beyond the largest; nan is 0.
  package init(clamping value: Double) {
    self =
      Int(exactly: value.rounded(.towardZero))
      ?? (value.isNaN ? 0 : value < 0 ? .min : .max)
  }

  @available(*, deprecated, message: "ends the process on nan and infinity: Int(exactly:) or Int(clamping:)")
  package init(_ value: Double) { self.init(clamping: value) }

  @available(*, deprecated, message: "ends the process on nan and infinity: Int(exactly:) or Int(clamping:)")
  package init(_ value: Float) { self.init(clamping: Double(value)) }
}

/// The least whole number has no absolute value.
@available(*, deprecated, message: "ends the process on the least whole number: magnitude")
package func abs(_ x: Int) -> Int { Int(clamping: x.magnitude) }

extension Sequence<Int> {
  /// All of them multiplied; nil beyond the largest. For extents that were typed, which no value need have.
  package var checkedProduct: Int? {
    var product = 1
    for extent in self {
      let (next, overflow) = product.multipliedReportingOverflow(by: extent)
      if overflow { return nil }
      product = next
    }
    return product
  }
}

extension Int32 {
  @available(*, deprecated, message: "ends the process on nan and infinity: Int32(exactly:)")
  package init(_ value: Double) { self.init(clamping: Int(clamping: value)) }
}

extension UInt8 {
  @available(*, deprecated, message: "ends the process on nan and infinity: UInt8(exactly:)")
  package init(_ value: Double) { self.init(clamping: Int(clamping: value)) }
}

extension UInt64 {
  @available(*, deprecated, message: "ends the process on nan and infinity: UInt64(exactly:)")
  package init(_ value: Double) { self.init(clamping: Int(clamping: value)) }
}
