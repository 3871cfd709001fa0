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
    return Tensor(writing: target, target.count) { out in
      elements.withUnsafeBufferPointer { a in
        other.elements.withUnsafeBufferPointer { b in
          Broadcasting(shape, other.shape, to: target).eachLine { line in
            for i in 0..<line.count {
              out[line.start + i] = operation(
                a[line.left + i * line.leftStride], b[line.right + i * line.rightStride])
            }
          }
        }
      }
    }
  }

  /// The entries of `target` taken from this tensor by broadcasting; nil when its shape does not stretch to it.
  package func broadcast(to target: Shape) -> Tensor? {
    if shape == target { return self }
    guard shape.broadcast(with: target) == target, target.checkedCount != nil else { return nil }
    return Tensor(writing: target, target.count) { out in
      elements.withUnsafeBufferPointer { a in
        Broadcasting(shape, target, to: target).eachLine { line in
          for i in 0..<line.count { out[line.start + i] = a[line.left + i * line.leftStride] }
        }
      }
    }
  }
}

/// Two values stretched to a common shape, gone through in lines along its last axes: within a line each is read on, or
/// stays where it is.
struct Broadcasting {
  struct Line {
    /// Where the line begins in the target, and how many entries it has.
    var start = 0
    var count: Int
    /// Where it begins in the values, and how far they move with every entry: 1, or 0.
    var left = 0
    var right = 0
    let leftStride: Int
    let rightStride: Int
  }

  private var extents: [Int]
  /// How far a value moves with every axis of the target; 0 where it is stretched.
  private var left: [Int]
  private var right: [Int]

  init(_ left: Shape, _ right: Shape, to target: Shape) {
    func strides(_ shape: Shape) -> [Int] {
      var strides = [Int](repeating: 0, count: target.rank)
      var stride = 1
      for (axis, extent) in shape.dimensions.enumerated().reversed() {
        strides[axis + target.rank - shape.rank] = extent == 1 ? 0 : stride
        stride *= extent
      }
      return strides
    }
    extents = target.dimensions
    self.left = strides(left)
    self.right = strides(right)
    // Axes of one entry are none; two are one where both values go on from the end of a line to the next.
    for axis in extents.indices.reversed() where extents[axis] == 1 { remove(axis) }
    while let last = extents.indices.last, last > 0, self.left[last - 1] == self.left[last] * extents[last],
      self.right[last - 1] == self.right[last] * extents[last]
    {
      extents[last] *= extents[last - 1]
      remove(last - 1)
    }
  }

  private mutating func remove(_ axis: Int) {
    extents.remove(at: axis)
    left.remove(at: axis)
    right.remove(at: axis)
  }

  /// Until it is interrupted.
  func eachLine(_ body: (Line) -> Void) {
    let width = extents.last ?? 1
    let lines = extents.dropLast().reduce(1, *)
    guard width > 0, lines > 0 else { return }
    var index = [Int](repeating: 0, count: max(0, extents.count - 1))
    var line = Line(count: width, leftStride: left.last ?? 0, rightStride: right.last ?? 0)
    var entriesUntilQuestion = 0
    for _ in 0..<lines {
      if entriesUntilQuestion <= 0 {
        if Interruption.isRequested { return }
        entriesUntilQuestion = Interruption.stretch
      }
      entriesUntilQuestion -= width
      if width <= Interruption.stretch {
        body(line)
      } else {
        Interruption.inStretches(width) { stretch in
          var part = line
          part.count = stretch.count
          part.start += stretch.lowerBound
          part.left += stretch.lowerBound * line.leftStride
          part.right += stretch.lowerBound * line.rightStride
          body(part)
        }
      }
      line.start += width
      var axis = index.count - 1
      while axis >= 0 {
        index[axis] += 1
        line.left += left[axis]
        line.right += right[axis]
        if index[axis] < extents[axis] { break }
        line.left -= left[axis] * index[axis]
        line.right -= right[axis] * index[axis]
        index[axis] = 0
        axis -= 1
      }
    }
  }
}
