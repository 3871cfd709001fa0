import Formulas
import LinearAlgebra
import Testing

/// What a Jacobian is said to be, and what an entry is said to be made of, where a quick word would be false.
@Suite struct StructureTests {
  /// Q = I V · 2: each entry depends on one.
  @Test func whatAnIdentityMultipliesIsDiagonal() throws {
    let lines = text(
      outcome(
        "model V = X @ W; Q = eye(4) @ V * 2; L = sum(Q)", "set X = [[1, 2], [3, 4], [5, 6], [7, 8]]",
        "param W = [[1, 0, 2], [0, 1, 1]]", "forward", "jacobian Q V"))
    #expect(lines.contains { $0.hasPrefix("Diagonal: each Q[i,j] depends on V[i,j] alone") })
    #expect(!lines.contains { $0.contains("Dense") })
  }

  /// A 3×3 window over a 6×6 image of one sample: most entries are 0.
  @Test func aConvolutionOfOneSampleIsNotDense() throws {
    let lines = text(
      outcome(
        "net 1x6x6 conv(2,3x3):relu flatten 3:softmax", "set X = X[0:1]", "set Y = Y[0:1]", "forward",
        "jacobian Z1 X"))
    #expect(lines.contains { $0.hasPrefix("Sparse: each Z1[0,j,k,l] depends on the entries of X under its") })
    #expect(!lines.contains { $0.contains("Dense") })
  }

  @Test func aWindowSaysItsRange() throws {
    let lines = text(
      outcome("net 1x6x6 conv(2,3x3):relu maxpool(2) flatten 3:softmax", "forward", "why P1[0,0,1,1]"))
    #expect(lines.contains("P1[0,0,1,1] = max_r<2,s<2 A1[0,0,r+2,s+2]"))
  }

  /// 1·0.5 + 2·0.1 + 0.1 = 0.8: the bias is a term.
  @Test func termsAddUpToTheEntry() throws {
    let terms = try #require(tensors(outcome("forward", "why Z1[0,0]"))["terms"])
    #expect(terms.elements.count == 3)
    #expect(abs(terms.elements.reduce(0, +) - 0.8) < 1e-15)
  }
}
