import LinearAlgebra
import Platform
import Testing

/// Lines of NumPy, PyTorch, JAX, TensorFlow and MATLAB, with the numbers that those give.
@Suite struct AsProgramsSayTests {
  /// numpy 2: Y[np.arange(4), np.argmax(Y, axis=1)] is [1 1 1 1], np.argmax(S, 1) [2 0 1 1] for the session's S, so two of the
  /// four labels 0, 2, 1, 1 are met; beside labels by name, with the axis kept as it is here, each meets each,
  /// and that is said.
  @Test func positionsOfTheLargestAreAList() {
    var typist = Typist("forward")
    expect(typist.type("argmax(Y, axis=1)").tensors.first?.value, [0, 2, 1, 1], [4, 1])
    expect(typist.type("Y[arange(4), argmax(Y, axis=1)]").tensors.first?.value, [1, 1, 1, 1], [4])
    expect(
      typist.type("np.mean(np.argmax(S, 1, keepdims=False) == [0, 2, 1, 1])").tensors.first?.value, [0.5], [])
    expect(typist.type("argmax(Y, axis=1, keepdims=False)").tensors.first?.value, [0, 2, 1, 1], [4])
    typist.type("let labels = [0, 2, 1, 1]")
    #expect(joined(typist.text("mean(argmax(S, axis=1) == labels)")).contains("takes each of 4 with each"))
  }

  /// NumPy: (z - y) of (4, 1) and (4,) is (4, 4).
  @Test func aColumnBesideAListIsTold() {
    var typist = Typist("forward")
    let text = joined(typist.text("sum(S, axis=1) - [1, 2, 3, 4]"))
    #expect(text.contains("takes each of 4 with each, 4×4: a column (4×1) meets a list (4)"), "\(text)")
    #expect(!joined(typist.text("sum(S, axis=1) - [[1], [2], [3], [4]]")).contains("each with each"))
    #expect(!joined(typist.text("sum(S, axis=1) * [1, 2, 3]")).contains("with each"))
  }

  /// y was asked for as 4×1. NumPy with y.reshape(4, 1): z = 5.5, 0.5, 1.5, -7.5, L = (4.5² + 1.5² + 1.5² + 11.5²) / 4.
  @Test func aListBecomesTheColumnThatWasAskedFor() {
    let typist = Typist(
      "model z = X @ w + b; L = np.mean((z - y)**2)", "set w = [[1],[2]]", "set b = 0.5", "set y = [1,2,3,4]",
      "forward")
    expect(typist.value("L"), [(20.25 + 2.25 + 2.25 + 132.25) / 4], [])
  }

  @Test func ofASymmetricLossTheTargetIsWhatIsGiven() {
    let typist = Typist("model Z = X @ w; L = mse(Z, y)", "set w = [[1],[2]]", "set y = [[1],[2],[3],[4]]")
    #expect(typist.session.roles.targets == ["y"] && typist.session.roles.inputs == ["X"])
    var turned = Typist("model Z = X @ W + b; S = softmax(Z); L = cross_entropy(S, Y)", "init")
    #expect(
      joined(turned.text("forward")).contains("cross_entropy(targets, predictions) is given S as targets"))
  }

  /// CS231n's first circuit, with its numbers.
  @Test func everyInputOfACircuitHasAGradient() {
    let typist = Typist("model q = x + y; f = q * z", "set x = -2", "set y = 5", "set z = -4", "backward")
    for (name, value) in [("f", -12.0), ("dx", -4), ("dy", -4), ("dz", 3)] {
      expect(typist.value(name), [value], [])
    }
  }

  /// Samples are columns in W1 @ X: the toy batch has them so too.
  @Test func theToyBatchTurnsWithTheModel() throws {
    var typist = Typist(
      "model Z1 = W1 @ X + b1; A1 = tanh(Z1); Z2 = W2 @ A1 + b2; S = softmax(Z2, axis=0); L = -sum(Y*log(S))/m",
      "param W1 = ones(5, 2) / 4", "param b1 = zeros(5, 1)", "param W2 = ones(3, 5) / 3",
      "param b2 = zeros(3, 1)")
    #expect(typist.session.leaves["X"]?.shape == [2, 4] && typist.session.leaves["Y"]?.shape == [3, 4])
    // Three equal outputs: ln 3.
    typist.type("forward")
    expect(typist.value("L"), [log(3)], [])
  }

  /// jax.nn.gelu(-1) = -0.15880801, tf.nn.leaky_relu(-1) = -0.2, torch.norm([[3., -4.]], 1) = 7.
  @Test(arguments: [
    ("jax.nn.gelu(-1)", -0.15880800939172324), ("tf.nn.leaky_relu(-1)", -0.2),
    ("torch.norm([[3, -4]], 1)", 7),
    ("np.linalg.norm([[3, -4]])", 5), ("F.leaky_relu(-1, negative_slope=0.3)", -0.3), ("σ'(0)", 0.25),
    ("np.cosh(1)", 1.5430806348152437), ("np.log10(1000)", 3), ("np.log2(8)", 3), ("X[0,0]·W1[0,1]", -0.2),
    ("np.allclose(X, X)", 1), ("np.allclose(X, X + 1)", 0), ("np.array_equal(X, X)", 1), ("sum(X .* X)", 25),
    ("F.mse_loss(X, 0 * X, reduction='sum')", 25), ("F.elu(-1, alpha=2)", -1.2642411176571153),
  ])
  func isTheirNumber(_ line: String, _ value: Double) {
    var typist = Typist([])
    let given =
      typist.type(line).tensors.first?.value.scalarValue ?? typist.type(line).scalar("value") ?? .nan
    #expect(abs(given - value) < 1e-9, "\(line): \(given)")
  }

  /// torch: F.cross_entropy(Z, tensor([0, 2, 1, 1])) is the cross-entropy with those classes, the session's L.
  @Test func classNumbersChooseTheirLogits() {
    var typist = Typist("forward")
    let loss = typist.value("L")?.elements ?? []
    expect(typist.type("F.cross_entropy(Z2, [0, 2, 1, 1])").tensors.first?.value, loss, [])
    expect(typist.type("np.max(X, 1)").tensors.first?.value, [2, 2, 1, -2], [4, 1])
  }

  @Test(arguments: [
    ("√4", "sqrt(A)"), ("(X > 0) & (X < 1)", "(A > 0) * (A < 1)"), ("X^T", "a transpose is written .T"),
    ("\\sigma(0)", "sigmoid(Z)"), ("tf.keras.layers.Dense(3)(X)", "net 2 5:relu 3:softmax"),
    ("addmm(X, X, X)", "b + A @ B"),
    ("model yhat <- X %*% W", "yhat = X @ W"), ("model for t in range(3):", "repeat t = 1..T:"),
    ("exp X", "exp(X)"),
    ("check dZ1 = dA1 * f'(Z1)", "relu'(Z1)"), ("gradcheck method=dual h=1e-3", "leave out h=…"),
  ])
  func theHintSaysHowItIsTyped(_ line: String, _ hint: String) {
    var typist = Typist([])
    let text = typist.refusal(line).hint?.text() ?? ""
    #expect(joined(text).contains(hint), "\(line): \(text)")
  }

  /// (softmax)' at [0, 1] is S01·(δ - S0l).
  @Test func aFormulaHasAJacobian() {
    var typist = Typist("forward")
    let S = typist.value("S")?.elements ?? []
    for line in ["jacobian softmax(Z2) Z2 [0, 1]", "jacobian S by Z2 [0, 1]", "jacobian ∂S/∂Z2 [0, 1]"] {
      let row = typist.type(line).tensors.first?.value.elements.prefix(3) ?? []
      for (l, value) in row.enumerated() {
        #expect(abs(value - S[1] * ((l == 1 ? 1 : 0) - S[l])) < 1e-12, "\(line)")
      }
      #expect(row.count == 3, "\(line)")
    }
  }

  /// Kingma's usual rate is for the one step that asked for it.
  @Test func anOptimizerForOneStepLeavesTheRate() {
    var typist = Typist("update optimizer=adam")
    #expect(typist.session.settings.learningRate == 0.1)
    #expect(joined(typist.text("why v_W1[0,0]")).contains("remembers"))
    typist.type("update lr = 0.5")
    #expect(typist.session.settings.learningRate == 0.5)
  }
}

private func joined(_ text: String) -> String {
  text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
}
