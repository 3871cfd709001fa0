import Formulas
import LinearAlgebra
import Operations

/// Which orders and transposes of two matrices have a product of a wanted shape, and whether that product is right.
package struct ProductFit: Sendable {
  package enum Verdict: Sendable, Equatable {
    /// The inner extents differ.
    case doesNotMeet(Int, Int)
    case otherShape(Shape)
    case right
    /// The shape fits, the numbers differ by this much.
    case wrongNumbers(Double)
  }

  package struct Candidate: Sendable {
    package let expression: Expression
    package let shapes: (Shape, Shape)
    package let verdict: Verdict
  }

  package let wanted: Shape
  package let operands: [(expression: Expression, shape: Shape)]
  package let candidates: [Candidate]

  package var fitting: [Candidate] {
    candidates.filter {
      switch $0.verdict {
      case .right, .wrongNumbers: true
      case .doesNotMeet, .otherShape: false
      }
    }
  }

  /// - Parameters:
  ///   - product: the right one, `A.T @ G`.
  ///   - environment: gives the operands' values.
  package init?(_ product: Expression, environment: any Environment) {
    guard case .binary(.matrixProduct, let a, let b) = product,
      let right = try? Evaluator(environment).value(of: product), right.rank == 2,
      let first = Self.base(a, environment), let second = Self.base(b, environment)
    else { return nil }
    wanted = right.shape
    operands = [(first.expression, first.value.shape), (second.expression, second.value.shape)]
    var result: [Candidate] = []
    func forms(_ x: (expression: Expression, value: Tensor)) -> [(Expression, Tensor)] {
      [(x.expression, x.value), (.transpose(x.expression), x.value.transposed())]
    }
    let orders =
      first.expression == second.expression ? [(first, second)] : [(first, second), (second, first)]
    for (p, q) in orders {
      for (left, x) in forms(p) {
        for (other, y) in forms(q) {
          let verdict: Verdict
          if let value = x.product(y) {
            if value.shape != right.shape {
              verdict = .otherShape(value.shape)
            } else {
              var worst = 0.0
              var scale = 1.0
              for (u, v) in zip(value.elements, right.elements) {
                worst = CheckedDerivation.larger(worst, abs(u - v))
                scale = max(scale, abs(v))
              }
              let isSame = left.times(other) == product || worst <= 1e-12 * scale
              verdict = isSame ? .right : .wrongNumbers(worst)
            }
          } else {
            verdict = .doesNotMeet(x.shape.columns, y.shape.rows)
          }
          result.append(
            Candidate(expression: left.times(other), shapes: (x.shape, y.shape), verdict: verdict))
        }
      }
    }
    candidates = result
  }

  private static func base(
    _ expression: Expression, _ environment: any Environment
  ) -> (expression: Expression, value: Tensor)? {
    var inner = expression
    if case .transpose(let a) = expression { inner = a }
    guard let value = try? Evaluator(environment).value(of: inner), value.rank == 2 else { return nil }
    return (inner, value)
  }

  /// The first product in a formula, whose order is to be explained.
  package static func firstProduct(in expression: Expression) -> Expression? {
    if case .binary(.matrixProduct, _, _) = expression { return expression }
    for child in expression.children { if let found = firstProduct(in: child) { return found } }
    return nil
  }
}
