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
