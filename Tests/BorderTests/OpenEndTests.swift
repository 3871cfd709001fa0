import LinearAlgebra
import Testing

/// Equations that end with a matrix have a forward pass, Jacobians and reasons; what goes back needs a loss.
@Suite struct OpenEndTests {
  static let attention = [
    "model Q = X @ WQ; K = X @ WK; V = X @ WV; S = Q @ K.T; A = softmax(S); O = A @ V",
    "set X = [[1, 2], [0.5, -1], [0, 1]]", "param WQ = [[0.1, 0.4], [-0.3, 0.2]]",
    "param WK = [[0.5, -0.1], [0.2, 0.7]]", "param WV = [[1, 0], [0, 1]]",
  ]

  /// O = A @ X here, and the Jacobian of O by V is A for every column.
  @Test func theForwardPassRuns() throws {
    var typist = Typist(Self.attention + ["forward"])
    expect(typist.value("O"), try #require(typist.value("A @ X")).elements, [3, 2])
    let jacobian = try #require(
      typist.type("jacobian O V --full").tensors["dO/dV"]
        ?? typist.type("jacobian O V --full").tensorBlocks.last?.value)
    let A = try #require(typist.value("A"))
    #expect(
      jacobian.elements[0] == A.elements[0] && jacobian.elements[2] == A.elements[1]
        && jacobian.elements[1] == 0)
    for line in [
      "why O[0,0]", "derive softmax", "jacobian softmax", "trace", "shapes", "list", "graph",
      "check A = softmax(S)", "restart; step 3",
    ] {
      typist.type(line)
    }
  }

  @Test(arguments: [
    "backward", "gradcheck", "update", "train", "hessian WQ", "show dWQ", "dWQ", "loss", "nudge X[0,0]",
  ])
  func whatGoesBackSaysWhatIsMissing(_ line: String) {
    var typist = Typist(Self.attention + ["forward"])
    let refusal = typist.refusal(line)
    #expect(
      refusal.message.text().contains("a loss is one number, and O has the shape 3×2"),
      "\(refusal.message.text())")
    #expect(refusal.hint?.text() == "end with an equation like L = sum(O**2)")
    #expect(typist.value("O") != nil)
  }
}

/// A name that the backward pass gives to a gradient belongs to it.
@Suite struct TakenGradientNameTests {
  @Test(arguments: [
    ("model data = d @ dd; L = sum(data)", "dd is the name of the gradient of d"),
    ("model Q = dX * X; L = sum(Q)", "dX is the name of the gradient of X"),
    ("model dZ = X * 2; Z = dZ; L = sum(Z)", "dZ is the name of the gradient of Z"),
  ]) func itIsRefused(_ line: String, _ message: String) {
    var typist = Typist("set X = 3 * X")
    #expect(typist.refusal(line).message.text() == message)
    #expect(typist.equation("Z1") == "Z1 = X @ W1 + b1")
  }
}

/// Options of losses count, and letters of einsum may be summed away beside a number.
@Suite struct LossOptionTests {
  /// np.mean((np.array([3, 5]) - np.array([1, 2]))**2) = 6.5, its gradient by the predictions 2*(P - Y)/2.
  @Test func aSumMayBeMeaned() {
    let typist = Typist(
      "model L = sse(Y, P, reduction=mean)", "set Y = [1, 2]", "param P = [3, 5]", "backward")
    expect(typist.value("L"), [6.5])
    expect(typist.value("dP"), [2, 3])
    #expect(typist.equation("dP") == "dP = P - Y")
    expect(typist.value("half_sse(Y, P, reduction=mean)"), [3.25])
    expect(typist.value("half_sse(Y, P, reduction=sum)"), [6.5])
    var net = Typist("net 2 3:linear loss=sse reduction=mean")
    #expect(net.equation("L") == "L = sse(Y, Z1, reduction=mean)")
    net.type("net 2 3:linear loss=sse reduction=sum")
    #expect(net.equation("L") == "L = sse(Y, Z1)")
  }

  /// A sums to 6.6: Q = 13.2, dA = 2·Q·s, ds = 2·Q·6.6.
  @Test func einsumTakesANumber() {
    let typist = Typist(
      "model Q = einsum(\"ijk,->\", A, s); L = Q**2", "param A = reshape(arange(12) / 10, 2, 3, 2)",
      "param s = 2",
      "backward")
    expect(typist.value("dA"), [Double](repeating: 52.8, count: 12), [2, 3, 2])
    expect(typist.value("ds"), [174.24])
  }

  /// The mean of a number is that number, and its gradient has no count.
  @Test func aNumberMayBeReduced() {
    let typist = Typist("model Q = mean(w**3) + var(w) + max(w); L = Q", "param w = 2", "backward")
    expect(typist.value("L"), [10])
    expect(typist.value("dw"), [13])
  }
}
