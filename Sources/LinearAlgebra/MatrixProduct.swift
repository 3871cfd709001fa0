import CKernels

/// Products of row-major matrices.
package enum MatrixProduct {
  /// C = alpha·op(A)·op(B) + beta·C without allocation; op(A) m×k, op(B) k×n, C m×n, each stored without gaps
  /// between rows. With beta = 0, C is only written. C must not overlap A or B. Up to 32768 multiplications
  /// the sum over k runs from left to right, each term rounded, as in a calculation by hand.
  package static func multiply(
    m: Int, n: Int, k: Int, a: UnsafePointer<Double>, transposeA: Bool = false, b: UnsafePointer<Double>,
    transposeB: Bool = false, c: UnsafeMutablePointer<Double>, alpha: Double = 1, beta: Double = 0
  ) {
    let strideA = transposeA ? m : k
    let strideB = transposeB ? k : n
    sg_multiply(m, n, k, alpha, a, strideA, transposeA, b, strideB, transposeB, beta, c, n)
  }
}

extension MatrixProduct {
  /// Multiplies and adds on every thread without fetching anything, and returns how many operations that was: what no
  /// product can be faster than.
  package static func operationsOfBound(rounds: Int) -> Double { sg_multiply_adds(rounds) }
}

/// Products of the matrices of two stacks, whose leading axes are broadcast; a vector is a row on the left and a column
/// on the right.
package struct StackedProduct: Sendable {
  fileprivate let m, n, k: Int
  fileprivate let a: [Int]
  fileprivate let b: [Int]

  /// Nil where the shapes do not meet.
  package init?(_ left: Shape, _ right: Shape) {
    guard left.product(with: right) != nil else { return nil }
    let (p, q) = (Shape(left.dimensions.dropLast(2)), Shape(right.dimensions.dropLast(2)))
    guard let stack = p.broadcast(with: q) else { return nil }
    (m, k, n) = (left.rank > 1 ? left.rows : 1, left.columns, right.rank > 1 ? right.columns : 1)
    let (sizeA, sizeB) = (m * k, k * n)
    a = p.broadcastPositions(to: stack).map { $0 * sizeA }
    b = q.broadcastPositions(to: stack).map { $0 * sizeB }
  }

  package func run<Number: KernelNumber>(
    _ x: UnsafePointer<Number>, _ y: UnsafePointer<Number>, into out: UnsafeMutablePointer<Number>,
    alpha: Double = 1, beta: Double = 0
  ) {
    for i in a.indices where !Interruption.isRequested {
      Number.multiply(
        m: m, n: n, k: k, a: x + a[i], transposeA: false, b: y + b[i], transposeB: false, c: out + i * m * n,
        alpha: alpha, beta: beta)
    }
  }
}

extension StackedProduct {
  /// The same in float32, each product and each partial sum rounded.
  func runSingle(
    _ x: UnsafePointer<Double>, _ y: UnsafePointer<Double>, into out: UnsafeMutablePointer<Double>
  ) {
    for s in a.indices where !Interruption.isRequested {
      for i in 0..<m {
        for j in 0..<n {
          var sum: Float = 0
          for e in 0..<k { sum += Float(x[a[s] + i * k + e]) * Float(y[b[s] + e * n + j]) }
          out[(s * m + i) * n + j] = Double(sum)
        }
      }
    }
  }
}

extension Tensor {
  /// The matrix product as NumPy defines `@`; nil when the shapes do not meet or the
  /// result would be too large.
  package func product(_ other: Tensor) -> Tensor? {
    product(other, transposingSelf: false, transposingOther: false)
  }

  /// op(self) @ op(other), op being the transpose where asked, without making the transpose.
  package func product(_ other: Tensor, transposingSelf: Bool, transposingOther: Bool) -> Tensor? {
    let left = transposingSelf ? shape.transposed : shape
    let right = transposingOther ? other.shape.transposed : other.shape
    guard let result = left.product(with: right), let count = result.checkedCount else { return nil }
    if rank > 2 || other.rank > 2 {
      let (a, b) = (transposingSelf ? transposed() : self, transposingOther ? other.transposed() : other)
      guard let stack = StackedProduct(left, right) else { return nil }
      return Tensor(writing: result, reading: [a, b]) { stack.run($0[0], $0[1], into: $1) }
    }
    let m = left.rank == 2 ? left.dimensions[0] : 1
    let n = right.rank == 2 ? right.dimensions[1] : 1
    let k = right.rank == 2 ? right.dimensions[0] : right.columns
    return Tensor(writing: result, count) { c in
      elements.withUnsafeBufferPointer { a in
        other.elements.withUnsafeBufferPointer { b in
          guard let a = a.baseAddress, let b = b.baseAddress else {
            return c.update(repeating: 0, count: count)
          }
          // A vector is its own transpose.
          MatrixProduct.multiply(
            m: m, n: n, k: k, a: a, transposeA: transposingSelf && rank == 2, b: b,
            transposeB: transposingOther && other.rank == 2, c: c)
        }
      }
    }
  }

  /// All axes in reverse order, as `.T` in NumPy.
  package func transposed() -> Tensor {
    guard rank >= 2, count > 0 else { return Tensor(unchecked: shape.transposed, elements) }
    let result = shape.transposed
    return Tensor(writing: result, count) { out in
      elements.withUnsafeBufferPointer { source in
        guard let source = source.baseAddress else { return }
        if rank == 2 { return sg_transpose(shape.rows, shape.columns, source, out) }
        // The stride in `self` of each axis of the result.
        var strides: [Int] = []
        var stride = 1
        for extent in shape.dimensions.reversed() {
          strides.append(stride)
          stride *= extent
        }
        var index = [Int](repeating: 0, count: rank)
        var position = 0
        for target in 0..<count where target & 0xFFFF != 0 || !Interruption.isRequested {
          out[target] = source[position]
          var axis = rank - 1
          while axis >= 0 {
            index[axis] += 1
            position += strides[axis]
            if index[axis] < result.dimensions[axis] { break }
            position -= strides[axis] * index[axis]
            index[axis] = 0
            axis -= 1
          }
        }
      }
    }
  }

  /// A tensor that a kernel writes, all of it, from the elements of others.
  package init(
    writing shape: Shape, reading operands: [Tensor],
    _ body: (_ operands: [UnsafeMutablePointer<Double>], _ result: UnsafeMutablePointer<Double>) -> Void
  ) {
    self.init(writing: shape, shape.count) { out in
      func open(_ i: Int, _ pointers: [UnsafeMutablePointer<Double>]) {
        guard i < operands.count else { return body(pointers, out) }
        operands[i].elements.withUnsafeBufferPointer { buffer in
          // Empty arrays have no address; nothing is read through it. Kernels never write to their operands.
          guard let base = buffer.baseAddress else { return open(i + 1, pointers + [out]) }
          open(i + 1, pointers + [UnsafeMutablePointer(mutating: base)])
        }
      }
      open(0, [])
    }
  }

  /// A tensor whose `count` elements the closure writes, all of them.
  init(writing shape: Shape, _ count: Int, _ body: (UnsafeMutablePointer<Double>) -> Void) {
    let elements = [Double](unsafeUninitializedCapacity: count) { buffer, initialized in
      if let base = buffer.baseAddress, count > 0 {
        Memory.preferLargePages(base, count * MemoryLayout<Double>.stride)
        body(base)
      }
      initialized = count
    }
    self.init(unchecked: shape, elements)
  }
}
