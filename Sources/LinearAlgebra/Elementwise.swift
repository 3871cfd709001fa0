// Entry-by-entry operations with NumPy's broadcasting.

extension Tensor {
  /// `self ∘ other` with both broadcast to a common shape; nil when the shapes do not meet.
  package func combined(
    with other: Tensor, _ operation: (Double, Double) -> Double
  ) -> Tensor? {
    if shape == other.shape {
      return Tensor(writing: shape, count) { out in
        elements.withUnsafeBufferPointer { a in
          other.elements.withUnsafeBufferPointer { b in
            Interruption.inStretches(count) { for i in $0 { out[i] = operation(a[i], b[i]) } }
          }
        }
      }
    }
    guard let target = shape.broadcast(with: other.shape), target.checkedCount != nil else { return nil }
    if other.count == 1, target == shape {
      let b = other.elements[0]
      return Tensor(unchecked: target, map { operation($0, b) }.elements)
    }
    if count == 1, target == other.shape {
      let a = elements[0]
      return Tensor(unchecked: target, other.map { operation(a, $0) }.elements)
    }
    let left = broadcastPositions(to: target)
    let right = other.broadcastPositions(to: target)
    return Tensor(writing: target, left.count) { out in
      Interruption.inStretches(left.count) {
        for i in $0 { out[i] = operation(elements[left[i]], other.elements[right[i]]) }
      }
    }
  }

  /// The entries of `target` taken from this tensor by broadcasting; nil when its shape does not stretch to it.
  package func broadcast(to target: Shape) -> Tensor? {
    if shape == target { return self }
    guard shape.broadcast(with: target) == target, target.checkedCount != nil else { return nil }
    let positions = broadcastPositions(to: target)
    return Tensor(writing: target, positions.count) { out in
      Interruption.inStretches(positions.count) { for i in $0 { out[i] = elements[positions[i]] } }
    }
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
    // Of as many entries as the target has, whatever happens: who asks goes through all of them.
    var positions = [Int](repeating: 0, count: target.count)
    var index = [Int](repeating: 0, count: target.rank)
    var position = 0
    Interruption.inStretches(target.count) { stretch in
      for i in stretch {
        positions[i] = position
        var axis = target.rank - 1
        while axis >= 0 {
          index[axis] += 1
          position += strides[axis]
          if index[axis] < target.dimensions[axis] { break }
          position -= strides[axis] * index[axis]
          index[axis] = 0
          axis -= 1
        }
      }
    }
    return positions
  }
}
