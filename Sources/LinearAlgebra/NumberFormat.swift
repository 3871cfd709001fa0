/// A binary floating-point format of IEEE 754, or bfloat16: what a number is rounded to when it is stored.
package enum NumberFormat: String, Sendable, CaseIterable {
  case float64, float32, float16, bfloat16

  /// Bits of the significand, the leading one included.
  package var digits: Int {
    switch self {
    case .float64: 53
    case .float32: 24
    case .float16: 11
    case .bfloat16: 8
    }
  }

  /// The exponent of the smallest normal number, a power of two.
  private var leastExponent: Int {
    switch self {
    case .float64: -1022
    case .float32, .bfloat16: -126
    case .float16: -14
    }
  }

  package var largest: Double {
    switch self {
    case .float64: .greatestFiniteMagnitude
    case .float32: Double(Float.greatestFiniteMagnitude)
    case .float16: 65504
    case .bfloat16: 0x1.FEp127
    }
  }

  package var smallestNormal: Double { Self.powerOfTwo(leastExponent) }
  /// The distance of numbers below the smallest normal one.
  package var spacingNearZero: Double { Self.powerOfTwo(leastExponent - digits + 1) }
  /// The largest relative error of one rounding of a normal number: 2^-digits.
  package var roundoff: Double { Self.powerOfTwo(-digits) }

  /// The nearest number of the format, of two equally near ones the even one; infinity beyond the largest.
  package func rounded(_ x: Double) -> Double {
    switch self {
    case .float64: return x
    case .float32: return Double(Float(x))
    case .float16, .bfloat16:
      guard x.isFinite, x != 0 else { return x }
      let exponent = Swift.max(Int(x.exponent), leastExponent)
      let spacing = Self.powerOfTwo(exponent - digits + 1)
      // Both by a power of two, and exact: no number of these formats is near the smallest double.
      let result = (x / spacing).rounded(.toNearestOrEven) * spacing
      return abs(result) > largest ? (x < 0 ? -.infinity : .infinity) : result
    }
  }

  private static func powerOfTwo(_ exponent: Int) -> Double {
    Double(sign: .plus, exponent: exponent, significand: 1)
  }
}

extension Tensor {
  /// Every entry rounded.
  package func rounded(to format: NumberFormat) -> Tensor {
    format == .float64 ? self : map(format.rounded)
  }

  /// The product as it is added up in float32, from left to right, each product and each partial sum rounded.
  package func singleProduct(_ other: Tensor) -> Tensor? {
    guard let shape = shape.product(with: other.shape), shape.checkedCount != nil,
      let stack = StackedProduct(self.shape, other.shape)
    else { return nil }
    return Tensor(writing: shape, reading: [self, other]) { stack.runSingle($0[0], $0[1], into: $1) }
  }
}
