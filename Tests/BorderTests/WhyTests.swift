import LinearAlgebra
import Reports
import Testing

/// The numbers that `why` adds up are the entry.
@Suite struct WhyBorderTests {
  /// 1·0.5 + 2·0.1 and the bias 0.1.
  @Test func theBiasIsATerm() {
    var typist = Typist("forward")
    expect(typist.type("why Z1[0,0]").tensors["terms"], [0.5, 0.2, 0.1])
  }

  /// Whatever is a sum: its terms add up to it.
  @Test(arguments: [
    "Z1[1,2]", "Z2[0,1]", "dZ2[0,2]", "dW2[1,0]", "db2[0,1]", "dA1[2,3]", "dW1[0,2]", "db1[0,0]", "dX[1,1]",
    "L",
  ]) func theTermsAddUpToTheEntry(_ entry: String) throws {
    var typist = Typist("backward")
    let report = typist.type("why \(entry)")
    let terms = try #require(report.tensors["terms"]).elements
    let value = try #require(report.scalar("value"))
    // A quotient by m is told as one: the terms are those of the numerator.
    let sum = terms.reduce(0, +)
    let isSame = [1, 4].contains { abs(sum / $0 - value) < 1e-12 }
    #expect(isSame, "\(terms) and \(value)")
  }
}
