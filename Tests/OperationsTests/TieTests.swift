import Differentiation
import Formulas
import LinearAlgebra
import Operations
import Testing

/// Where several entries are largest, what each of them is given. PyTorch 2's documentation of torch.max(input, dim): "if
/// there are multiple maximal values in a reduced row then the indices of the first maximal value are returned", and the
/// gradient goes to that index; of torch.maximum and amax: "evenly distributes gradient".
@Suite struct TieTests {
  private func gradient(_ formula: String, _ A: Tensor) throws -> [Double] {
    let shapes = ShapeEnvironment(shapes: ["A": A.shape, "L": .scalar]) { Diagnostic("\($0)") }
    let backward = try BackwardPass.derive(
      [Equation("L", Parser.parse(formula).expression)], output: "L", targets: ["A"], environment: shapes,
      settings: .init())
    var values = Bindings(["A": A])
    values.values["L"] = try Evaluator(values).value(of: Parser.parse(formula).expression)
    for step in backward { values.values[step.name] = try Evaluator(values).value(of: step.expression) }
    return try #require(values.values["dA"]).elements
  }

  private func forward(_ formula: String, _ A: Tensor) throws -> [Double] {
    try A.elements.indices.map { position in
      var direction = Tensor(repeating: 0, shape: A.shape)
      direction.replaceElement(at: position, with: 1)
      return try ForwardMode(["A": DualTensor(A, direction)], over: Bindings([:])).dual(
        Parser.parse(formula).expression
      ).tangentOrZero.elements[0]
    }
  }

  private static let tied = Tensor(unchecked: [2, 3], [3, 1, 3, 2, 2, 0])

  @Test(
    arguments: [
      ("sum(max(A, axis=1))", [1, 0, 0, 1, 0, 0]), ("max(A)", [1, 0, 0, 0, 0, 0]),
      ("sum(min(A, axis=0) * [[1, 2, 3]])", [0, 2, 0, 1, 0, 3]),
      ("sum(max(A, axis=(0, 1)))", [1, 0, 0, 0, 0, 0]),
      ("sum(max(A, axis=-1, keepdims=False) * [5, 7])", [5, 0, 0, 7, 0, 0]),
      ("sum(maximum(A, [[3, 1, 4], [2, 1, 0]]))", [0.5, 0.5, 0, 0.5, 1, 0.5]),
      // PyTorch 2.14 and later, as relu; 1 at both bounds before.
      ("sum(clip(A, 1, 3))", [0, 0, 0, 1, 1, 0]),
    ] as [(String, [Double])]) func aTieHasOneGradient(_ formula: String, _ expected: [Double]) throws
  {
    #expect(try gradient(formula, Self.tied) == expected)
    #expect(try forward(formula, Self.tied) == expected)
  }

  /// PyTorch 2: x = [0, 1, -2, 0, 0], n = [0, 0, 0, 2, 1], (x ** n).sum().backward(); and of x ** 0, x ** 1.
  @Test(
    arguments: [
      ("sum(A**[0, 0, 0, 2, 1])", [0, 0, 0, 0, 1]), ("sum(A**0)", [0, 0, 0, 0, 0]),
      ("sum(A**1)", [1, 1, 1, 1, 1]),
    ] as [(String, [Double])]) func aPowerOfZeroHasAGradient(_ formula: String, _ expected: [Double]) throws
  {
    let A = Tensor(unchecked: [5], [0, 1, -2, 0, 0])
    #expect(try gradient(formula, A) == expected)
    #expect(try forward(formula, A) == expected)
  }

  /// PyTorch 2: x = [[2, 2, 2], [1, 2, 4]], x.std(1, unbiased=False).sum().backward(), and the same over all of the first row;
  /// torch.autograd.functional.hessian of it is 0 there as well. sqrt(var(A)) is nan, as in PyTorch.
  @Test func whereNothingDiffersADeviationHasNoGradient() throws {
    let flat = Tensor(unchecked: [2, 3], [2, 2, 2, 1, 2, 4])
    let expected = [0, 0, 0, -0.3563483225498992, -0.0890870806374748, 0.44543540318737396]
    for formula in ["sum(std(A, axis=1))", "sum(std(A, axis=1, keepdims=False))"] {
      for found in [try gradient(formula, flat), try forward(formula, flat)] {
        #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-15 }, "\(found)")
      }
    }
    #expect(try gradient("std(A[0])", flat) == [0, 0, 0, 0, 0, 0])
    // Numbers of which three do not add up to three times one: NumPy's and PyTorch's std is 0 for them too.
    let rounded = Tensor(
      unchecked: [2, 3], [1.34009075043630023, 1.34009075043630023, 1.34009075043630023, 0.1, 0.1, 0.1])
    #expect(try gradient("sum(std(A, axis=1))", rounded) == [0, 0, 0, 0, 0, 0])
    #expect(try gradient("sum(sqrt(var(A, axis=1)))", flat).prefix(3).allSatisfy(\.isNaN))
  }
}
