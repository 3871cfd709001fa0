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

  static func * (a: Cotangent, b: (expression: Expression, shape: Shape)) -> Cotangent {
    Cotangent(a.expression * b.expression, a.shape.broadcast(with: b.shape) ?? b.shape)
  }

  static func / (a: Cotangent, b: (expression: Expression, shape: Shape)) -> Cotangent {
    Cotangent(a.expression / b.expression, a.shape.broadcast(with: b.shape) ?? b.shape)
  }

  static prefix func - (a: Cotangent) -> Cotangent { Cotangent(-a.expression, a.shape) }

  /// Written out at its full shape, for operations that cannot broadcast.
  func materialized(_ target: Shape) -> Expression {
    guard shape != target else { return expression }
    let sizes = target.dimensions.map { Expression.number(Double($0)) }
    return expression * .call(.builtin(.ones), sizes, .none)
  }

  /// What reaches an operand of shape `target` that was broadcast to `full`: the sum over every axis along which
  /// it was repeated.
  func summed(from full: Shape, to target: Shape) -> Cotangent {
    guard full != target else { return self }
    var expression = expression
    var repeats = 1
    // One axis to sum over keeps its name: the bias of a single unit is sum(dZ, axis=0), as for many.
    let summedAxes = full.dimensions.count { $0 > 1 }
    if target.isScalar
      || (target.count == 1 && target.rank <= full.rank && shape.count == full.count && summedAxes > 1)
    {
      for (axis, extent) in full.dimensions.enumerated() where self.extent(axis, in: full) == 1 {
        repeats *= extent
      }
      if shape.count > 1 { expression = .call(.sum, expression) }
      if repeats > 1 { expression = expression * .number(Double(repeats)) }
      if target.isScalar { return Cotangent(expression, .scalar) }
      return Cotangent(.call(.builtin(.reshape), [expression] + target.sizes, .none), target)
    }
    let missing = full.rank - target.rank
    var current = shape
    for (axis, extent) in full.dimensions.enumerated() {
      let own = axis < missing ? 1 : target.dimensions[axis - missing]
      guard own == 1, extent > 1 else { continue }
      if self.extent(axis, in: full) == 1 {
        repeats *= extent
      } else {
        let position = axis - (full.rank - current.rank)
        expression = .call(.sum, expression, axis: position)
        current = current.reducing(axis: position)
      }
    }
    if repeats > 1 { expression = expression * .number(Double(repeats)) }
    // A vector that was a row of a matrix loses the axis it never had.
    if current.rank > target.rank {
      let kept = Shape(Array(current.dimensions.suffix(target.rank)))
      return Cotangent(.call(.builtin(.reshape), [expression] + kept.sizes, .none), kept)
    }
    return Cotangent(expression, current)
  }

  /// This formula's own extent along an axis of the full shape.
  private func extent(_ axis: Int, in full: Shape) -> Int {
    let own = axis - (full.rank - shape.rank)
    return own >= 0 && own < shape.rank ? shape.dimensions[own] : 1
  }
}

extension Shape {
  /// The extents as numbers in a formula.
  var sizes: [Expression] { dimensions.map { .number(Double($0)) } }
}
