import Formulas
import LinearAlgebra
import Operations
import Platform
import Testing

@testable import Differentiation

/// Numbers with an error, against numbers from within it computed in Float: none may lie outside of what is said, and what
/// is said may not be a multiple of what is found.
@Suite struct BoundedTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let name: String
    let ranges: [ClosedRange<Double>]
    let bounded: @Sendable ([Bounded]) -> Bounded
    let float: @Sendable ([Float]) -> Float
    /// How many times as large as what is found a bound may be.
    var slack = 1.6
    var testDescription: String { name }
  }

  private static let anywhere = -3.0...3.0
  private static let exponential = ScalarFunction({ exp($0) }, derivative: { exp($0) })
  static let cases: [Case] = [
    Case(name: "a + b", ranges: [anywhere, anywhere], bounded: { $0[0] + $0[1] }, float: { $0[0] + $0[1] }),
    Case(name: "0 + b", ranges: [0...0, anywhere], bounded: { $0[0] + $0[1] }, float: { $0[0] + $0[1] }),
    Case(name: "a - b", ranges: [anywhere, anywhere], bounded: { $0[0] - $0[1] }, float: { $0[0] - $0[1] }),
    Case(name: "a * b", ranges: [anywhere, anywhere], bounded: { $0[0] * $0[1] }, float: { $0[0] * $0[1] }),
    Case(name: "0 * b", ranges: [0...0, anywhere], bounded: { $0[0] * $0[1] }, float: { $0[0] * $0[1] }),
    Case(name: "a / b", ranges: [anywhere, 1...3], bounded: { $0[0] / $0[1] }, float: { $0[0] / $0[1] }),
    Case(
      name: "a**b", ranges: [0.5...3, -2...2], bounded: { $0[0].raised(to: $0[1]) },
      float: { Float(pow(Double($0[0]), Double($0[1]))) }),
    Case(
      name: "a**3", ranges: [0.6...3], bounded: { $0[0].raised(to: Bounded(3)) },
      float: { $0[0] * $0[0] * $0[0] }),
    Case(
      name: "exp(a)", ranges: [-2...2], bounded: { $0[0].applying(exponential) },
      float: { Float(exp(Double($0[0]))) }),
    Case(
      name: "the larger", ranges: [anywhere, anywhere],
      bounded: {
        $0[0].value >= $0[1].value ? $0[0].chosen(over: $0[1], if: nil) : $0[1].chosen(over: $0[0], if: nil)
      },
      float: { max($0[0], $0[1]) }),
    Case(
      name: "a where a < b, else -b", ranges: [anywhere, anywhere],
      bounded: { v in
        let condition = Bounded.truth(v[0].value < v[1].value, v[0], v[1])
        return condition.value == 1
          ? v[0].chosen(over: -v[1], if: condition) : (-v[1]).chosen(over: v[0], if: condition)
      },
      float: { $0[0] < $0[1] ? $0[0] : -$0[1] }, slack: 4),
  ]

  @Test(arguments: cases) func holdsAndIsNear(_ item: Case) {
    var random = RandomGenerator(seed: 5)
    for _ in 0..<300 {
      let given = item.ranges.map { range in
        let value = range.lowerBound + random.uniform() * (range.upperBound - range.lowerBound)
        return Bounded(value, pow(10, -3 + 2.4 * random.uniform()))
      }
      let result = item.bounded(given)
      var samples: [[Float]] = [[]]
      for number in given {
        // A hair within, so that Float does not round it out.
        let within = [-0.999, -0.37, 0, 0.61, 0.999].map { Float(number.value + $0 * number.error) }
        samples = samples.flatMap { sample in within.map { sample + [$0] } }
      }
      let farthest = samples.map { abs(Double(item.float($0)) - result.value) }.max() ?? 0
      #expect(farthest <= result.error, "\(given) \(result)")
      #expect(result.error <= item.slack * farthest + 1e-5, "\(given) \(result) \(farthest)")
    }
  }

  /// What is compared may be the other way round only where the errors reach each other.
  @Test func aComparisonIsInDoubtWhereErrorsMeet() {
    #expect(Bounded.truth(true, Bounded(1, 0.5), Bounded(1.2, 0.1)).error == 1)
    #expect(Bounded.truth(true, Bounded(1, 0.1), Bounded(1.25, 0.1)).error == 0)
    #expect(Bounded.truth(false, Bounded(1), Bounded(1)).error == 0)
  }

  /// Higham, "Accuracy and Stability of Numerical Algorithms", (3.5): a sum of n products is off by no more than
  /// γn = nu / (1 - nu) times the sum of their sizes, and rounding it to the format by u times its size.
  @Test(arguments: [NumberFormat.float16, .bfloat16, .float32], [1, 2, 7, 300])
  func aProductIsBoundedAsHighamHasIt(_ format: NumberFormat, _ n: Int) throws {
    var random = RandomGenerator(seed: 3)
    let a = random.normal(shape: [2, n]).map { format.rounded($0) }
    let b = random.normal(shape: [n, 2]).map { format.rounded($0) }
    var bound = RoundingBound(format, over: Bindings(["A": a, "B": b]))
    try bound.run(Equation("C", .binary(.matrixProduct, .name("A"), .name("B"))))
    let error = try #require(bound.error(of: "C"))
    let u = 5.9604644775390625e-08
    let gamma = { (n: Int) in Double(n) * u / (1 - Double(n) * u) }
    for i in 0..<2 {
      for j in 0..<2 {
        let terms = (0..<n).map { a.elements[i * n + $0] * b.elements[$0 * 2 + j] }
        let (value, size) = (terms.reduce(0, +), terms.reduce(0) { $0 + abs($1) })
        let least = gamma(n) * size + format.roundoff * abs(value)
        #expect(error.elements[i * 2 + j] >= least)
        #expect(error.elements[i * 2 + j] <= gamma(n + 4) * size * 1.01 + format.roundoff * abs(value) * 1.01)
      }
    }
  }

  /// What is gathered has the error of its source, entry by entry; a number that the format has has none.
  @Test func positionsHaveNoErrorAndWhatTheyNameHas() throws {
    let E = Tensor(unchecked: [2, 2], [0.1, 0.5, 0.3, 0.7])
    var bound = RoundingBound(.float16, over: Bindings(["E": E]))
    try bound.run(Equation("R", try Parser.parse("E[[1, 0, 1]]").expression))
    let apart = E.elements.map { abs(NumberFormat.float16.rounded($0) - $0) }
    #expect(bound.error(of: "R")?.elements == [apart[2], apart[3], apart[0], 0, apart[2], apart[3]])
  }

  /// 1 + 2^-20 is no number of float16, though both terms are; 1 - 1 is 0 in every format.
  @Test func onlyWhatIsRoundedHasAnError() throws {
    let leaves = ["A": Tensor(1), "B": Tensor(0.00000095367431640625)]
    var bound = RoundingBound(.float16, over: Bindings(leaves))
    try bound.run(Equation("S", .name("A") + .name("B")))
    try bound.run(Equation("D", .name("A") - .name("A")))
    #expect(try #require(bound.error(of: "S")?.scalarValue) >= 0.00000095367431640625)
    #expect(bound.error(of: "D")?.scalarValue == 0)
  }
}
