import Explanations
import LinearAlgebra
import Platform
import Testing

/// The properties of `TypedNumber`. The oracle is the text: a value is written out in decimal digits, and what rounding
/// and cutting off make of it is told from the digits alone.
@Suite struct TypedNumberTests {
  /// 0.d₁d₂… × 10ᵏ with a first digit that is not 0.
  struct Decimal {
    var digits: [Int]
    var exponent: Int

    init(_ generator: inout RandomGenerator) {
      digits = (0..<12).map { _ in generator.integer(below: 10) }
      digits[0] = 1 + generator.integer(below: 9)
      exponent = generator.integer(below: 41) - 20
    }

    var value: Double { Double("0." + digits.map(String.init).joined() + "e\(exponent)") ?? .nan }
    /// The first n digits as a whole number.
    func cutOff(_ n: Int) -> Int { digits[..<n].reduce(0) { 10 * $0 + $1 } }
    func rounded(_ n: Int) -> Int { cutOff(n) + (digits[n] >= 5 ? 1 : 0) }
  }

  /// N units of the n-th digit, as it is typed.
  static func literal(_ N: Int, _ n: Int, exponent: Int) -> String {
    let text = String(N)
    let zeros = String(repeating: "0", count: max(0, n - text.count))
    let mantissa = text.count > n ? "\(text.prefix(text.count - n)).\(text.suffix(n))" : "0.\(zeros)\(text)"
    return exponent == 0 ? mantissa : mantissa + "e\(exponent)"
  }

  static func compare(_ literal: String, _ right: Double, sign: Double = 1) -> TypedNumber.Comparison {
    TypedNumber(sign * (Double(literal) ?? .nan), literal: literal).comparison(with: right)
  }

  @Test(arguments: 0..<200) func roundedAndCutOffAreRightAndOneUnitMoreIsNot(_ seed: Int) {
    var generator = RandomGenerator(seed: UInt64(seed))
    let decimal = Decimal(&generator)
    let y = decimal.value
    for n in 2...8 {
      let (cut, rounded) = (decimal.cutOff(n), decimal.rounded(n))
      for (N, isRight) in [(cut, true), (rounded, true), (cut - 1, false), (rounded + 1, false)] {
        let text = Self.literal(N, n, exponent: decimal.exponent)
        let comparison = Self.compare(text, y)
        #expect((comparison != .different) == isRight, "\(text) for \(y)")
        if isRight { #expect(comparison != .tooFewDigits, "\(text) for \(y)") }
        // Symmetric in sign, and no number is right for its opposite.
        #expect(Self.compare(text, -y, sign: -1) == comparison, "-\(text) for \(-y)")
        #expect(Self.compare(text, -y) == .different)
        // Scale invariant: the same digits at another power of ten.
        let other = Self.literal(N, n, exponent: decimal.exponent - 100)
        #expect(Self.compare(other, y * 1e-100) == comparison, "\(other)")
      }
    }
  }

  @Test(arguments: 0..<50) func oneDigitDecidesNothing(_ seed: Int) {
    var generator = RandomGenerator(seed: UInt64(1000 + seed))
    let decimal = Decimal(&generator)
    let y = decimal.value
    for N in [decimal.cutOff(1), decimal.rounded(1)] where N > 0 && N < 10 {
      #expect(Self.compare(Self.literal(N, 1, exponent: decimal.exponent), y) == .tooFewDigits)
    }
    let far = decimal.rounded(1) + 1
    #expect(Self.compare(Self.literal(far, 1, exponent: decimal.exponent), y) == .different)
  }

  @Test func exactNumbersNeedNoSecondDigit() {
    #expect(Self.compare("0.3", 0.3) == .equal)
    #expect(Self.compare("6", 6) == .equal)
    #expect(Self.compare("0", 0) == .equal)
    // As a sum of tenths comes out.
    #expect(Self.compare("0.3", 0.1 + 0.2) == .equal)
    #expect(Self.compare("0.3", 0.2521) == .tooFewDigits)
  }

  @Test(arguments: ["0", "0.", "0.0"]) func aZeroSaysThatNothingIsThere(_ zero: String) {
    #expect(Self.compare(zero, 0) == .equal)
    #expect(Self.compare(zero, 0.03) == .different)
    #expect(Self.compare("0.00", 0.003) == .tooFewDigits)
  }

  @Test func nothingAgreesWithWhatIsNotFinite() {
    for right in [Double.nan, .infinity, -.infinity] {
      #expect(Self.compare("1.5", right) == .different)
      #expect(Self.compare("1e308", right) == .different)
    }
  }

  /// Exponents, signs and lengths that no arithmetic should have to bear.
  @Test(arguments: [
    "1e308", "1e-400", "1e-99999999999999999999", "0.0e5", "1.e5", ".5", "1e+5", "",
    String(repeating: "9", count: 400), "0." + String(repeating: "1", count: 5000),
  ])
  func oddLiteralsAreHarmless(_ literal: String) {
    for value in [0, 1e308, -1e308, 1e-307, .nan, .infinity, Double(literal) ?? 0] {
      let number = TypedNumber(value, literal: literal)
      for right in [0, 1.17, 1e308, -1e308, 1e-307, .nan, .infinity] { _ = number.comparison(with: right) }
      #expect(number.comparison(with: .nan) == .different)
    }
  }
}

/// The properties of `Agreement`.
@Suite struct AgreementTests {
  @Test(arguments: 0..<100) func symmetricAndScaleInvariant(_ seed: Int) {
    var generator = RandomGenerator(seed: UInt64(seed))
    let a = generator.normal()
    let b = a * (1 + 3e-9 * generator.uniform(-1, 1))
    let holds = Agreement.holds(a, b)
    #expect(Agreement.holds(b, a) == holds && Agreement.holds(-a, -b) == holds)
    for power in [-280, -20, 20, 280] {
      let scale = pow(2, Double(power))
      #expect(Agreement.holds(a * scale, b * scale) == holds)
    }
    #expect(!Agreement.holds(a, -a) && !Agreement.holds(a, 1.00001 * a))
  }

  @Test func whatIsNotFiniteAgreesWithNothing() {
    for x in [Double.nan, .infinity, -.infinity] {
      for y in [x, 0, 1, .nan, .infinity] {
        #expect(!Agreement.holds(x, y) && !Agreement.holds(y, x))
        #expect(!Agreement.holds(x, y, noise: .infinity))
      }
    }
  }
}
