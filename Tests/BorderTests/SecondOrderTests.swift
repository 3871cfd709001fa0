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
    #expect(typist.refusal("show dQ per sample").message.text().contains("no gradient of a parameter"))
    #expect(typist.refusal("hessian L2").marks == [8..<10])
    #expect(typist.refusal("hvp W1 [1, 2, 3]").message.text().contains("2×4"))
  }
}

extension String {
  fileprivate var replacingStart: String { replacing("let direction = ", with: "let direction = randn(") }
}
