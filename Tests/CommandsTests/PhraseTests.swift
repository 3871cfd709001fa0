import Commands
import Sessions
import Testing

/// Lines of Python are read as what they are here, or answered with it.
@Suite struct PhraseTests {
  @Test(arguments: [
    ("loss.backward()", "backward"), ("optimizer.step()", "update"), ("print(W1)", "show W1"),
    ("print(X @ W1)", "show X @ W1"), ("W1.shape", "show W1"),
    ("np.allclose(A, B)", "min(abs(A - (B)) <= 1e-8 + 1e-5 * abs(B))"),
    ("exit()", "quit"),
    ("help(step)", "help step"),
    ("step?", "help step"),
  ])
  func aPhraseIsACommand(_ text: String, _ command: String) {
    #expect(Phrase.meaning(of: text) == .command(command))
  }

  @Test(arguments: [
    "for i in range(10): update", "import numpy as np", "optimizer.zero_grad()", "def f(x): return x",
  ])
  func othersAreAnswered(_ text: String) {
    guard case .advice? = Phrase.meaning(of: text) else {
      Issue.record("\(text)")
      return
    }
  }

  @Test(arguments: [
    "forward", "X @ W1", "backward", "step 2", "X.dot(W1)", "show W1", "printer(X)", "S.sum(axis=1)",
    "update", "set n = X.shape", "(X @ W1).shape",
  ])
  func whatIsNoPhraseIsNone(_ text: String) { #expect(Phrase.meaning(of: text) == nil) }

  /// What goes wrong is marked in the line that was typed.
  @Test func aMistakeIsMarkedWhereItWasTyped() throws {
    var workspace = Workspace(commands: .standard)
    guard case .failure(let diagnostic)? = Interpreter.run("lr; print(W9)", in: &workspace).last?.result
    else {
      Issue.record("it worked")
      return
    }
    #expect(diagnostic.source == "lr; print(W9)")
    #expect(diagnostic.marks == [4..<13])
    #expect(diagnostic.message.text().contains("W9"))
  }

  @Test func whatIsRunIsSaid() throws {
    var workspace = Workspace(commands: .standard)
    let outcome = try #require(Interpreter.run("loss.backward()", in: &workspace).first)
    let report = try outcome.result.get()
    #expect(SessionEnvironment(workspace.session).value(of: "dW1") != nil)
    guard case .text(let note, .note)? = report.blocks.last else {
      Issue.record("no note")
      return
    }
    #expect(note.text() == "as 'backward'")
  }
}

/// What people paste of a whole program, in a session whose pass has run.
@Suite struct PastedProgramTests {
  private func outcome(_ line: String) -> Interpreter.Outcome? {
    var workspace = Workspace(commands: .standard)
    for start in ["backward", "let labels = [0, 2, 1, 0]", "let A = X", "let B = X"] {
      _ = Interpreter.run(start, in: &workspace)
    }
    return Interpreter.run(line, in: &workspace).last
  }

  /// The same numbers as a formula of the language.
  @Test(arguments: [
    ("np.maximum(0, Z1)", "A1"), ("(S - Y) / m", "dZ2"), ("np.dot(X, W1) + b1", "Z1"),
    ("np.sum(dZ2, axis=0, keepdims=True)", "db2"), ("1 / (1 + np.exp(-Z1))", "sigmoid(Z1)"),
    ("A1.T.dot(dZ2)", "dW2"), ("X.reshape(-1, 1)", "reshape(X, 8, 1)"), ("np.zeros((2, 3))", "zeros(2, 3)"),
    ("np.eye(3)[labels]", "onehot(labels, 3)"), ("F.cross_entropy(Z2, Y)", "L"),
    ("F.cross_entropy(Z2, onehot(labels, 3))", "cross_entropy(onehot(labels, 3), S)"),
    ("(Z1 > 0).astype(float)", "relu'(Z1)"),
    ("np.exp(Z2) / np.sum(np.exp(Z2), axis=1, keepdims=True)", "S"), ("dA1 * (Z1 > 0)", "dZ1"),
    ("-np.sum(Y * np.log(S)) / m", "L"), ("np.mean((A - B)**2)", "0"), ("W1.grad", "dW1"),
    ("np.where(Z1 > 0, dA1, 0)", "dZ1"), ("[np.float64(0.5), np.int64(2), np.True_]", "[0.5, 2, 1]"),
    (">>> np.matmul(X, W1)", "X @ W1"), ("In [12]: X.T", "X.T"), ("Out[3]: array([1., 2.])", "[1, 2]"),
    ("torch.tensor([[1., 2.]], requires_grad=True)", "[[1, 2]]"),
    // PyTorch divides by n - 1, NumPy by n: torch.var of the first batch is 3.5536.
    ("torch.var(X)", "var(X, ddof=1)"), ("torch.std(X, 0)", "std(X, axis=0, ddof=1)"),
    ("np.var(X)", "var(X)"),
    ("X.var(axis=0)", "var(X, axis=0)"), ("X.var(dim=0)", "var(X, axis=0, ddof=1)"),
    ("X.var(dim=0, unbiased=False)", "var(X, axis=0)"), ("X.std(dim=1, correction=0)", "std(X, axis=1)"),
    ("X.flatten()", "reshape(X, 8)"), ("torch.flatten(X)", "reshape(X, 8)"), ("X.flatten(1)", "flatten(X)"),
    ("X.view(-1, 4)", "reshape(X, 2, 4)"), ("F.log_softmax(Z2, 1)", "log(S)"),
    ("F.log_softmax(Z2, dim=1)", "log(S)"), ("F.linear(X, W1.T, b1)", "Z1"),
    ("np.linalg.norm(W1)", "sqrt(sum(W1**2))"), ("np.arange(1, 6, 2)", "[1, 3, 5]"),
    ("np.arange(5, 0, -2)", "[5, 3, 1]"), ("F.leaky_relu(Z1, 0.2)", "where(Z1 > 0, Z1, 0.2 * Z1)"),
    ("Float32[0.5, 2.0]", "[0.5, 2]"), ("W1.data", "W1"), ("tf.reduce_sum(X, axis=1)", "sum(X, axis=1)"),
    ("F.binary_cross_entropy_with_logits(Z1, relu'(Z1))", "binary_cross_entropy(relu'(Z1), sigmoid(Z1))"),
    ("np.trace(X @ X.T)", "sum(X**2)"),
  ]) func aLineHasTheValueOf(_ line: String, _ formula: String) throws {
    func value(_ line: String) throws -> [Double] {
      let report = try #require(outcome(line)).result.get()
      for case .tensor(let block) in report.blocks { return block.value.elements }
      Issue.record("\(line) shows nothing")
      return []
    }
    let (found, expected) = (try value(line), try value(formula))
    #expect(found.count == expected.count)
    for (a, b) in zip(found, expected) { #expect(abs(a - b) <= 1e-12 * max(1, abs(b))) }
  }

  /// Refused with a hint whose commands work.
  @Test(arguments: [
    ("Z1 = X @ W1 + b1", "check Z1 = X @ W1 + b1"), ("A1 = np.maximum(0, Z1)", "check A1 = maximum(0, Z1)"),
    ("dZ2 = (S - Y) / m", "check dZ2 = (S - Y) / m"),
  ]) func anEquationOfThePassIsChecked(_ line: String, _ command: String) throws {
    guard case .failure(let diagnostic)? = outcome(line)?.result else {
      Issue.record("it worked")
      return
    }
    #expect(diagnostic.hint?.text().contains("'\(command)'") == true)
    _ = try #require(outcome(command)).result.get()
  }

  @Test(arguments: [
    ("np.random.randn(2,3)", "init W1"), ("W1 = np.random.randn(2,5) * 0.01", "randn(2, 3)"),
    ("for i in range(7): update", "'update 7'"), ("N, D = X.shape", "N = X.shape[0]"),
    ("optimizer = torch.optim.SGD(model.parameters(), lr=0.1)", "optimizer adam"), ("x.grad", "dX"),
    ("{'W1': array([1])}", "weights FILE"), ("OrderedDict([('0.weight', tensor([1]))])", "weights FILE"),
    ("return S", "S"), ("np.array([[1, None]], dtype=object)", "None stands"),
    ("[1,234 5,678]", "1234.5"), ("F.cross_entropy(Z2, labels)", "onehot(labels, 3)"),
    ("X[X > 0]", "where(X > 0, X, 0)"), ("X.var()", "var(X, ddof=1)"), ("F.layer_norm(Z1, 5)", "gamma"),
    ("X .+ 2", "entry by entry"), ("X[:, end]", "X[:, -1]"),
    ("X[1,]", "X[1, :]"), ("sum(X, dims=1)", "axis=0"), ("pd.read_csv(\"a.csv\")", "a.csv: cannot open it"),
    ("c(1, 2)", "[1, 2, 3]"),
    ("X // 2", "A / B"), ("np.matrix('1 2; 3 4')", "[1 2; 3 4]"), ("W1.grad.zero_()", "anew"),
    ("print(f\"loss {L}\")", "show"), ("not X", "== 0"), ("np.hstack([X, X])", "concat"),
  ]) func othersSayWhatIsMeant(_ line: String, _ words: String) {
    guard case .failure(let diagnostic)? = outcome(line)?.result else {
      Issue.record("it worked")
      return
    }
    let said = "\(diagnostic.message.text()) \(diagnostic.hint?.text() ?? "")"
    #expect(said.contains(words))
  }

  @Test(arguments: [
    ("print(loss.item())", "loss"), ("loss.item()", "loss"), ("print(W1.shape)", "show W1"),
    ("W1.ndim", "show W1"),
  ]) func shownAs(_ line: String, _ command: String) {
    #expect(Phrase.meaning(of: line) == .command(command))
  }

  @Test(arguments: ["W1 -= lr * dW1", "W1 += 0.1", "W1[0,1] = 0.3", "Q = X @ W1", "lr = 0.5"])
  func valuesAreGiven(_ line: String) throws { _ = try #require(outcome(line)).result.get() }
}
