import Differentiation
import Formulas
import LinearAlgebra
import NeuralNetworks
import Operations
import TestSupport
import Testing

/// Every rule of the table against forward mode, in formulas that exercise broadcasting and vectors.
@Suite struct RuleTests {
  static let formulas = [
    "sum(G * (A + r))", "sum(G * (A - c))", "sum(G * (s * A))", "sum(G * (A / B))", "sum(G * (r / B))",
    "sum(G * B**3)", "sum(G * B**2)", "sum(G * B**s)", "sum(G * s**A)", "sum(G * (A @ Q))", "sum(v @ Q * v)",
    "sum(A @ v)", "sum(exp(A @ v))", "v @ v", "sum(G * (-A))", "sum(G.T * A.T)", "sum(A.T @ G)",
    "sum(G * tanh(A))", "sum(G * sigmoid(A))", "sum(G * relu(A))", "sum(G * leaky_relu(A))",
    "sum(G * softplus(A))", "sum(G * exp(A))", "sum(G * log(B))", "sum(G * sqrt(B))", "sum(G * abs(A))",
    "sum(A)", "mean(A) * s", "sum(sum(A, axis=0) * r)", "sum(mean(A, axis=1) * c)", "sum(max(A, axis=1) * c)",
    "max(A)", "min(A)", "sum(min(A, axis=0) * r)", "sum(G * maximum(A, B))", "sum(G * minimum(A, r))",
    "sum(G * where(A > 0, A * B, r))", "sum(G * clip(A, -0.5, 0.5))", "sum(G * softmax(A))",
    "sum(G * softmax(A, axis=0))", "sum(c * logsumexp(A))", "sum(logsumexp(A, axis=0) * r)",
    "sum(G[0:2, 1] * A[0:2, 1])", "A[0, 1] * A[1, 2]", "sum(A[0] * r)", "sum([v @ v, sum(A)] * [2, 3])",
    "sum(reshape(A, 2, 6) @ reshape(G, 6, 2))", "sum(flatten(A) * G)", "sum(diag(v) * Q)", "sum(diag(Q) * v)",
    "sum(outer(v, v) * Q)", "cross_entropy(P, softmax(A))", "cross_entropy(P, softmax(A), reduction=sum)",
    "cross_entropy(P.T, softmax(A.T, axis=0), axis=0)", "binary_cross_entropy(P, sigmoid(A))", "mse(G, A)",
    "half_mse(G, A)", "sse(G, A)", "half_sse(G, A)", "sum(A * A * A)", "sum((A @ Q) * (A @ Q))",
    "mean((A + 1)**2 / (B + s))", "sum(A + s)", "sum(r + c)", "sum(c @ r * G)", "cross_entropy(P, B)",
    // One number comes back for all entries, and is to be spread before what moves them.
    "sum(tril(A))", "sum(A.T)", "sum(cumsum(A, axis=0))", "sum(reshape(A, 2, 6))", "sum(concat(A, B))",
    "sum(A[[1, 1]])",
    "sum(A[-1::-2, [1, 0, 1]])", "sum(mean(scatter(A, Q[[2, 1, 2]]), axis=0) * r)", "sum(scatter(A, Q[1:]))",
    "sum(sum(scatter(A[0:1], Q[::2]), axis=1) * v)", "sum(mean(scatter(A, Q[:3]), axis=1) * v)",
  ]

  static var leaves: [String: Tensor] {
    var random = RandomGenerator(seed: 7)
    return [
      "A": random.normal(shape: [3, 4]), "B": random.uniform(shape: [3, 4], 0.5, 2),
      "G": random.normal(shape: [3, 4]),
      "Q": random.normal(shape: [4, 4]), "r": random.normal(shape: [1, 4]),
      "c": random.normal(shape: [3, 1]),
      "v": random.normal(shape: [4]), "s": Tensor(1.7), "P": random.normal(shape: [3, 4]).softmax(axis: 1),
    ]
  }

  @Test(arguments: formulas, [true, false]) func agreesWithForwardMode(_ text: String, _ isFused: Bool) throws
  {
    let leaves = Self.leaves
    let equation = Equation("L", try Parser.parse(text).expression)
    let names = equation.expression.names.filter { $0 != "P" && $0 != "G" }
    let shapes = ShapeEnvironment(shapes: leaves.mapValues(\.shape).merging(["L": .scalar]) { a, _ in a }) {
      Diagnostic("\($0)")
    }
    let backward = try BackwardPass.derive(
      [equation], output: "L", targets: names, environment: shapes, settings: .init(isFused: isFused))
    var values = Bindings(leaves)
    values.values["L"] = try Evaluator(values).value(of: equation.expression)
    for step in backward {
      values.values[step.name] = try Evaluator(values).checkedValue(of: Parser.parse(step.text.after("= ")))
    }
    for name in names {
      guard let base = leaves[name], let gradient = values.values["d" + name] else {
        Issue.record("no gradient of \(name)")
        continue
      }
      #expect(gradient.shape == base.shape)
      for position in 0..<base.count {
        var direction = Tensor(repeating: 0, shape: base.shape)
        direction.replaceElement(at: position, with: 1)
        let dual = try ForwardMode([name: DualTensor(base, direction)], over: Bindings(leaves)).dual(
          equation.expression)
        let expected = dual.tangentOrZero.elements.first ?? .nan
        #expect(
          abs(gradient.elements[position] - expected) <= 1e-12 * max(1, abs(expected)),
          "d\(name)[\(position)]")
      }
    }
  }

  /// Forward mode against central differences: the second oracle for the first.
  @Test(arguments: formulas) func forwardModeAgreesWithDifferences(_ text: String) throws {
    let leaves = Self.leaves
    let expression = try Parser.parse(text).expression
    for name in expression.names {
      guard let base = leaves[name] else { continue }
      for position in 0..<base.count {
        var direction = Tensor(repeating: 0, shape: base.shape)
        direction.replaceElement(at: position, with: 1)
        let dual = try ForwardMode([name: DualTensor(base, direction)], over: Bindings(leaves)).dual(
          expression)
        func moved(_ h: Double) throws -> Double {
          var copy = leaves
          copy[name]?.replaceElement(at: position, with: base.elements[position] + h)
          return try Evaluator(Bindings(copy)).value(of: expression).elements.first ?? .nan
        }
        let numeric = (try moved(1e-5) - moved(-1e-5)) / 2e-5
        let exact = dual.tangentOrZero.elements.first ?? .nan
        #expect(abs(numeric - exact) < 1e-6 * max(1, abs(exact)), "\(name)[\(position)]: \(numeric) \(exact)")
      }
    }
  }

  @Test func theSimplestFormIsPrinted() throws {
    func gradient(_ text: String, of name: String) throws -> String {
      // Samples have an extent that nothing else has.
      let leaves: [String: Shape] = [
        "Y": [5, 2], "P": [5, 2], "Z": [5, 2], "X": [5, 2], "W": [2, 2], "m": .scalar, "L": .scalar,
      ]
      let shapes = ShapeEnvironment(shapes: leaves) { Diagnostic("there is no \($0)") }
      return try BackwardPass.derive(
        [Equation("L", Parser.parse(text).expression)], output: "L", targets: [name],
        environment: shapes,
        settings: .init(isFused: true, counting: SampleCounting(shapes: shapes, extent: 5))
      ).map(\.text).joined(separator: "; ")
    }
    #expect(try gradient("cross_entropy(Y, P)", of: "P") == "dP = -Y / P / m")
    #expect(try gradient("mse(Y, P)", of: "P") == "dP = 2 * (P - Y) / (m * 2)")
    #expect(try gradient("half_sse(Y, P)", of: "P") == "dP = P - Y")
    #expect(try gradient("cross_entropy(Y, softmax(Z))", of: "Z") == "dZ = (softmax(Z) - Y) / m")
    #expect(try gradient("sum(W**2) * 0.5", of: "W") == "dW = W")
    #expect(try gradient("sum(X @ W)", of: "W") == "dW = X.T @ ones(m, 2)")
  }

  @Test(arguments: [
    ("mean(A * A)", "A / 6"), ("sum(A * tanh(A))", "tanh(A) + A * (1 - tanh(A)**2)"),
    ("mean(A) / 2", "ones(3, 4) / 24"),
  ]) func theGradientIsWrittenAsOneWould(_ text: String, _ expected: String) throws {
    let shapes = ShapeEnvironment(shapes: ["A": [3, 4], "L": .scalar]) { Diagnostic("\($0)") }
    let backward = try BackwardPass.derive(
      [Equation("L", Parser.parse(text).expression)], output: "L", targets: ["A"], environment: shapes,
      settings: .init())
    #expect(backward.last?.expression.description == expected)
  }

  /// A square and a product come back to A, each with the equation that it comes from, the two halves of a square as one.
  @Test func whereEachTermComesFrom() throws {
    let shapes = ShapeEnvironment(
      shapes: ["A": [3, 4], "G": [3, 4], "B": .scalar, "C": .scalar, "L": .scalar]
    ) { Diagnostic("\($0)") }
    let equations = try [("B", "mean(A * A)"), ("C", "sum(A * G)"), ("L", "B + C")].map {
      Equation($0.0, try Parser.parse($0.1).expression)
    }
    let backward = try BackwardPass.derive(
      equations, output: "L", targets: ["A"], environment: shapes, settings: .init())
    let terms = try #require(backward.last { $0.name == "dA" }).terms
    #expect(terms.map { "\($0.origin): \($0.formula)" }.sorted() == ["B: dB * A / 6", "C: dC * G"])
  }

  /// Rules as books have them; what was repeated comes back as a sum.
  @Test func aRuleIsSaid() {
    #expect(Operation.matrixProduct.statement == "C = A @ B: dA = dC @ B.T, dB = A.T @ dC")
    #expect(Operation.maximum.statement.hasSuffix("; summed where one entry met several"))
    #expect(Operation.add.statement.hasSuffix("; summed where a row was added to every row"))
  }
}

extension String {
  fileprivate func after(_ mark: String) -> String {
    guard let range = firstRange(of: mark) else { return self }
    return String(self[range.upperBound...])
  }
}
