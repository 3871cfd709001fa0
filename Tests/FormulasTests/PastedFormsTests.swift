import Formulas
import LinearAlgebra
import Operations
import Testing

/// What people paste: prints of NumPy 2.4, PyTorch 2.9, MATLAB and Julia of one matrix, and phrases of Python.
@Suite struct PastedFormsTests {
  private func value(_ text: String, _ values: [String: Tensor] = [:]) throws -> Tensor {
    try Evaluator(Bindings(values)).value(of: Parser.parse(text).expression)
  }

  @Test(arguments: [
    "[[0.1, -0.2], [0.3, 0.4]]", "[[ 0.1 -0.2]\n [ 0.3  0.4]]", "[[ 0.1 -0.2] [ 0.3  0.4]]",
    "[[ 0.1 -0.2], [0.3 0.4]]", "array([[ 0.1, -0.2],\n       [ 0.3,  0.4]])",
    "np.array([[ 0.1, -0.2], [ 0.3,  0.4]], dtype=float32)",
    "tensor([[ 0.1000, -0.2000],\n        [ 0.3000,  0.4000]])",
    "tensor([[ 0.1000, -0.2000],\n        [ 0.3000,  0.4000]], dtype=torch.float64)",
    "tensor([[ 0.1000, -0.2000], [ 0.3000,  0.4000]], grad_fn=<AddmmBackward0>)",
    "torch.tensor([[0.1, -0.2], [0.3, 0.4]], device='cuda:0', requires_grad=True)",
    "jnp.array([[0.1, -0.2], [0.3, 0.4]])", "[0.1 -0.2; 0.3 0.4]", "[0.1, -0.2; 0.3, 0.4]",
    "[0.1 -0.2 ; 0.3 0.4;]", "[1e-1 -2e-01; +3.e-1 .4]", "[[0.1, -0.2,], [0.3, 0.4,],]",
  ])
  func aMatrixIsReadAsIt(_ text: String) throws {
    #expect(try value(text) == Tensor(unchecked: [2, 2], [0.1, -0.2, 0.3, 0.4]))
  }

  @Test(
    arguments: [
      ("[1, 2; ...\n 3, 4]", [2, 2], [1, 2, 3, 4]), ("[1, 2, ...\n 3, 4]", [4], [1, 2, 3, 4]),
      ("[Infinity, -Infinity]", [2], [.infinity, -.infinity]),
      ("torch.zeros(1, 2, requires_grad=True, dtype=torch.float32)", [1, 2], [0, 0]),
      ("[5, 7, 9][range(2)]", [2], [5, 7]), ("np.count_nonzero([0, 2, 3])", [], [2]),
      ("scipy.special.expit([0])", [1], [0.5]), ("nn.functional.relu([-1, 1])", [2], [0, 1]),
      ("np.expm1(np.log1p([0]))", [1], [0]), ("torch.rsqrt([4])", [1], [0.5]),
      ("F.logsigmoid([-800])", [1], [-800]), ("F.normalize([[3, 4]])", [1, 2], [0.6, 0.8]),
      ("F.normalize([[3], [4]], dim=0)", [2, 1], [0.6, 0.8]),
      ("[[3, 4]].masked_fill([[0, 1]] == 1, -inf)", [1, 2], [3, -.infinity]),
      ("[[3, 4]].masked_fill([[0, 1]] == 1, float('-inf'))", [1, 2], [3, -.infinity]),
      ("torch.clamp([-2, 2], min=0)", [2], [0, 2]), ("[-2, 2].clamp(max=1)", [2], [-2, 1]),
      ("np.clip([-2, 2], a_min=0, a_max=1)", [2], [0, 1]),
      ("torch.clamp([-2, 2], max=1, min=-1)", [2], [-1, 1]),
      ("clamp([-2, 2], -1, max=1)", [2], [-1, 1]),
      ("[1 -2 3]", [3], [1, -2, 3]), ("[1; 2; 3]", [3, 1], [1, 2, 3]), ("[1 - 2, 3]", [2], [-1, 3]),
      ("[1-2, 3]", [2], [-1, 3]), ("[[ True False]\n [False  True]]", [2, 2], [1, 0, 0, 1]),
      ("[[[1 2] [3 4]]]", [1, 2, 2], [1, 2, 3, 4]), ("[[1 2\n  3] [4 5\n 6]]", [2, 3], [1, 2, 3, 4, 5, 6]),
      ("[np.float64(0.5), np.int64(2), np.True_]", [3], [0.5, 2, 1]), ("[1 −2]", [2], [1, -2]),
      ("[1\t2;\r\n 3\t4]", [2, 2], [1, 2, 3, 4]), ("[array([1, 2]), array([3, 4])]", [2, 2], [1, 2, 3, 4]),
      ("[1, 234]", [2], [1, 234]), ("[1,234]", [2], [1, 234]),
      ("[(1 -2), 5]", [2], [-1, 5]), ("[(1, 2), (3, 4)]", [2, 2], [1, 2, 3, 4]),
      ("Matrix([[1, 2], [3, 4]])", [2, 2], [1, 2, 3, 4]), ("tensor([], size=(0, 3))", [0, 3], []),
      ("array([], shape=(2, 0), dtype=float64)", [2, 0], []), ("[1 2 3] -1", [3], [0, 1, 2]),
    ] as [(String, [Int], [Double])])
  func listsAreRead(_ text: String, _ shape: [Int], _ elements: [Double]) throws {
    #expect(try value(text) == Tensor(unchecked: Shape(shape), elements))
  }

  /// Nothing is read as something else: what may mean two things is refused.
  @Test(arguments: [
    ("[x -2]", "one entry or two"), ("zeros(2, dtype=torch.long)", "floating-point"),
    ("x.all()", "there is no all"),
    ("a, b", "entries of a list"), ("clip([1], 0, min=1)", "its two bounds"),
    ("[1, 2, ...,\n 3]", "leaves entries out"), ("[1 -x]", "one entry or two"),
    ("[1+2 -3]", "one entry or two"),
    ("[[1. 2.] ... [3. 4.]]", "leaves entries out"), ("[1 2 … 9]", "leaves entries out"),
    ("[1 None]", "None stands where a number"), ("[1, NA]", "NA stands where a number"),
    ("[x y]", "a comma or ']'"), ("[1 2\n 3 4]", "row of its own or go on"), ("max(x, 0)", "two things"),
    ("x.shape", "there is no .shape"), ("array([[1, 2]", "not closed"),
    ("array([[1, None]], dtype=object)", "None stands where a number"), ("[1 -- 3]", "one entry or two"),
    ("array(['a', 'b'], dtype='<U1')", "a text in quotes"),
    ("array([list([1]), list([2, 3])])", "no function 'list'"),
    ("array([1.+2.j, 3.+0.j])", "complex numbers"), ("[1,234 5,678]", "one number or two"),
    ("[0,5 -1,5]", "one number or two"), ("[1 2 3 ...\n 4 5 6]", "leaves entries out"),
    ("<tf.Tensor: shape=(2,), dtype=float32, numpy=array([1., 2.], dtype=float32)>", "not '<'"),
    ("tensor([[0.1,  ..., 0.3],\n        ...,\n        [0.1,  ..., 0.4]])", "leaves entries out"),
    ("np.random.randn(2, 3)", "random numbers"), ("1 2 3", "between brackets"),
    ("[1,234.5, 2]", "one number or two"), ("[1.5.5]", "a comma or ']'"),
    ("[[1 2][0]]", "an index or the next entry"),
    ("[x [0]]", "an index or the next"),
    ("(1, 2, 3)", "stand between [ and ]"), ("sum(x, axis=0, axis=1)", "stands here twice"),
    ("sum(x; dims=1)", "a comma between them"),
  ])
  func whatMayMeanTwoThingsIsRefused(_ text: String, _ message: String) {
    #expect {
      try value(text, ["x": Tensor(1), "y": Tensor(2)])
    } throws: { error in
      (error as? Diagnostic)?.message.text().contains(message) == true
    }
  }

  @Test(arguments: [
    ("X.dot(W)", "X @ W"), ("X.matmul(W)", "X @ W"), ("X.t()", "X.T"), ("X.transpose()", "X.T"),
    ("X.sum(axis=1)", "sum(X, axis=1)"), ("X.sum(1)", "sum(X, axis=1)"), ("X.sum(dim=-1)", "sum(X, axis=-1)"),
    ("np.sum(X, 0)", "sum(X, axis=0)"), ("X.mean()", "mean(X)"), ("X.reshape(4, 1)", "reshape(X, 4, 1)"),
    ("X.detach().numpy()", "detach(X)"), ("W.grad", "dW"), ("F.relu(X)", "relu(X)"),
    ("torch.nn.functional.softmax(X, dim=1)", "softmax(X, axis=1)"), ("tf.nn.softmax(X)", "softmax(X)"),
    ("max(0, X)", "maximum(0, X)"), ("ln(X)", "log(X)"), ("torch.pow(X, 2)", "X**2"),
    // PyTorch takes the predictions first, and logits for cross_entropy.
    ("F.mse_loss(X, W)", "mse(W, X)"), ("F.cross_entropy(X, W)", "cross_entropy(W, softmax(X))"),
    ("torch.cat((X, W), 1)", "concat(X, W, axis=1)"), ("np.concatenate([X, W], 0)", "concat(X, W, axis=0)"),
    ("sum(X, axis=[0, 1])", "sum(X, axis=(0, 1))"), ("np.pi * X", "3.141592653589793 * X"),
    ("(X @ W).relu()", "relu(X @ W)"), ("F.sum()", "sum(F)"), ("F.T", "F.T"),
    ("F.sum(axis=0)", "sum(F, axis=0)"), ("np.tril(X, -1)", "tril(X, k=-1)"),
    ("torch.triu(X, diagonal=1)", "triu(X, k=1)"), ("X.tril(1)", "tril(X, k=1)"),
  ])
  func phrasesOfPython(_ text: String, _ meaning: String) throws {
    #expect(try Parser.parse(text).expression == Parser.parse(meaning).expression)
  }
}

/// What programs print comes back as the value that was printed.
@Suite struct PastedPrintTests {
  @Test func everyPrintIsReadAsItsValue() throws {
    var count = 0
    for part in (("\n" + pastedPrints).split(separator: "\n=== ", omittingEmptySubsequences: true)) {
      let (head, text) = (part.prefix { $0 != "\n" }, part.drop { $0 != "\n" }.dropFirst())
      let fields = head.split(separator: "|", omittingEmptySubsequences: false)
      try #require(fields.count == 3)
      let shape = fields[1].split(separator: " ").compactMap { Int($0) }
      let numbers = fields[2].split(separator: " ").compactMap { Double($0) }
      do {
        let value = try Evaluator(Bindings([:])).value(of: Parser.parse(String(text)).expression)
        #expect(value == Tensor(unchecked: Shape(shape), numbers), "\(head)")
      } catch {
        Issue.record("\(head): \(error)")
      }
      count += 1
    }
    #expect(count > 90)
  }
}
