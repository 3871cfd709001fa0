import Formulas
import LinearAlgebra

/// How much arithmetic a formula takes when it is computed as it is written, counted from its operations and their
/// shapes. Nothing is timed and nothing is known of the machine.
package struct OperationCount: Sendable, Hashable {
  /// Multiplications and divisions.
  package var multiplications = 0
  /// Additions and subtractions.
  package var additions = 0
  /// Comparisons: masks, maxima.
  package var comparisons = 0
  /// Calls of exp, log, tanh and their kind.
  package var functions = 0

  package init(multiplications: Int = 0, additions: Int = 0, comparisons: Int = 0, functions: Int = 0) {
    self.multiplications = multiplications
    self.additions = additions
    self.comparisons = comparisons
    self.functions = functions
  }

  package var total: Int { multiplications &+ additions &+ comparisons &+ functions }

  /// Steps that run one after another: their counts add.
  package static func + (a: OperationCount, b: OperationCount) -> OperationCount {
    OperationCount(
      multiplications: a.multiplications &+ b.multiplications, additions: a.additions &+ b.additions,
      comparisons: a.comparisons &+ b.comparisons, functions: a.functions &+ b.functions)
  }

  package static func += (a: inout OperationCount, b: OperationCount) { a = a + b }

  /// The same done for every one of n entries.
  package static func * (a: OperationCount, n: Int) -> OperationCount {
    OperationCount(
      multiplications: a.multiplications &* n, additions: a.additions &* n, comparisons: a.comparisons &* n,
      functions: a.functions &* n)
  }

  /// One product and its addition to a running sum, n times: a matrix product m×n @ n×k takes m·n·k of them, 2mnk
  /// operations.
  private static func multiplyAdd(_ n: Int) -> OperationCount {
    OperationCount(multiplications: n, additions: n)
  }

  /// Counts a formula whose names have shapes in `environment`. Rearranging entries (transpose, reshape, an index)
  /// costs nothing here.
  package static func of(_ expression: Expression, in environment: any Environment) throws(Diagnostic)
    -> OperationCount
  {
    var result = OperationCount()
    for child in expression.children { result += try of(child, in: environment) }
    return result + (try own(expression, environment))
  }

  /// The operation at the root alone.
  private static func own(_ expression: Expression, _ environment: any Environment) throws(Diagnostic)
    -> OperationCount
  {
    func shape(_ expression: Expression) throws(Diagnostic) -> Shape {
      try ShapeInference(environment).shape(of: expression)
    }
    switch expression {
    case .number, .name, .list, .transpose, .index: return OperationCount()
    case .negative(let a): return OperationCount(additions: try shape(a).count)
    case .binary(let operation, let a, let b):
      return try binary(operation, shape(a), b, result: shape(expression))
    case .derivative(.elementwise(let f), let a, _):
      let slope = try of(
        f.derivative, in: Bindings(["u": Tensor(0), "v": Tensor(0)]))
      return (slope + OperationCount(functions: f.derivative.contains(name: "v") ? 1 : 0))
        * (try shape(a).count)
    case .derivative(_, let a, _):
      let z = try shape(a)
      // J = diag(S) - S.T @ S for every sample, behind the softmax itself.
      let K = max(1, z.columns)
      return try of(.call(.softmax, a), in: environment) + multiplyAdd(z.count &* K)
    case .call(.elementwise(let f), let arguments, _):
      let count = try arguments.first.map { a throws(Diagnostic) in try shape(a).count } ?? 0
      return f.isComparison ? OperationCount(comparisons: count) : OperationCount(functions: count)
    case .call(.loss(let loss), let arguments, let options):
      guard arguments.count == 2 else { return OperationCount() }
      let divisor = Evaluator.divisor(
        of: loss, shape: try shape(arguments[1]), axis: options.axis, reduction: options.reduction)
      let known = ShapesOnly(["Y": try shape(arguments[0]), "P": try shape(arguments[1])])
      return try of(
        loss.definition(targets: "Y", predictions: "P", divisor: divisor.map { .number(Double($0)) }),
        in: known)
    case .call(.builtin(let f), let arguments, _):
      var shapes: [Shape] = []
      for argument in arguments { shapes.append(try shape(argument)) }
      return builtin(f, shapes, result: try shape(expression), arguments)
    }
  }

  private static func binary(
    _ operation: BinaryOperator, _ a: Shape, _ b: Expression, result: Shape
  ) -> OperationCount {
    switch operation {
    case .add, .subtract: return OperationCount(additions: result.count)
    case .multiply, .divide: return OperationCount(multiplications: result.count)
    case .matrixProduct: return multiplyAdd(result.count &* a.columns)
    case .power:
      if case .number(let n) = b, n == n.rounded(), (1...16).contains(n) {
        return OperationCount(multiplications: result.count &* (Int(n) - 1))
      }
      return OperationCount(functions: result.count)
    case .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual:
      return OperationCount(comparisons: result.count)
    }
  }

  private static func builtin(
    _ f: Builtin, _ shapes: [Shape], result: Shape, _ arguments: [Expression]
  ) -> OperationCount {
    let count = shapes.first?.count ?? 0
    let sums = max(0, count - result.count)
    func window(_ i: Int) -> Int {
      guard arguments.indices.contains(i), case .number(let size) = arguments[i], size >= 1, size < 1e4 else {
        return 1
      }
      return Int(size) * Int(size)
    }
    switch f {
    case .sum: return OperationCount(additions: sums)
    case .mean: return OperationCount(multiplications: result.count, additions: sums)
    case .max, .min, .argmax: return OperationCount(comparisons: sums)
    case .maximum, .minimum, .where: return OperationCount(comparisons: result.count)
    case .clip: return OperationCount(comparisons: 2 &* count)
    case .softmax:
      // The row's maximum, the difference, exp, their sum, the division.
      let rows = count / max(1, shapes.first?.columns ?? 1)
      return OperationCount(
        multiplications: count, additions: count &+ max(0, count - rows), comparisons: max(0, count - rows),
        functions: count)
    case .logsumexp:
      return OperationCount(
        additions: count &+ sums &+ result.count, comparisons: sums, functions: count &+ result.count)
    case .outer: return OperationCount(multiplications: result.count)
    case .contract: return multiplyAdd(shapes.count > 1 ? shapes[1].count : 0)
    case .conv2d: return multiplyAdd(result.count &* (kernelSize(shapes, 1)))
    case .conv2dInputGradient: return multiplyAdd(count &* kernelSize(shapes, 1))
    case .conv2dWeightGradient: return multiplyAdd(count &* kernelSize(shapes, 2))
    case .maxpool: return OperationCount(comparisons: result.count &* (window(1) - 1))
    case .avgpool:
      return OperationCount(multiplications: result.count, additions: result.count &* (window(1) - 1))
    case .maxpoolGradient: return OperationCount(additions: count, comparisons: count &* (window(2) - 1))
    case .avgpoolGradient: return OperationCount(multiplications: count, additions: count &* window(2))
    case .onehot, .diag, .eye, .zeros, .ones, .linspace, .arange, .randn, .rand, .reshape, .flatten, .scatter:
      return OperationCount()
    }
  }

  /// Products for one entry of an output: channels × rows × columns of the kernel.
  private static func kernelSize(_ shapes: [Shape], _ i: Int) -> Int {
    shapes.indices.contains(i) ? shapes[i].dimensions.dropFirst().reduce(1, &*) : 0
  }
}

extension ElementwiseFunction {
  /// Done with comparisons alone, without a series of arithmetic: relu, abs, sign.
  fileprivate var isComparison: Bool { self == .relu || self == .leakyReLU || self == .abs || self == .sign }
}

/// Names with shapes and no values.
private struct ShapesOnly: Environment {
  let shapes: [String: Shape]
  init(_ shapes: [String: Shape]) { self.shapes = shapes }
  func shape(of name: String) -> Shape? { shapes[name] }
  func value(of name: String) -> Tensor? { nil }
  func missing(_ name: String) -> Diagnostic { Diagnostic("there is no '\(name)'") }
  func example(ofShape shape: Shape) -> String? { nil }
}
