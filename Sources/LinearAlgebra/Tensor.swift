/// A dense row-major array of doubles with value semantics.
package struct Tensor: Hashable, Sendable {
  package let shape: Shape
  package private(set) var elements: [Double]

  /// Nil when the number of elements is not what the shape says.
  package init?(shape: Shape, elements: [Double]) {
    guard shape.checkedCount == elements.count else { return nil }
    self.shape = shape
    self.elements = elements
  }

  /// For callers in this package that built `elements` to fit; asserted in debug builds only.
  package init(unchecked shape: Shape, _ elements: [Double]) {
    assert(shape.count == elements.count)
    self.shape = shape
    self.elements = elements
  }

  package init(_ scalar: Double) {
    shape = .scalar
    elements = [scalar]
  }

  package init(repeating value: Double, shape: Shape) {
    self.shape = shape
    elements = [Double](repeating: value, count: shape.count)
  }

  /// Nil for a ragged array.
  package init?(rows: [[Double]]) {
    let width = rows.first?.count ?? 0
    guard rows.allSatisfy({ $0.count == width }) else { return nil }
    self.init(shape: [rows.count, width], elements: rows.flatMap { $0 })
  }

  /// Equal to the last bit: -0 is not 0, and nan is itself.
  package func isIdentical(to other: Tensor) -> Bool {
    guard shape == other.shape else { return false }
    return elements.withUnsafeBytes { a in
      other.elements.withUnsafeBytes { b in a.baseAddress == b.baseAddress || a.elementsEqual(b) }
    }
  }

  package var count: Int { elements.count }
  package var rank: Int { shape.rank }

  /// The only element of a scalar (or of any one-element tensor).
  package var scalarValue: Double? { elements.count == 1 ? elements[0] : nil }

  package var isFinite: Bool { elements.allSatisfy { $0.isFinite } }

  /// Entry (row, column) of a matrix; nil outside it.
  package subscript(row: Int, column: Int) -> Double? {
    guard rank == 2, row >= 0, column >= 0, row < shape.rows, column < shape.columns else { return nil }
    return elements[row &* shape.columns &+ column]
  }

  /// The multi-index of a flat position, for naming an entry.
  package func index(at position: Int) -> [Int] { shape.index(at: position) }

  /// The flat position of a multi-index, or nil outside the tensor.
  package func position(of index: [Int]) -> Int? { shape.position(of: index) }

  /// The same elements under another shape; nil when the counts differ.
  package func reshaped(_ shape: Shape) -> Tensor? { Tensor(shape: shape, elements: elements) }

  package func map(_ transform: (Double) -> Double) -> Tensor {
    Tensor(writing: shape, count) { out in
      elements.withUnsafeBufferPointer { source in
        Interruption.inStretches(count) { for i in $0 { out[i] = transform(source[i]) } }
      }
    }
  }

  package mutating func replaceElement(at position: Int, with value: Double) {
    guard elements.indices.contains(position) else { return }
    elements[position] = value
  }

  package mutating func withUnsafeMutableElements<R>(_ body: (UnsafeMutableBufferPointer<Double>) -> R) -> R {
    elements.withUnsafeMutableBufferPointer { body($0) }
  }
}
