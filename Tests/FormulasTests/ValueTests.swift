import Formulas
import LinearAlgebra
import Operations
import Reports
import Testing

@Suite struct ValueTests {
  /// Figures of NumPy 2.4:
  /// A = np.array([[1., -2., .5], [3., 0., -1.]]); v = np.array([1., 2., 3.])
  static let figures: [(String, [Int], [Double])] = [
    ("A @ A.T", [2, 2], [5.25, 2.5, 2.5, 10]),
    ("A @ v", [2], [-1.5, 0]),
    ("v @ v", [], [14]),
    ("A * v", [2, 3], [1, -4, 1.5, 3, 0, -3]),
    ("A[:, 1:]", [2, 2], [-2, 0.5, 0, -1]),
    ("A[1]", [3], [3, 0, -1]),
    ("A[0, ::-1]", [3], [0.5, -2, 1]),
    ("argmax(A, axis=1)", [2, 1], [0, 0]), ("argmin(A, axis=1)", [2, 1], [1, 2]),
    ("max(A, axis=0)", [1, 3], [3, 0, 0.5]),
    ("mean(A)", [], [0.25]),
    ("sum(A, axis=0)", [1, 3], [4, -2, -0.5]),
    ("abs(A) >= 1", [2, 3], [1, 1, 0, 1, 0, 1]),
    ("-v ** 2", [3], [-1, -4, -9]),
    ("linspace(0, 1, 5)", [5], [0, 0.25, 0.5, 0.75, 1]),
    ("reshape(A, 3, -1)", [3, 2], [1, -2, 0.5, 3, 0, -1]),
    ("diag([1, 2])", [2, 2], [1, 0, 0, 2]),
    ("outer(v, [1, 10])", [3, 2], [1, 10, 2, 20, 3, 30]),
    ("onehot([2, 0], 3)", [2, 3], [0, 0, 1, 1, 0, 0]),
    ("clip(A, -1, 1)", [2, 3], [1, -1, 0.5, 1, 0, -1]),
    ("where(A > 0, A, 0)", [2, 3], [1, 0, 0.5, 3, 0, 0]),
    ("relu'(A)", [2, 3], [1, 0, 1, 1, 0, 0]),
    // scipy.special.softmax(A, axis=1), logsumexp(A, axis=1)
    (
      "softmax(A)", [2, 3],
      [
        0.6037488961486258, 0.030058887569574023, 0.3661922162818002, 0.9362395518765058, 0.0466126225779739,
        0.01714782554552039,
      ]
    ),
    ("logsumexp(A)", [2, 1], [1.5045969023422834, 3.0658839037574293]),
    ("logsumexp([1000, 1000])", [1], [1000.6931471805599]),
    ("softmax([1000, 0, -1000])", [3], [1, 0, 0]),
    ("sigmoid([-800, 0, 800])", [3], [0, 0.5, 1]),
    ("softplus([-800, 0, 800])", [3], [0, 0.6931471805599453, 800]),
  ]

  @Test(arguments: figures)
  func figure(_ text: String, _ shape: [Int], _ expected: [Double]) throws {
    let bindings = Bindings([
      "A": Tensor(unchecked: [2, 3], [1, -2, 0.5, 3, 0, -1]), "v": Tensor(unchecked: [3], [1, 2, 3]),
    ])
    let value = try Evaluator(bindings).checkedValue(of: Parser.parse(text))
    #expect(value.shape == Shape(shape))
    #expect(
      zip(value.elements, expected).allSatisfy { abs($0 - $1) <= 4e-16 * max(1, abs($1)) },
      "\(value.elements)")
  }

  @Test func shapesInferredAreTheShapesComputed() throws {
    let bindings = Bindings([
      "A": Tensor(unchecked: [2, 3], [1, -2, 0.5, 3, 0, -1]), "v": Tensor(unchecked: [3], [1, 2, 3]),
    ])
    for (text, _, _) in Self.figures {
      let parsed = try Parser.parse(text)
      #expect(
        try ShapeInference(bindings).shape(of: parsed)
          == Evaluator(bindings).value(of: parsed.expression).shape)
    }
  }
}
