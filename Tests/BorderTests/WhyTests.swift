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

  /// What lies outside of a value is 0, whatever its formula would be there: softmax, exp, a product.
  @Test(arguments: ["softmax(V)", "exp(V)", "conv2d(V, V, pad=1)", "V**0 * 2"])
  func outsideOfAValueIsZero(_ kernel: String) throws {
    var typist = Typist(
      "model Z = conv2d(tanh(X), \(kernel), stride=2, pad=1); L = sum(Z**2)",
      "set X = randn(1, 1, 5, 4, seed=1)",
      "param V = randn(1, 1, 2, 3, seed=2)", "backward")
    for entry in ["dX[0,0,1,2]", "dX[0,0,4,3]", "dV[0,0,1,0]", "Z[0,0,0,0]"] {
      #expect(abs(try #require(typist.type("why \(entry)").scalar("difference"))) < 1e-12, "\(entry)")
    }
  }

  /// The largest of sums is found by its bits: a sum in another order may differ in the last of them.
  @Test func theLargestOfSumsIsFound() throws {
    var typist = Typist(
      "model N = max(cumsum(G * V, axis=0, reverse=True), axis=1); L = mean(N**2)",
      "set G = randn(9, 4, seed=1)", "param V = randn(9, 4, seed=2)", "backward")
    for i in 0..<9 {
      for j in 0..<4 {
        #expect(abs(try #require(typist.type("why dV[\(i),\(j)]").scalar("difference"))) < 1e-12)
      }
    }
  }

  /// A mean of one is that one, and is not divided by 1.
  @Test func nothingIsDividedByOne() {
    var typist = Typist(
      "model z = W @ x; S = softmax(z); L = cross_entropy(y, S)", "set x = [1, 2]",
      "param W = [1 2; 3 4; 1 1]", "set y = [0, 1, 0]")
    #expect(!typist.text("why L").contains("/ 1"))
  }
}
