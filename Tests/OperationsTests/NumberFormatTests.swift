import Formulas
import LinearAlgebra
import Testing

@testable import Operations

/// Formats of 16 and 32 bits, bit for bit as NumPy 2 and ml_dtypes compute them. The hashes are FNV-1a over the results:
///
///     def fnv(bits):
///         h = 0xcbf29ce484222325
///         for byte in bits.tobytes(): h = ((h ^ byte) * 0x100000001b3) % 2**64
///         return h
///     def splitmix(n):
///         i = np.arange(1, n + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
///         z = (i ^ (i >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
///         z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
///         return z ^ (z >> np.uint64(31))
///     def bits(x): r = x.view(u).copy(); r[np.isnan(x.astype(np.float64))] = nan; return r
///     r = splitmix(1 << 16)
///     # 16 bits (t = np.float16, nan = 0x7E00; t = ml_dtypes.bfloat16, nan = 0x7FC0): every pattern, with another
///     a = np.arange(65536, dtype=np.uint16).view(t); b = (r & np.uint64(0xFFFF)).astype(np.uint16).view(t)
///     # 32 bits (t = np.float32, nan = 0x7FC00000): as many
///     a = (r >> np.uint64(32)).astype(np.uint32).view(t); b = (r & np.uint64(0xFFFFFFFF)).astype(np.uint32).view(t)
///     for v in [a + b, a - b, a * b, a / b, np.sqrt(a), np.where(a > 0, a, t(0.01) * a), np.maximum(a, b), np.minimum(a, b)]:
///         print(hex(fnv(bits(v))))
///     # as many doubles between 2^-20 and 2^12
///     e = ((r >> np.uint64(12)) | np.uint64(0x3FF0000000000000)).view(np.float64)
///     e = e * np.exp2((r & np.uint64(0x1F)).astype(np.float64) - 20); print(hex(fnv(bits(e.astype(t)))))
@Suite struct NumberFormatTests {
  static let formulas = [
    "a + b", "a - b", "a * b", "a / b", "sqrt(a)", "leaky_relu(a)", "maximum(a, b)", "minimum(a, b)",
  ]
  static let hashes: [NumberFormat: [UInt64]] = [
    .float16: [
      0xb534_2449_e6e6_0eb7, 0x9987_5ce6_cbde_4e6d, 0x9258_43a0_93f3_baea, 0xc3fd_a0a5_4da9_1702,
      0xb5f4_43af_bb02_2619, 0x85c5_f426_2815_ae95, 0x56f3_726d_338f_515b, 0xbd9a_cd7e_6919_a406,
      0x3846_4c6f_e240_7673,
    ],
    .bfloat16: [
      0xe8d7_2a51_e6cf_af08, 0xf1a2_1b20_f318_caf2, 0x0405_96fc_8723_6f60, 0xd657_6626_f6c9_9f52,
      0x96e5_2adc_a9d1_09e1, 0x8f5a_a8db_f4a8_dc74, 0x78e2_4077_cb66_aba4, 0x5217_fb05_bb7a_c844,
      0x0206_7132_4810_c3d7,
    ],
    .float32: [
      0xb3b4_8d29_aaf3_f778, 0x859b_284b_69ce_0a0b, 0x5ee4_b185_cc66_b10a, 0x036c_ce27_5ab3_620b,
      0x2d2a_ad51_6725_398b, 0xe0fe_8257_1f6d_a102, 0x30c4_0028_6650_788c, 0x78b6_78d9_f3ab_633e,
      0xc420_5978_dc0a_1dd6,
    ],
  ]

  @Test(arguments: [NumberFormat.float16, .bfloat16, .float32])
  func equalsNumPyBitForBit(_ format: NumberFormat) throws {
    let count = 1 << 16
    let words = Self.splitmix(count)
    let a = (0..<count).map { Self.value(format == .float32 ? words[$0] >> 32 : UInt64($0), format) }
    let b = (0..<count).map { Self.value(words[$0] & (format == .float32 ? 0xFFFF_FFFF : 0xFFFF), format) }
    let environment = Bindings(
      ["a": Tensor(unchecked: [count], a), "b": Tensor(unchecked: [count], b)], format: format)
    let expected = try #require(Self.hashes[format])
    for (formula, hash) in zip(Self.formulas, expected) {
      let value = try Evaluator(environment).checkedValue(of: Parser.parse(formula))
      #expect(Self.hash(value, format) == hash, "\(formula) in \(format)")
    }
    let doubles = words.map { word in
      Double(bitPattern: word >> 12 | 0x3FF0_0000_0000_0000)
        * Double(sign: .plus, exponent: Int(word & 0x1F) - 20, significand: 1)
    }
    let rounded = Tensor(unchecked: [doubles.count], doubles).rounded(to: format)
    #expect(Self.hash(rounded, format) == expected[Self.formulas.count], "conversion to \(format)")
  }

  /// Of equal numbers the larger is one of them, not half of their sum, which overflows. NumPy: np.maximum(a, a) == a.
  @Test(arguments: NumberFormat.allCases) func theLargerOfEqualNumbersIsOneOfThem(_ format: NumberFormat)
    throws
  {
    let a = Tensor(unchecked: [3], [format.largest, -format.largest, .infinity])
    for formula in ["maximum(a, a)", "minimum(a, a)"] {
      let value = try Evaluator(Bindings(["a": a], format: format)).checkedValue(of: Parser.parse(formula))
      #expect(value == a, "\(formula)")
    }
  }

  /// `s = np.float32(0); for x, y in zip(a, b): s = np.float32(s + np.float32(x * y))`, then `np.float16(s)`: of 1/3 and
  /// 1/7, 1/9, 1/11 …, all rounded to the format first.
  @Test(arguments: [
    (NumberFormat.float32, 0.13783833384513855), (.float16, 0.1378173828125), (.bfloat16, 0.1376953125),
  ])
  func productsAccumulateInFloat32(_ format: NumberFormat, _ expected: Double) throws {
    let a = Tensor(unchecked: [1, 9], (0..<9).map { 1 / Double(3 + $0) })
    let b = Tensor(unchecked: [9, 1], (0..<9).map { 1 / Double(7 + 2 * $0) })
    let environment = Bindings(["a": a, "b": b], format: format)
    for formula in ["a @ b", "sum(a * b.T)", "einsum('ij,jk->ik', a, b)"] {
      // The sum of products has each product rounded to the format before.
      if formula.hasPrefix("sum"), format != .float32 { continue }
      let value = try Evaluator(environment).checkedValue(of: Parser.parse(formula))
      #expect(value.elements == [expected], "\(formula)")
    }
  }

  private static func splitmix(_ count: Int) -> [UInt64] {
    (1...count).map { i in
      var z = UInt64(i) &* 0x9E37_79B9_7F4A_7C15
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
  }

  /// The number of a pattern of bits.
  private static func value(_ bits: UInt64, _ format: NumberFormat) -> Double {
    switch format {
    case .float64: return Double(bitPattern: bits)
    case .float32: return Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
    case .bfloat16: return Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits) << 16))
    case .float16:
      let (sign, exponent, fraction) = (bits >> 15, Int(bits >> 10 & 31), Double(bits & 1023))
      let size =
        exponent == 31
        ? (fraction == 0 ? Double.infinity : .nan)
        : exponent == 0
          ? fraction * 0x1p-24
          : (1 + fraction / 1024) * Double(sign: .plus, exponent: exponent - 15, significand: 1)
      return sign == 1 ? -size : size
    }
  }

  /// The pattern of a number that the format has.
  private static func pattern(_ x: Double, _ format: NumberFormat) -> UInt32 {
    switch format {
    case .float64, .float32: return x.isNaN ? 0x7FC0_0000 : Float(x).bitPattern
    case .bfloat16: return x.isNaN ? 0x7FC0 : Float(x).bitPattern >> 16
    case .float16:
      if x.isNaN { return 0x7E00 }
      let sign: UInt32 = x.sign == .minus ? 0x8000 : 0
      if x.isInfinite { return sign | 0x7C00 }
      let size = abs(x)
      if size < 0x1p-14 { return sign | UInt32(size * 0x1p24) }
      return sign | UInt32(Int(size.exponent) + 15) << 10 | UInt32((size.significand - 1) * 1024)
    }
  }

  private static func hash(_ tensor: Tensor, _ format: NumberFormat) -> UInt64 {
    var result: UInt64 = 0xcbf2_9ce4_8422_2325
    for x in tensor.elements {
      let bits = pattern(x, format)
      for byte in 0..<(format == .float32 ? 4 : 2) {
        result = (result ^ UInt64(bits >> (8 * byte) & 0xFF)) &* 0x100_0000_01b3
      }
    }
    return result
  }
}
