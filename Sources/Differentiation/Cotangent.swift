import Formulas
import LinearAlgebra

/// dL/d(something) as a formula, with the shape that the formula has. The shape may be smaller than the thing's
/// own as long as it broadcasts to it: the gradient of a sum is one number for all entries.
package struct Cotangent: Sendable {
  package var expression: Expression
  package var shape: Shape

  package init(_ expression: Expression, _ shape: Shape) {
    self.expression = expression
    self.shape = shape
  }

  static func / (a: Cotangent, b: (expression: Expression, shape: Shape)) -> Cotangent {
    Cotangent(a.expression / b.expression, a.shape.broadcast(with: b.shape) ?? b.shape)
  }

  /// Written out at its full shape, for operations that cannot broadcast.
  func materialized(_ target: Shape, sizes: (Shape) -> [Expression]) -> Expression {
    shape == target ? expression : expression * .call("ones", sizes(target), .none)
  }

  /// What reaches an operand of shape `target` that was broadcast to `full`: the sum over every axis along which
  /// it was repeated.
  func summed(from full: Shape, to target: Shape, sizes: (Shape) -> [Expression]) -> Cotangent {
    guard full != target else { return self }
    var expression = expression
    var repeats: [Int] = []
    func times(_ expression: Expression) -> Expression {
      repeats.isEmpty ? expression : expression * (sizes([repeats.reduce(1, *)]).first ?? 1)
    }
    // One axis to sum over keeps its name: the bias of a single unit is sum(dZ, axis=0), as for many.
    let summedAxes = full.dimensions.count { $0 > 1 }
    if target.isScalar
      || (target.count == 1 && target.rank <= full.rank && shape.count == full.count && summedAxes > 1)
    {
      for (axis, extent) in full.dimensions.enumerated() where self.extent(axis, in: full) == 1 && extent > 1
      {
        repeats.append(extent)
      }
      // A number that was a matrix of one entry loses the axes it never had.
      if shape.rank > 0 { expression = .call("sum", expression) }
      expression = times(expression)
      if target.isScalar { return Cotangent(expression, .scalar) }
      return Cotangent(.call("reshape", [expression] + sizes(target), .none), target)
    }
    let missing = full.rank - target.rank
    var current = shape
    for (axis, extent) in full.dimensions.enumerated() {
      let own = axis < missing ? 1 : target.dimensions[axis - missing]
      guard own == 1, extent > 1 else { continue }
      if self.extent(axis, in: full) == 1 {
        repeats.append(extent)
      } else {
        let position = axis - (full.rank - current.rank)
        expression = .call("sum", expression, axis: position)
        current = current.reducing(axis: position)
      }
    }
    expression = times(expression)
    // A vector that was a row of a matrix loses the axis it never had.
    if current.rank > target.rank {
      let kept = Shape(Array(current.dimensions.suffix(target.rank)))
      return Cotangent(.call("reshape", [expression] + sizes(kept), .none), kept)
    }
    return Cotangent(expression, current)
  }

  /// This formula's own extent along an axis of the full shape.
  private func extent(_ axis: Int, in full: Shape) -> Int {
    let own = axis - (full.rank - shape.rank)
    return own >= 0 && own < shape.rank ? shape.dimensions[own] : 1
  }
}
