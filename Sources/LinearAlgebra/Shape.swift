/// The extents of a tensor, outermost first. `[]` is a scalar, `[3, 4]` three rows of four.
package struct Shape: Hashable, Sendable, ExpressibleByArrayLiteral, CustomStringConvertible {
  package let dimensions: [Int]

  package init(_ dimensions: [Int]) { self.dimensions = dimensions }
  package init(arrayLiteral elements: Int...) { dimensions = elements }

  package static let scalar = Shape([])

  /// The most elements a tensor may have: 2²⁷ doubles are 1 GiB, more than any lesson needs and less
  /// than what makes a laptop swap.
  package static let largestCount = 1 << 27

  package var rank: Int { dimensions.count }
  package var isScalar: Bool { dimensions.isEmpty }

  /// Number of elements, or nil when it exceeds `largestCount` (or an extent is negative).
  package var checkedCount: Int? {
    var count = 1
    for extent in dimensions {
      guard extent >= 0 else { return nil }
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      guard !overflow else { return nil }
      count = product
    }
    return count <= Shape.largestCount ? count : nil
  }

  /// Number of elements of a shape that a tensor already has.
  package var count: Int { dimensions.reduce(1, &*) }

  /// Rows and columns of a rank-2 shape; a row vector counts as one row, a scalar as 1×1.
  package var rows: Int { rank >= 2 ? dimensions[rank - 2] : 1 }
  package var columns: Int { dimensions.last ?? 1 }

  /// Resolves a possibly negative axis, or nil when there is no such axis.
  package func axis(_ axis: Int) -> Int? {
    let resolved = axis < 0 ? axis + rank : axis
    return dimensions.indices.contains(resolved) ? resolved : nil
  }

  /// The flat position of a multi-index, nil outside.
  package func position(of index: [Int]) -> Int? {
    guard index.count == rank else { return nil }
    var result = 0
    for (i, extent) in zip(index, dimensions) {
      guard i >= 0, i < extent else { return nil }
      result = result * extent + i
    }
    return result
  }

  /// The same shape with one axis reduced to extent 1.
  package func reducing(axis: Int) -> Shape {
    var result = dimensions
    if result.indices.contains(axis) { result[axis] = 1 }
    return Shape(result)
  }

  /// NumPy's broadcasting: right-aligned, extents equal or 1. Nil when the shapes do not meet.
  package func broadcast(with other: Shape) -> Shape? {
    let longest = max(rank, other.rank)
    var result = [Int](repeating: 1, count: longest)
    for offset in 1...max(1, longest) where offset <= longest {
      let a = offset <= rank ? dimensions[rank - offset] : 1
      let b = offset <= other.rank ? other.dimensions[other.rank - offset] : 1
      guard a == b || a == 1 || b == 1 else { return nil }
      result[longest - offset] = a == 1 ? b : a
    }
    return Shape(result)
  }

  /// The shape of a matrix product as NumPy defines `@`: of vectors, matrices, and stacks of matrices whose leading axes
  /// are broadcast.
  package func product(with other: Shape) -> Shape? {
    switch (rank, other.rank) {
    case (2, 2):
      return dimensions[1] == other.dimensions[0] ? [dimensions[0], other.dimensions[1]] : nil
    case (1, 2): return dimensions[0] == other.dimensions[0] ? [other.dimensions[1]] : nil
    case (2, 1): return dimensions[1] == other.dimensions[0] ? [dimensions[0]] : nil
    case (1, 1): return dimensions[0] == other.dimensions[0] ? .scalar : nil
    case (0, _), (_, 0): return nil
    default:
      guard columns == (other.rank == 1 ? other.columns : other.rows),
        let stack = Shape(dimensions.dropLast(2)).broadcast(with: Shape(other.dimensions.dropLast(2)))
      else { return nil }
      return Shape(
        stack.dimensions + (rank > 1 ? [rows] : []) + (other.rank > 1 ? [other.columns] : []))
    }
  }

  /// For every entry of a stack to which this one is broadcast, which of its own it reads.
  package func broadcastPositions(to stack: Shape) -> [Int] {
    (0..<stack.count).map { flat in
      let index = stack.index(at: flat).suffix(rank)
      return zip(index, dimensions).reduce(0) { $0 * $1.1 + ($1.1 == 1 ? 0 : $1.0) }
    }
  }

  /// The multi-index of a flat position: 5 in 2×4 is [1, 1].
  package func index(at position: Int) -> [Int] {
    var rest = position
    var result: [Int] = []
    for extent in dimensions.reversed() {
      result.append(extent == 0 ? 0 : rest % extent)
      rest = extent == 0 ? 0 : rest / extent
    }
    return result.reversed()
  }

  package var transposed: Shape { Shape(dimensions.reversed()) }

  /// `scalar`, `4`, `3×4`, `2×3×3`.
  package var description: String {
    isScalar ? "scalar" : dimensions.map(String.init).joined(separator: "×")
  }
}
