extension Shape {
  /// For every entry of the array with these axes in this order, its flat position here.
  package func positions(ofAxes axes: [Int]) -> [Int] {
    var strides = [Int](repeating: 1, count: rank)
    for axis in dimensions.indices.dropLast().reversed() {
      strides[axis] = strides[axis + 1] * dimensions[axis + 1]
    }
    var result = [0]
    for axis in axes {
      let (extent, stride) = (dimensions[axis], strides[axis])
      result = result.flatMap { base in (0..<extent).map { base + $0 * stride } }
    }
    return result
  }

  /// The same with some axes, counted from either end, behind the others. Nil where one is missing or named twice.
  package func positions(bringingToEnd axes: [Int]) -> [Int]? {
    let chosen = axes.compactMap { axis($0) }
    guard chosen.count == axes.count, Set(chosen).count == axes.count else { return nil }
    return positions(ofAxes: (0..<rank).filter { !chosen.contains($0) } + chosen.sorted())
  }
}

extension Tensor {
  /// The axes in another order.
  package func permuted(_ axes: [Int]) -> Tensor {
    guard axes.sorted() == Array(0..<rank) else { return self }
    let positions = shape.positions(ofAxes: axes)
    return Tensor(
      unchecked: Shape(axes.map { shape.dimensions[$0] }), positions.map { elements[$0] })
  }
}
