import LinearAlgebra

/// How a program's array holds a value of the pass.
enum ReviewForm: Sendable, CaseIterable {
  case same, transposed, flattened

  /// The array as the pass has it; nil when it cannot be that in this form.
  func turned(_ tensor: Tensor, to shape: Shape) -> Tensor? {
    switch self {
    case .same: tensor.shape == shape ? tensor : nil
    case .transposed: tensor.rank == 2 && tensor.shape.transposed == shape ? tensor.transposed() : nil
    case .flattened:
      tensor.shape != shape && tensor.count == shape.count && tensor.shape.isLine(like: shape)
        ? tensor.reshaped(shape) : nil
    }
  }

  /// Every way to read an array as a value of this shape.
  static func readings(_ tensor: Tensor, as shape: Shape) -> [(form: ReviewForm, tensor: Tensor)] {
    allCases.compactMap { form in
      form.turned(tensor, to: shape).map { (form, $0) }
    }
  }
}

extension Shape {
  /// Equal but for axes of extent 1, or either of them flat.
  fileprivate func isLine(like other: Shape) -> Bool {
    let (a, b) = (dimensions.filter { $0 != 1 }, other.dimensions.filter { $0 != 1 })
    return a == b || ((a.count == 1) != (b.count == 1) && other.rank > 2)
  }
}

extension Tensor {
  /// Equal up to what rounding in a precision may do, measured by the largest entry.
  func agrees(with other: Tensor, tolerance: Double) -> Bool {
    guard shape == other.shape else { return false }
    let allowed = tolerance * Swift.max(largestMagnitude, other.largestMagnitude)
    for (x, y) in zip(elements, other.elements) where x != y && !(x.isNaN && y.isNaN) {
      guard Swift.abs(x - y) <= allowed else { return false }
    }
    return true
  }

  /// All entries are one number, so that being equal to it says nothing.
  var isConstant: Bool { elements.allSatisfy { $0 == elements[0] } }

  /// The number that this is times another; nil when it is none.
  func factor(of other: Tensor, tolerance: Double) -> Double? {
    guard shape == other.shape,
      let place = other.elements.indices.max(by: {
        Swift.abs(other.elements[$0]) < Swift.abs(other.elements[$1])
      }), other.elements[place] != 0
    else { return nil }
    let factor = elements[place] / other.elements[place]
    guard factor.isFinite, factor != 0 else { return nil }
    return agrees(with: other.map { $0 * factor }, tolerance: tolerance) ? factor : nil
  }
}
