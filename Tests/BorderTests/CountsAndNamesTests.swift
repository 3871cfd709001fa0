import NeuralNetworks
import Operations
import Testing

/// Counts that are read from shapes, labels, names of parameters: as programs of courses have them.
@Suite struct CountsAndNamesTests {
  /// CS231n divides by X.shape[0]: 4 rows of the toy batch, at another batch as many as there are.
  @Test(arguments: [
    "X.shape[0]", "len(X)", "X.size(0)", "np.size(X, axis=0)", "X.shape[-2]", "Y.shape[0]",
  ])
  func aCountIsRead(_ count: String) {
    var typist = Typist("forward", "backward")
    let text = joined(typist.text("check dZ2 = (S - Y) / \(count)"))
    #expect(text.contains("right in all 12 entries") && text.contains("with m = 6"), "\(count): \(text)")
  }

  @Test func aCountIsNoParameterAndNoSample() {
    var typist = Typist(
      "model N = X.shape[0]; Z = X @ W; L = sum(Z**2) / N", "set W = [[1, 2], [3, 4]]", "backward")
    // X of the toy batch: rows (1, 2), (2, -1), (-1, 1), (-2, -3); Z: (7, 10), (-1, 0), (2, 2), (-11, -16).
    expect(typist.value("L"), [(49 + 100 + 1 + 4 + 4 + 121 + 256) / 4.0], [])
    #expect(joined(typist.text("gradcheck")).contains("agree"))
    #expect("\(typist.refusal("X.shape[2]").message)".contains("no axis 2"))
  }

  /// CS231n's loss of class numbers: the rows that are counted are the samples, so that it is a cross-entropy.
  @Test func theSamplesAreCountedByTheirRows() {
    let typist = Typist(
      "model Z = X @ W; S = np.exp(Z) / np.sum(np.exp(Z), axis=1, keepdims=True); L = np.sum(-np.log(S[range(X.shape[0]), y])) / X.shape[0]",
      "set y = [0, 2, 1, 1]", "param W = zeros(2, 3)", "backward")
    #expect(typist.session.roles.targets == ["y"] && typist.session.roles.inputs == ["X"])
    #expect(typist.equation("dZ") == "dZ = (S - onehot(y, 3)) / m")
  }

  /// A size may be counted, or be a number that is known when the model is typed.
  @Test func sizesAreKnownWhenTheModelIsTyped() {
    var typist = Typist("let n = 3", "model l = P[arange(n), y]; L = mean(l)", "set P = [[1,2],[3,4],[5,6]]")
    #expect(typist.text("set y = [1, 0, 1]").isEmpty == false)
    _ = typist.text("forward")
    expect(typist.value("L"), [(2.0 + 3 + 6) / 3], [])
    #expect("\(typist.refusal("model l = P[arange(k), y]; L = mean(l)").message)".contains("k says a size"))
    let reshaped = Typist("model R = reshape(X, X.shape[1], -1); L = sum(R[0]**2)", "forward")
    expect(reshaped.value("L"), [1.0 + 4 + 4 + 1], [])
  }

  @Test func anEndOfASliceMayBeWorkedOut() {
    var typist = Typist()
    #expect(typist.text("X[:, 0:2*1]").hasPrefix("X[:,0:2] (4×2)"))
    #expect("\(typist.refusal("X[0:m]").message)".contains("whole number"))
    #expect(typist.refusal("X[0:m]").hint?.text().contains("a[arange(m)]") == true)
  }

  /// An axis that is not there is said wherever it is counted.
  @Test func anAxisThatIsNotThereIsSaid() {
    var typist = Typist()
    #expect("\(typist.refusal("reshape(X, X.shape[9], -1)").message)".contains("no axis 9"))
  }

  @Test func labelsOfAnyShapeAreMarked() {
    let typist = Typist()
    expect(typist.value("onehot([[0, 1], [2, 1]], 3)"), [1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 0], [2, 2, 3])
    expect(typist.value("np.linspace(-0.5, 0.5, num=3)"), [-0.5, 0, 0.5], [3])
  }

  /// W @ X + b with samples in columns: logits (8, 0, 3, -10), (6, 5, 1, -5), (7, 1, 5, -3); NumPy's cross-entropy of the
  /// classes 0, 2, 1, 1 is 2.675753338679491.
  @Test func labelsOfColumnsAreColumns() {
    let typist = Typist(
      "model Z = W @ X + b; A = softmax(Z, axis=0); L = -1/m*sum(Y*log(A))", "set W = [[1,3],[2,1],[0,2]]",
      "set b = [[1],[2],[3]]", "set Y = [0,2,1,1]", "forward")
    #expect(abs((typist.value("L")?.scalarValue ?? 0) - 2.675753338679491) < 1e-12)
    #expect(typist.session.leaves["Y"]?.shape == [3, 4])
  }

  @Test func classesAreCountedByThePredictions() {
    let typist = Typist("set Y = [[1,0,0,0],[0,1,1,0],[0,0,0,1]]", "set Y = [0,2,1,1]")
    #expect(typist.session.leaves["Y"]?.shape == [4, 3])
  }

  /// b2 was 1×3 in the network before; beside W2 of one column it is one number. NumPy: J = 0.69394.
  @Test func aNumberFillsWhatTheEquationsAskForNow() {
    let typist = Typist(
      "model Z1 = X @ W1 + b1; A1 = tanh(Z1); Z2 = A1 @ W2 + b2; A2 = sigmoid(Z2); J = -1/m * sum(Y*log(A2) + (1-Y)*log(1-A2))",
      "set W2 = [[0.5],[-0.3],[0.2],[0.1],[0.7]]", "set b2 = 0.1", "set Y = [[1],[0],[0],[1]]", "forward")
    #expect(typist.value("A2")?.shape == [4, 1])
    #expect(abs((typist.value("J")?.scalarValue ?? 0) - 0.6939) < 5e-5)
  }

  /// Of several losses each has a target of its own, and nobody wants a gradient of one.
  @Test(arguments: [
    "O1 = X @ W; l1 = F.cross_entropy(O1, T1); O2 = X @ V; l2 = F.cross_entropy(O2, T2); L = (l1 + l2)/2",
    "O1 = X @ W; E1 = 1/2*sum((T1 - O1)**2); O2 = X @ V; E2 = 1/2*sum((T2 - O2)**2); L = E1 + E2",
  ]) func everyLossHasATarget(_ model: String) {
    let typist = Typist("model \(model)")
    #expect(typist.session.roles.targets == ["T1", "T2"], "\(typist.session.roles.inputs)")
    #expect(typist.session.roles.inputs == ["X"])
  }

  @Test(arguments: [
    ("H = tanh(X @ W_xh + b_h); O = H @ W_hq + b_q; L = mse(Y, O)", ["W_xh", "b_h", "W_hq", "b_q"]),
    ("h = (C[w1] + C[w2])/2; u = h @ U; L = F.cross_entropy(u, Y)", ["C", "U"]),
    ("S = softmax(Q @ K.T); O = S @ V; L = mse(Y, O)", []),
    ("p = xb @ weights + bias; L = F.cross_entropy(p, yb)", ["weights", "bias"]),
    ("s = X @ Wsigma + bsigma; L = mse(Y, s)", ["Wsigma", "bsigma"]),
    ("n = bngain * X + bnbias; L = mse(Y, n)", ["bngain", "bnbias"]),
    ("Z = Words @ W; L = mse(batch, Z)", ["W"]),
  ]) func parametersGoByWhatTheyAreCalledAndHowTheyAreRead(_ model: String, _ trained: [String]) {
    #expect(Set(Typist("model \(model)").session.model.parameters) == Set(trained))
  }

  @Test func whatFitsIsKeptWhenAModelIsTypedAgain() {
    var typist = Typist("model causal")
    let weights = typist.session.leaves["WQ"]
    let text = joined(
      typist.text(
        "model Q = X @ WQ; K = X @ WK; V = X @ WV; M = tril(ones(m, m)); S = where(M, Q @ K.T / sqrt(3), -inf); A = softmax(S); O = A @ V; L = mse(Y, O)"
      ))
    #expect(weights != nil && typist.session.leaves["WQ"] == weights && !text.contains("forgotten"))
    #expect(
      said(Typist(), "model Z1 = X @ W1 + b1; L = sum(Z1**2)").contains("in the model before: W1, b1"))
  }

  /// Four rows of a table are read, and 80 numbers added to its gradient: no product is computed.
  @Test func aRowThatIsReadCostsNothing() throws {
    var typist = Typist(
      "model emb = C[ids]; L = sum(emb**2)", "set ids = [0, 1, 2, 1]", "param C = randn(50, 20, seed=1)")
    let lines = typist.text("cost").split(separator: "\n")
    let read = try #require(lines.first { $0.hasPrefix("emb ") })
    let added = try #require(lines.first { $0.hasPrefix("dC ") })
    #expect(read.split(separator: " ").dropFirst(2).prefix(4) == ["0", "0", "0", "0"], "\(read)")
    #expect(added.split(separator: " ").dropFirst(2).prefix(4) == ["0", "80", "0", "0"], "\(added)")
  }

  /// exp and its sum are taken as one softmax with what divides by it: the change goes through them all the same.
  @Test(arguments: [
    "c = exp(Z); s = sum(c, axis=1); p = c/s; L = -sum(Y*log(p))/m",
    "lse = log(sum(exp(Z), axis=1)); lp = Z - lse; L = -sum(Y*lp)/m",
  ]) func aSoftmaxOfSeveralStepsIsDerived(_ rest: String) {
    var typist = Typist("model Z = X @ W; \(rest)", "set W = [[1,2,3],[4,5,6.5]]", "fused off")
    for name in ["dZ", "dW"] {
      let text = joined(typist.text("derive \(name)"))
      #expect(text.contains("checked: every line equals") && !text.contains("do not agree"), "\(text)")
    }
  }

  @Test func everySumSaysWhereItsValueWasCopied() {
    let text = said(Typist("model rnn"), "why db")
    for t in 1...3 { #expect(text.contains("every row of q\(t) (4×5) in q\(t) = "), "\(text)") }
    #expect(!said(Typist("model cnn"), "why dW1").contains("on which the slope depends"))
  }

  /// NumPy's and PyTorch's ways to put an axis of one in and to leave it out.
  @Test(arguments: [
    ("X[:, None]", [4, 1, 2]), ("X[:, np.newaxis, :]", [4, 1, 2]), ("X[0, None]", [1, 2]),
    ("X[None]", [1, 4, 2]), ("X.unsqueeze(-1)", [4, 2, 1]), ("np.expand_dims(X, 0)", [1, 4, 2]),
    ("np.squeeze(X[0:1])", [2]), ("sum(X, axis=1).squeeze(1)", [4]), ("squeeze(sum(X))", []),
    ("W1.transpose(-2, -1)", [5, 2]), ("X.sum((0, 1))", [1, 1]), ("sum(X, (0, 1))", [1, 1]),
  ]) func axesOfOneComeAndGo(_ formula: String, _ shape: [Int]) {
    #expect(Typist().value(formula)?.shape.dimensions == shape)
  }

  @Test func aNewAxisMeansEachWithEach() {
    var typist = Typist("let v = [1, 2, 3]")
    #expect(!joined(typist.text("v[:, None] * v")).contains("each of 3"))
    expect(typist.value("v[:, None] * v"), [1, 2, 3, 2, 4, 6, 3, 6, 9], [3, 3])
  }

  /// A loss that the trace fuses is the same to whoever asks how it is derived, and an exp over its sum is a softmax.
  @Test func whatIsRecognisedIsDerived() {
    let weights = "set W = [[1,2,3],[4,5,6.5]]"
    let typed = Typist("model Z = X @ W; S = softmax(Z); L = -sum(Y*log(S))/m", weights)
    for question in ["derive cross_entropy", "derive softmax_cross_entropy"] {
      #expect(!said(typed, question).contains("this model has no"), "\(question)")
    }
    let exponentials = Typist(
      "model Z = X @ W; S = exp(Z)/sum(exp(Z), axis=1); L = -sum(Y*log(S))/m", weights)
    #expect(!said(exponentials, "derive softmax").contains("this model has no"))
    #expect(said(exponentials, "jacobian softmax 0").contains("Every row sums to 0"))
  }

  /// 2 channels of 4×4, pooled to 2×2: 8 numbers for each image.
  @Test func theSizeOfWhatIsFlattenedFollows() {
    let typist = Typist(
      "model r = relu(conv2d(x, w, pad=1)); f = flatten(maxpool(r, 2)); s = f @ W; L = cross_entropy(Y, softmax(s))",
      "set x = randn(2,3,4,4,seed=1)", "param w = randn(2,3,3,3,seed=2)", "set Y = [[1,0,0],[0,1,0]]", "init")
    #expect(typist.session.leaves["W"]?.shape == [8, 3])
  }

  @Test func aBiasOfColumnsTakesAList() {
    let typist = Typist(
      "model Z = W @ X + b; A = softmax(Z, axis=0); L = -sum(Y*log(A))/m", "set W = [[1,3],[2,1],[0,2]]",
      "set b = [1, 2, 3]")
    #expect(typist.session.leaves["b"]?.shape == [3, 1])
  }

  @Test func aLoopKeepsItsLetterInEveryNotation() {
    var typist = Typist("notation column", "model rnn")
    let equations = typist.text("equations").split(separator: "\n").filter { !$0.hasPrefix("as ") }
    #expect(equations.contains { $0.contains("repeat t = 1..3") })
  }

  @Test func aRuleIsSaidOfTheCallAtHand() {
    #expect(!said(Typist("model attention"), "why dS").contains("axis=axis"))
    #expect(!said(Typist("model cnn"), "why dW1").contains("pad=pad"))
  }

  /// The class numbers stand in the loss itself. NumPy with W = 0: every S is 1/3.
  @Test func classNumbersMayBeWrittenDown() {
    let typist = Typist(
      "model Z = X @ W; S = softmax(Z); L = -mean(log(S[arange(m), [0,2,1,1]]))", "param W = zeros(2, 3)",
      "backward")
    #expect(typist.backwardNames.first == "dZ")
    expect(typist.value("dZ[1]"), [1.0 / 12, 1.0 / 12, -1.0 / 6], [3])
  }

  /// In column notation W1 is shown as W0, and another matrix is W1.
  @Test func whatAnOptimiserRemembersGoesByTheNameThatIsShown() {
    let typist = Typist("notation column", "backward")
    let text = said(typist, "update optimizer=momentum")
    #expect(text.contains("v_W0 (2×5)") && text.contains("W0 - lr * v_W0"), "\(text)")
    #expect(
      said(Typist("notation column", "update optimizer=momentum"), "why v_W0[0,0]").contains("remembers"))
  }

  @Test(arguments: [
    ("check dW1[i,j] = Σ_k X[k,i]·dZ1[k,j]", "X.T @ dZ"), ("check dW2[i,0] = 1", "dW2[0,0]"),
    ("dZ2[range(m), [0,2,1,1]] -= 1", "let d = dZ2"), ("dZ2 /= 4", "let d = dZ2"),
  ]) func hintsLeadToWhatWorks(_ line: String, _ words: String) {
    var typist = Typist("backward")
    #expect(typist.refusal(line).hint?.text().contains(words) == true)
  }

  /// CBOW: the mean over the words of a context keeps their axis.
  @Test func anAxisThatAMeanKeptIsNamed() {
    var typist = Typist(
      "model h = mean(C[ctx], axis=1); S = softmax(h @ U); L = cross_entropy(Y, S)",
      "param C = randn(4, 2, seed=1)",
      "set ctx = [[0, 1], [2, 3], [1, 3]]", "param U = randn(2, 4, seed=2)", "set Y = onehot([1, 2, 0], 4)")
    #expect(typist.refusal("forward").hint?.text().contains("keepdims=False") == true)
  }

  @Test(arguments: ["rows", "columns"]) func aWeightIsSummedOverTheSamples(_ layout: String) {
    let typist = Typist("net 2 5:relu 3:softmax layout=\(layout)", "backward")
    for name in ["dW1", "dW2"] {
      #expect(said(typist, "why \(name)").contains("over the samples: every sample reads"), "\(name)")
    }
  }

  /// Around the image is 0, and not the half that sigmoid makes of it: of 16 entries of the output only those over the image
  /// move with the corner of a kernel, 9 of them, each by sigmoid of the pixel beside it.
  @Test func whatLiesOutsideIsNoValueOfAFunction() throws {
    var typist = Typist(
      "model Z = conv2d(sigmoid(X), W, pad=1); L = sum(Z)", "set X = zeros(1,1,4,4)",
      "param W = ones(1,1,3,3)")
    let J = try #require(typist.type("jacobian Z W --full").tensors.values.first { $0.count == 144 })
    for entry in 0..<16 {
      let isInside = entry / 4 > 0 && entry % 4 > 0
      #expect(J.elements[entry * 9] == (isInside ? 0.5 : 0), "\(entry)")
    }
  }
}

private func joined(_ text: String) -> String {
  text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
}

private func said(_ typist: Typist, _ line: String) -> String {
  var typist = typist
  return joined(typist.text(line))
}
