import Formulas
import NeuralNetworks
import Sessions
import Testing

/// What is known of a model before its values are.
@Suite struct OpenShapeTests {
  private let layers = "model H = relu(X @ Wa + ba); P = H @ Wb + bb; L = mse(T, P)"

  /// Two inner extents of each product are one, what is added is as long or one row, and a loss compares equals.
  @Test func lettersStandForWhatIsOpen() {
    var typist = Typist("model L = 0", layers)
    func text(_ names: String...) -> [String?] { names.map { typist.session.openShapes.text($0) } }
    #expect(text("Wa", "ba", "Wb", "bb", "T") == ["h×k", "1×k", "k×p", "1×p", "m×p"])
    typist.type("set X = randn(4, 2, seed=1)")
    #expect(text("Wa", "ba", "T", "P") == ["2×h", "1×h", "4×k", "4×k"])
    typist.type("set T = ones(4, 3)")
    #expect(text("Wb", "bb", "P") == ["h×3", "1×3", "4×3"])
    #expect(typist.text("shapes").contains("H     4×h"))
  }

  @Test func oneMessageListsWhatIsMissing() {
    var typist = Typist("model L = 0", layers)
    let refusal = typist.refusal("forward")
    let hint = refusal.hint?.text() ?? ""
    for part in ["X (m×h)", "Wa (h×k)", "ba (1×k)", "Wb (k×p)", "bb (1×p)", "T (m×p)", "'init'"] {
      #expect(hint.contains(part), "\(hint)")
    }
    // Not one complaint after every value.
    for line in ["set X = randn(4, 2, seed=1)", "set X = randn(5, 2, seed=1)", "set T = ones(5, 3)"] {
      #expect(!typist.text(line).contains("not ready"))
    }
  }

  /// Labels are as many as the rows that they are compared with, and classes as many as were said.
  @Test func labelsHaveTheShapeOfTheirRows() {
    var typist = Typist("model L = 0", "model Z = X @ W; L = cross_entropy(onehot(y, 4), softmax(Z))")
    func text(_ names: String...) -> [String?] { names.map { typist.session.openShapes.text($0) } }
    #expect(text("X", "W", "y") == ["m×h", "h×4", "m"])
    typist.type("set X = ones(5, 3)")
    #expect(text("W", "y") == ["3×4", "5"])
    #expect(typist.refusal("forward").hint?.text().contains("y (5)") == true)
  }

  /// What stands in the equations is no letter: [h, x] of a gate, classes, sizes, slices, tables, kernels.
  @Test(arguments: [
    ("H = concat(X @ Wa, X @ Wb, axis=1); L = sum((H @ Wc)**2)", "Wc", "(k+p)×q"),
    ("E = onehot(ids, 5) @ W; L = sum(E**2)", "W", "5×h"),
    ("Z = einsum('ij,jk->ik', X, W); L = sum(Z**2)", "W", "h×k"),
    ("Z = relu(conv2d(X, K)); L = sum(Z**2)", "K", "q×h×r×s"),
    ("Z = conv2d(X, K, pad=1) + b; P = maxpool(Z, 2); L = sum((flatten(P) @ W)**2)", "P", "m×q×d×e"),
    ("A = reshape(X @ Wa, 2, 6); L = sum((A @ U)**2)", "U", "6×p"),
    ("L = sum(((X @ Wa)[:, 0:2] @ U)**2)", "U", "2×p"),
    ("E = W[ids]; L = sum((E @ V)**2)", "V", "k×p"), ("E = W[ids]; L = sum((E @ V)**2)", "W", "h×k"),
    ("L = (w - 3)**2 + 2 * v", "w", "scalar"), ("L = mse(T, X @ Wa) + sum(V**2)", "L", "scalar"),
  ])
  func whatTheEquationsSayIsNoLetter(_ model: String, _ name: String, _ shape: String) {
    let typist = Typist("model L = 0", "model \(model)")
    #expect(typist.session.openShapes.text(name) == shape)
  }

  /// A list stays one: T, which has no value yet and four axes, does not say where the samples lie.
  @Test func whatIsGuessedSaysNothingOfSamples() {
    let typist = Typist(
      "model N = layer_norm(O, V1, g1); Q = einsum('jipq,ij->ij', T, O); L = sum(N * K) + sum(Q**2)",
      "param O = [[0.7, -0.6], [0.9, 0.3]]", "param V1 = [0.77, 0.095]", "param g1 = [1.2, -0.6]")
    #expect(typist.session.leaves["g1"]?.shape != [2, 1])
  }

  /// Any shape has a sum of squares: none is made up, and the value that was there stays.
  @Test func aSumAsksForNoShape() {
    let open = Typist("model L = 0", "model L = mse(T, X @ Wa) + sum(V**2)").session.openShapes
    #expect(open.text("V") == nil)
    let typist = Typist("model A2 = relu(X @ W1 + b1) @ W2; L = mse(Y, A2) + sum(W2**2)")
    #expect(typist.session.leaves["W2"]?.shape == [5, 3])
  }

  @Test func whatIsJoinedIsDrawnAsLongAsItsParts() throws {
    var typist = Typist(
      "model H = concat(X @ Wa, X @ Wb, axis=1); L = sum((H @ Wc)**2)", "init h=2 k=3 p=4")
    #expect(typist.session.leaves["Wc"]?.shape == [5, 4])
    #expect(try #require(typist.type("gradcheck").scalar("max_relative_error")) < 1e-6)
  }

  @Test func initDrawsTheRest() throws {
    var typist = Typist(
      "model L = 0", layers, "set X = randn(4, 2, seed=1)", "set T = ones(4, 3)", "param bb = [[7, 8, 9]]")
    #expect(typist.refusal("init").hint?.text().contains("h=…") == true)
    typist.type("init h=5 seed=3")
    #expect(typist.session.leaves["Wa"]?.shape == [2, 5] && typist.session.leaves["ba"]?.shape == [1, 5])
    #expect(typist.session.leaves["Wb"]?.shape == [5, 3])
    expect(typist.value("bb"), [7, 8, 9])
    let first = try #require(typist.value("Wa"))
    #expect(try #require(typist.type("gradcheck").scalar("max_relative_error")) < 1e-6)
    typist.type("init Wa seed=4")
    #expect(typist.value("Wa")?.shape == first.shape && typist.value("Wa") != first)
    typist.type("init Wa seed=3 init=zeros")
    #expect(typist.value("Wa")?.elements.allSatisfy { $0 == 0 } == true)
    #expect(typist.refusal("init").message.text() == "every parameter has a value")
    #expect(typist.refusal("init X").message.text() == "'X' is not a parameter")
    #expect(typist.refusal("init Wa init=best").message.text().contains("best"))
  }

  /// A sample in every column: the bias is a column.
  @Test func columns() {
    var typist = Typist(
      "model L = 0", "model Z = W @ X + b; L = mse(T, Z)", "set X = randn(2, 4, seed=1)", "samples columns")
    #expect(typist.session.openShapes.text("W") == "h×2")
    #expect(typist.session.openShapes.text("b") == "h×1")
    typist.type("init h=3")
    #expect(typist.session.leaves["b"]?.shape == [3, 1])
  }
}
