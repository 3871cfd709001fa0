// Entry-by-entry operations with NumPy's broadcasting.

extension Tensor {
  /// `self ∘ other` with both broadcast to a common shape; nil when the shapes do not meet.
  package func combined(
    with other: Tensor, _ operation: (Double, Double) -> Double
  ) -> Tensor? {
    if shape == other.shape {
      var result = elements
      other.elements.withUnsafeBufferPointer { b in
        for i in result.indices { result[i] = operation(result[i], b[i]) }
      }
      return Tensor(unchecked: shape, result)
    }
    guard let target = shape.broadcast(with: other.shape), target.checkedCount != nil else { return nil }
    if other.count == 1, target == shape {
      let b = other.elements[0]
      return Tensor(unchecked: target, elements.map { operation($0, b) })
    }
    if count == 1, target == other.shape {
      let a = elements[0]
      return Tensor(unchecked: target, other.elements.map { operation(a, $0) })
    }
    let left = broadcastPositions(to: target)
    let right = other.broadcastPositions(to: target)
    return Tensor(
      unchecked: target, zip(left, right).map { operation(elements[$0], other.elements[$1]) })
  }

  /// The entries of `target` taken from this tensor by broadcasting; nil when its shape does not stretch to it.
  package func broadcast(to target: Shape) -> Tensor? {
    if shape == target { return self }
    guard shape.broadcast(with: target) == target, target.checkedCount != nil else { return nil }
    return Tensor(unchecked: target, broadcastPositions(to: target).map { elements[$0] })
  }

  /// For every entry of `target`, row-major, the flat position here that it reads.
  private func broadcastPositions(to target: Shape) -> [Int] {
    let missing = target.rank - rank
    var strides = [Int](repeating: 0, count: target.rank)
    var stride = 1
    for axis in shape.dimensions.indices.reversed() {
      strides[axis + missing] = shape.dimensions[axis] == 1 ? 0 : stride
      stride *= shape.dimensions[axis]
    }
    var positions = [0]
    for (extent, stride) in zip(target.dimensions, strides) {
      positions = positions.flatMap { base in (0..<extent).map { base + $0 * stride } }
    }
    return positions
  }

  /// Sums this tensor down to `target`, over the axes along which `target` was broadcast: the backward of
  /// broadcasting. Nil when `target` does not stretch to this shape.
  package func summed(to target: Shape) -> Tensor? {
    if shape == target { return self }
    guard let missing = Optional(rank - target.rank), missing >= 0 else { return nil }
    var result = self
    for axis in 0..<rank where axis < missing || target.dimensions[axis - missing] == 1 {
      result = result.sum(axis: axis)
    }
    return result.reshaped(target)
  }
}
