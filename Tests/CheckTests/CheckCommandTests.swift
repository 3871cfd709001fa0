import Commands
import Reports
import Testing

@Suite struct CheckCommandTests {
  @Test func aRightFormulaIsRightEverywhere() {
    var c = Conversation()
    let report = c.run("check dW1 = X.T @ ((S - Y) / m @ W2.T * relu'(A1))")
    #expect(scalar("correct", report) == 1)
    #expect(scalar("general", report) == 1)
    #expect(report?.diagnosis == [])
  }

  @Test func reluAtAIsHarmlessAndSigmoidAtAIsNot() {
    var c = Conversation()
    #expect(scalar("correct", c.run("check dZ1 = dA1 * relu'(A1)")) == 1)
    c.run("net 2 4:sigmoid 3:softmax")
    #expect(
      c.diagnosis("check dZ1 = dA1 * sigmoid'(A1)") == [
        "activation-derivative-at-wrong-argument", "activation-for-preactivation",
      ])
  }

  @Test func exactDiagnosesOfFormulas() {
    var c = Conversation()
    #expect(c.diagnosis("check dZ1 = dA1") == ["missing-activation-derivative"])
    #expect(c.diagnosis("check db2 = dZ2") == ["bias-not-summed"])
    #expect(c.diagnosis("check dZ2 = (Y - S) / m") == ["wrong-sign"])
    #expect(c.diagnosis("check dZ2 = S - Y") == ["missing-mean", "sum-for-mean", "gradient-of-sum-loss"])
    #expect(c.diagnosis("check dZ2 = (S - Y) / m * S * (1 - S)") == ["sigmoid-derivative-on-softmax"])
    #expect(c.diagnosis("check dZ2 = -Y / S / m * S * (1 - S)") == ["diagonal-jacobian"])
    #expect(c.diagnosis("check dA1 = dZ2 @ (W2 - lr * dW2).T") == ["updated-weights"])
    #expect(c.diagnosis("check dW1 = (X.T @ dZ1).T")?.contains("transposed") == true)
    #expect(c.diagnosis("check dW1 = 7 * dW1") == [])
  }

  /// A mean over the samples has m of them, here 4, one over all entries 4·3; K = 3 alone is a third count, and no pair.
  @Test func countsAreToldApart() {
    var c = Conversation()
    #expect(c.diagnosis("check dZ2 = (S - Y) / 3") == ["mean-over-classes"])
    #expect(c.diagnosis("check dZ2 = (S - Y) / 12") == ["mean-over-classes"])
    c.run("net 2 5:relu 3:sigmoid")
    #expect(c.diagnosis("check dZ2 = (A2 - Y) / m") == ["mean-over-classes"])
    #expect(c.diagnosis("check dZ2 = (A2 - Y) / 12") == [])
    #expect(scalar("correct", c.run("check dZ2 = (A2 - Y) / 12")) == 1)
  }

  @Test func theLearningRateOfTheSessionCounts() {
    var c = Conversation("set lr = 0.5")
    #expect(c.diagnosis("check dA1 = dZ2 @ (W2 - 0.5 * dW2).T") == ["updated-weights"])
    #expect(c.diagnosis("check dA1 = dZ2 @ (W2 - 0.4 * dW2).T") == [])
  }

  @Test func rightOnlyBecauseMIsOne() {
    var c = Conversation("set Y = [[0, 0, 1]]", "set X = [[16, -6]]")
    let report = c.run("check dZ2 = S - Y")
    #expect(scalar("correct", report) == 1)
    #expect(scalar("general", report) == 0)
    #expect(report?.diagnosis == [])
    #expect(c.text("check dZ2 = S - Y").contains("only because m = 1"))
    #expect(c.text("check dZ2 = S - Y").contains("missing-mean"))
  }

  @Test func rightByCoincidence() {
    // No pre-activation is negative, so the mask is all ones with these numbers.
    var c = Conversation("set b1 = [5, 5, 5, 5, 5]")
    let text = c.text("check dZ1 = dA1")
    #expect(text.contains("only by coincidence"))
    #expect(text.contains("missing-activation-derivative"))
  }

  @Test func typedNumbersCountToTheirDigits() {
    var c = Conversation()
    #expect(scalar("correct", c.run("check db1 = [-0.0472, 0.0257, 0.1069, 0.0130, -0.1649]")) == 1)
    #expect(scalar("correct", c.run("check db1 = [-0.0472, 0.0267, 0.1069, 0.0130, -0.1649]")) == 0)
    #expect(scalar("correct", c.run("check L = 1.04")) == 1)
    #expect(scalar("correct", c.run("check dW1[0, 1] = 0.119")) == 1)
  }

  @Test func shapesComeFirst() {
    var c = Conversation()
    #expect(c.text("check dW1 = dZ1.T @ X").hasPrefix("dW1 is 2×5, the shape of W1; yours is 5×2\n"))
    #expect(c.failure("check dW1 = A1 @ dZ2")?.hasPrefix("cannot multiply A1") == true)
    for given in ["X", "m", "lr"] { #expect(c.failure("check \(given) = X")?.contains("is given") == true) }
    #expect(c.failure("check") != nil)
    #expect(c.failure("check Q = 1") != nil)
  }

  /// Figures of github.com/g-eoj/cs231n, two-layer backprop, and what each mistake makes of them (float64, NumPy).
  /// m = 1 hides the mistakes about the mean.
  @Test func publishedCase() {
    var c = Conversation(
      "net 2 2:relu 3:softmax", "set Y = [[0, 0, 1]]", "set X = [[16, -6]]",
      "set W1 = [[0.18, 0.04], [0.1, 0.22]]", "set b1 = [0, 0]",
      "set W2 = [[0.19, -0.1, 0.1], [-0.02, -0.01, 0.04]]", "set b2 = [0, 0, 0]", "set lr = 0.5")
    #expect(c.diagnosis("check dW1 = [[-0.09093375673932373, 0.0], [0.0341001587772464, 0.0]]") == [])
    let fixtures: [(String, String)] = [
      ("wrong-sign", "[[0.09093375673932373, 0.0], [-0.0341001587772464, 0.0]]"),
      (
        "missing-activation-derivative",
        "[[-0.09093375673932373, -0.5890830344878768], [0.0341001587772464, 0.2209061379329538]]"
      ),
      (
        "activation-derivative-at-wrong-argument",
        "[[-0.09093375673932373, -0.5890830344878768], [0.0341001587772464, 0.2209061379329538]]"
      ),
      ("softmax-wrong-axis", "[[1.44, 0.0], [-0.54, 0.0]]"),
      ("updated-weights", "[[-12.062772535397634, 0.0], [4.523539700774113, 0.0]]"),
      ("diagonal-jacobian", "[[-1.0408691973871362, 0.0], [0.3903259490201761, 0.0]]"),
      (
        "sigmoid-derivative-on-softmax",
        "[[0.021779498975025412, 0.0], [-0.00816731211563453, 0.0]]"
      ),
    ]
    for (id, values) in fixtures {
      let report = c.run("check dW1 = \(values)")
      #expect(report?.diagnosis?.contains(id) == true, "\(id), got \(report?.diagnosis ?? [])")
    }
  }

  @Test func typedModels() {
    var c = Conversation(
      "model Z = X @ W; A = tanh(Z); B = A + X @ V; L = sum((B - Y)**2) / m; ", "set X = randn(3, 2, seed=1)",
      "set Y = randn(3, 2, seed=2)", "param W = randn(2, 2, seed=3)", "param V = randn(2, 2, seed=4)")
    #expect(scalar("correct", c.run("check dV = 2 * X.T @ (B - Y) / m")) == 1)
    #expect(c.diagnosis("check dW = X.T @ (2 * (B - Y) / m)") == ["missing-activation-derivative"])
    #expect(c.diagnosis("check dV = 2 * X.T @ (B - Y)")?.contains("missing-mean") == true)
    #expect(
      c.diagnosis("check dV = X.T * dB") == ["hadamard-for-product"] || c.run("check dV = X.T * dB") == nil)
  }

  /// Two gradients as they were published, each wrong. By hand: the student's dX of a batch norm is dZ / N, its statistics
  /// held constant; the course blog's dW ("RNN back-propagation with numbers", thsis/INFOSYS) is
  /// (y - y_hat)·w ⊙ ((1 - h3²) U) ⊙ ((1 - h2²) U) ⊙ (1 - h1²)·x1: the sign of the loss, products of vectors where the slope
  /// belongs between them, and the longest path alone.
  @Test func whatPublishedGradientsHaveWrong() {
    var c = Conversation(
      "model h1 = tanh(x1 * W); h2 = tanh(x2 * W + U @ h1); h3 = tanh(x3 * W + U @ h2); y_hat = w @ h3; L = half_sse(y, y_hat)",
      "set x1 = 0.2", "set x2 = 0.3", "set x3 = 0.4", "set y = 7", "param W = [2, 1]",
      "param U = [[1, 2], [3, 4]]", "param w = [2, 4]")
    let found = c.diagnosis("check dW = [0.00034735, 0.00272708]") ?? []
    for id in ["wrong-sign", "hadamard-for-product", "one-path-only"] {
      #expect(found.contains(id), "\(found)")
    }
    let text = c.text("check dW = [0.00034735, 0.00272708]")
    for line in [
      "wrong-sign, hadamard-for-product and one-path-only", "with  dy_hat = y - y_hat",
      "with  dh2 = dh3 * (U.T @ (1 - h3**2))", "with  dh1 = dh2 * (U.T @ (1 - h2**2))",
      "with  dW = dh1 * (1 - h1**2) * x1",
    ] { #expect(text.contains(line), "\(text)") }
    // Numbers of nobody's are explained by no three of them.
    #expect(c.diagnosis("check dW = [0.00034712, 0.00272731]") == [])
    // Whether the input is trained, and so no sample is counted, or given.
    for word in ["param", "set"] {
      var norm = Conversation(
        "model Z = batch_norm(X, gamma, beta, eps=1e-12); L = sum(Z * G)",
        "\(word) X = [[1, 2, 3], [3, 4, 5]]",
        "param gamma = [1, 1, 1]", "param beta = [1, 2, 3]", "set G = [[-1, 0, 1], [1, 2, -1]]")
      #expect(
        norm.diagnosis("check dX = [[-0.5, 0, 0.5], [0.5, 1, -0.5]]") == ["statistics-held-constant"],
        "\(word)")
    }
  }
}
