import Commands
import Formulas
import LinearAlgebra
import NeuralNetworks
import Sessions
import Testing

/// Hessians, their products with vectors, and the gradients of single samples.
@Suite struct SecondOrderTests {
  /// jax.hessian's documentation: g(x) = x0³ − 2·x0·x1 − x1⁶ at (1, 2).
  @Test func theHessianOfTheJaxDocumentation() throws {
    var typist = Typist("model hessian")
    let report = typist.type("hessian x")
    expect(report.tensors["H"], [6, -2, -2, -480], [2, 2])
    #expect(try #require(report.scalar("asymmetry")) < 1e-15)
    // x alone is trained: it need not be named.
    expect(typist.type("hessian").tensors["H"], [6, -2, -2, -480], [2, 2])
    expect(typist.type("hvp x [1, -1]").tensors["Hv"], [8, 478], [2])
  }

  /// Logistic regression has its Hessian in closed form: Xᵀ·diag(p(1 − p))·X / m (Bishop, "Pattern Recognition and
  /// Machine Learning", 4.97), and linear regression 2·XᵀX / m.
  @Test func closedForms() throws {
    var typist = Typist("model logistic", "forward")
    let logistic = typist.type("hessian w").tensors["H"]
    expect(logistic, try #require(typist.value("X.T @ (y * (1 - y) * X) / 5")).elements, [3, 3])
    typist.type("model regression")
    expect(
      typist.type("hessian w").tensors["H"], try #require(typist.value("2 * X.T @ X / 5")).elements, [3, 3])
    expect(
      typist.type("hessian w b").tensors["H"],
      try #require(typist.value("2 * sum(X, axis=0).T / 5")).elements, [3, 1])
  }

  @Test(arguments: [
    "net 2 5:tanh 3:softmax", "net 2 3:sigmoid 1:sigmoid", "model attention", "model rnn", "model layernorm",
  ])
  func itAgreesWithDifferencesOfGradients(_ model: String) throws {
    var typist = Typist(model)
    let parameters = typist.session.model.parameters
    let name = try #require(parameters.first)
    let report = typist.type("hessian \(name)")
    #expect(try #require(report.scalar("forward_mode_difference")) < 1e-10)
    #expect(try #require(report.scalar("max_relative_error")) < 1e-6)
    #expect(try #require(report.scalar("asymmetry")) < 1e-10)
    let H = try #require(report.tensors["H"])
    let shape = try #require(typist.session.leaves[name]).shape
    typist.type(
      "let direction = \(shape.dimensions.map(String.init).joined(separator: ",")), seed=7)".replacingStart)
    let v = try #require(typist.value("direction")),
      product = try #require(typist.type("hvp \(name) direction").tensors["Hv"])
    for row in 0..<v.count {
      let sum = (0..<v.count).reduce(0) { $0 + H.elements[row * v.count + $1] * v.elements[$1] }
      #expect(abs(sum - product.elements[row]) < 1e-10)
    }
  }

  /// Models that are made of gradients already, or whose backward pass is: torch.autograd.functional.hessian in float64,
  /// with torch.nn.functional.conv2d, max_pool2d and avg_pool2d.
  @Test(arguments: [
    (
      "L = sum(maxpool(conv2d(X, W, pad=1), 2, stride=1)**3)",
      [
        41.53737603250808, -22.34577883068606, 29.07842272869744, -11.256008359874333,
        -22.34577883068606, 26.912785447414976, -15.461540498636083, 16.82575344637207,
        29.078422728697436, -15.461540498636081, 45.68042485261421, -31.104267704361618,
        -11.256008359874333, 16.825753446372072, -31.104267704361618, 34.7357804492391,
      ]
    ),
    (
      "L = sum(avgpool(conv2d(X, W, stride=2, pad=1), 2, stride=1)**3)",
      [
        2.644820693481549, -1.072716576183033, 1.467143914679161, -0.4107577131253365,
        -1.072716576183033, 0.020922184151514048, -0.4107577131253365, -0.4463948440412521,
        1.467143914679161, -0.4107577131253365, 0.7006012153143908, 0.1360955406134428,
        -0.4107577131253365, -0.44639484404125207, 0.13609554061344287, -1.0388039858531062,
      ]
    ),
  ]) func windowsHaveSecondDerivatives(_ model: String, _ expected: [Double]) throws {
    var typist = Typist(
      "model \(model)", "set X = reshape(sin(3 * arange(16)), 1, 1, 4, 4)",
      "param W = [[[[1, -0.5], [0.3, 2]]]]")
    let report = typist.type("hessian W")
    expect(report.tensors["H"], expected, [4, 4])
    #expect(try #require(report.scalar("forward_mode_difference")) < 1e-12)
  }

  /// torch.autograd.functional.hessian and jacobian of J = torch.diag_embed(S) - S[:, :, None] * S[:, None, :].
  @Test func aJacobianIsDifferentiatedAsAnyStep() {
    var typist = Typist(
      "model C = contract(G, softmax'(z)); L = sum(C**2)", "param z = [[1, 2, -1], [0.5, 0, 0.25]]",
      "set G = [[1, -2, 3], [0.5, 1, 2]]")
    let first = [
      -0.006799288689068901, 0.14012883440179305, -0.13332954571272412, 0.14012883440179302,
      -0.15416927915164783, 0.014040444749855075, -0.13332954571272415, 0.014040444749855085,
      0.11928910096286903,
    ]
    let second = [
      -0.0849571746664143, 0.021885549102074922, 0.06307162556433936, 0.021885549102074922,
      -0.016966167722730015, -0.004919381379344939, 0.06307162556433936, -0.004919381379344938,
      -0.058152244184994435,
    ]
    let H = (0..<36).map { at -> Double in
      let (row, column) = (at / 6, at % 6)
      if row < 3, column < 3 { return first[row * 3 + column] }
      return row > 2 && column > 2 ? second[(row - 3) * 3 + column - 3] : 0
    }
    expect(typist.type("hessian z").tensors["H"], H, [6, 6])
    typist.type("model L = sum(softmax'(z)**3)")
    typist.type("backward")
    expect(
      typist.value("dz"),
      [
        0.0022964920573772325, -0.005733432210430053, 0.0034369401530528264, -0.006327317134104331,
        0.005376016469085176, 0.0009513006650191538,
      ], [2, 3])
  }

  /// jax in float64, with jax.lax.stop_gradient for detach: jax.jacrev, jax.jvp of jax.grad, jax.hessian.
  @Test func whatIsDetachedIsHeldFixed() throws {
    var typist = Typist("model A = tanh(detach(C) * C); L = sum(A)", "param C = [0.891, 1.86]")
    expect(
      typist.type("jacobian A C").tensors["dA/dC"],
      [0.5021720549082679, 0, 0, 0.007340814938541877], [2, 2])
    let product = typist.type("hvp C [1, 2]"), hessian = typist.type("hessian C")
    expect(product.tensors["Hv"], [-0.5911533077624919, -0.05450778146612465], [2])
    expect(hessian.tensors["H"], [-0.5911533077624919, 0, 0, -0.027253890733062325], [2, 2])
    for report in [product, hessian] {
      #expect(try #require(report.scalar("max_relative_error")) < 1e-8)
    }
  }

  /// A direction has a number for every entry: one number for all is another direction than the one that was meant.
  @Test func aDirectionHasANumberForEveryEntry() {
    var typist = Typist("model hessian")
    for vector in ["1", "[1]", "[1, 2, 3]", "ones(2, 2)"] {
      #expect(typist.refusal("hvp x \(vector)").message.text().contains("the vector has the shape of x, 2"))
    }
    expect(typist.type("hvp x [1; -1]").tensors["Hv"], [8, 478], [2])
    typist.type("model regression")
    expect(typist.type("hvp b 1").tensors["Hv"], [2], [])
  }

  /// Each sample's gradient is that of a session in which it stands alone.
  @Test(arguments: ["net 2 5:relu 3:softmax", "net 3 4:tanh 2 layout=columns", "model lstm"])
  func aSampleAlone(_ model: String) throws {
    var typist = Typist(model)
    let name = try #require(typist.session.model.parameters.last)
    let each = try #require(typist.type("show d\(name) per sample").tensors["d\(name)"])
    let m = try #require(typist.session.roles.sampleCount)
    #expect(each.shape.dimensions.first == m)
    let size = each.count / m
    typist.type("backward")
    let whole = try #require(typist.value("d\(name)"))
    for i in 0..<size {
      let mean = (0..<m).reduce(0) { $0 + each.elements[$1 * size + i] } / Double(m)
      #expect(abs(mean - whole.elements[i]) < 1e-12)
    }
    let roles = typist.session.roles
    for leaf in roles.batched {
      typist.type("set \(leaf) = \(roles.sampleAxes[leaf] == 1 ? "\(leaf)[:, 1:2]" : "\(leaf)[1:2]")")
    }
    typist.type("backward")
    expect(typist.value("d\(name)"), Array(each.elements[size..<2 * size]))
  }

  @Test func samplesThatMeetDoNotAddUp() {
    var typist = Typist("model batchnorm")
    #expect(typist.text("show dW1 per sample").contains("neither their mean nor their sum"))
    var attention = Typist("model attention")
    #expect(attention.refusal("show dWQ per sample").message.text().contains("S has an entry for every pair"))
    #expect(typist.refusal("show dQ per sample").message.text().contains("no gradient of a parameter"))
    #expect(typist.refusal("hessian L2").marks == [8..<10])
    #expect(typist.refusal("hvp W1 [1, 2, 3]").message.text().contains("2×4"))
  }
}

extension String {
  fileprivate var replacingStart: String { replacing("let direction = ", with: "let direction = randn(") }
}
