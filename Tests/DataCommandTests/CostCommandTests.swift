import Commands
import Explanations
import Formulas
import LinearAlgebra
import Operations
import Rendering
import Testing

@Suite struct CostCommandTests {
  private func count(_ formula: String, _ shapes: [String: Shape]) throws -> OperationCount {
    let values = shapes.mapValues { Tensor(repeating: 1, shape: $0) }
    return try OperationCount.of(Parser.parse(formula).expression, in: Bindings(values))
  }

  /// Counted by hand: products of m·n·k terms, one operation an entry elsewhere. A sum begins at 0, so that n terms take
  /// n additions.
  @Test(arguments: [
    ("A @ B", 24, 24, 0, 0), ("A @ B + c", 24, 32, 0, 0), ("A * A - 2", 6, 6, 0, 0), ("A.T", 0, 0, 0, 0),
    ("A**2", 6, 0, 0, 0), ("A**3 / 2", 18, 0, 0, 0), ("sum(A)", 0, 6, 0, 0), ("sum(A, axis=0)", 0, 6, 0, 0),
    ("tanh(A)", 0, 0, 0, 6), ("A > 0", 0, 0, 6, 0), ("softmax(A)", 6, 12, 4, 6), ("exp(A) * A", 6, 0, 0, 6),
    ("conv2d(I, K)", 2 * 4 * 9 * 27, 2 * 4 * 9 * 27, 0, 0), ("maxpool(I, 5)", 0, 0, 2 * 3 * 24, 0),
  ])
  func formulas(_ formula: String, multiplications: Int, additions: Int, comparisons: Int, functions: Int)
    throws
  {
    let shapes: [String: Shape] = [
      "A": [2, 3], "B": [3, 4], "c": [1, 4], "I": [2, 3, 5, 5], "K": [4, 3, 3, 3],
    ]
    #expect(
      try count(formula, shapes)
        == OperationCount(
          multiplications: multiplications, additions: additions, comparisons: comparisons,
          functions: functions))
  }

  /// The products of a dense layer: m·n·k forward, twice that backward.
  @Test func aLinearNetworkByHand() {
    var typist = Typist()
    typist.type("net 5 7 bias=off loss=sse; set X = ones(3, 5); set Y = ones(3, 7)")
    let report = typist.type("cost")
    // Z1 = X @ W1: 105. L = sum((Z1 - Y)**2): 21 differences, 21 squares, 21 additions.
    #expect(report.scalar("forward_multiplications") == 126)
    #expect(report.scalar("forward_additions") == 147)
    // dZ1 = 2 (Z1 - Y), dW1 = X.T @ dZ1, dX = dZ1 @ W1.T.
    #expect(report.scalar("backward_multiplications") == 231)
    #expect(report.scalar("backward_additions") == 231)
    #expect(report.scalar("update_multiplications") == 35)
    let total = 2 * 105 + 63 + 2 * (21 + 210) + 70
    #expect(report.scalar("total_operations") == Double(total))
    // X, Y, W1; Z1, L; dZ1, dW1, dX.
    let numbers = 15 + 21 + 35 + 21 + 1 + 21 + 35 + 15
    #expect(report.scalar("numbers") == Double(numbers))
  }

  /// Costs add: a network of two layers costs no more than its products together, and twice the width is twice the
  /// work of the layer, not its square.
  @Test func costsAdd() throws {
    var typist = Typist()
    let one = try #require(typist.type("net 8 8:tanh 8; cost").scalar("forward_multiplications"))
    let two = try #require(typist.type("net 8 8:tanh 8:tanh 8; cost").scalar("forward_multiplications"))
    #expect(two - one == 3 * 8 * 8)
    #expect(Typist.text(typist.type("cost")).contains("their costs add"))
  }

  @Test func convolutionsAreCounted() {
    var typist = Typist()
    typist.type("data digits batch=2; net 1x8x8 conv(4,3x3,pad=1):relu maxpool(2) flatten 10:softmax")
    let report = typist.type("cost")
    // Each of 2·4·8·8 outputs is 9 products; each of 2·10 logits 64; softmax divides 20, logsumexp sums Y * Z.
    let products = 2 * 4 * 64 * 9 + 2 * 64 * 10 + 20 + 20 + 1
    #expect(report.scalar("forward_multiplications") == Double(products))
  }

  @Test func benchMeasuresWhatItSays() {
    var typist = Typist()
    let report = typist.type("bench jacobian")
    for K in [3, 10, 100] {
      #expect(report.scalar("jacobian_full_seconds_\(K)") ?? 0 > 0)
      #expect(report.scalar("jacobian_fused_seconds_\(K)") ?? 0 > 0)
    }
    #expect(Typist.text(report).contains("measured here and now"))
    #expect(typist.type("bench pass").scalar("backward_seconds") ?? 0 > 0)
    #expect(typist.refusal("bench everything").marks == [6..<16])
  }
}
