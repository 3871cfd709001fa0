import CKernels

/// One operation of a fused elementwise loop that has a kernel. Raw values are those of the C table.
package enum BlockOperation: Hashable, Sendable {
  case add, subtract, multiply, divide
  case less, lessOrEqual, greater, greaterOrEqual, equal, notEqual
  case maximum, minimum
  case negative, relu, squareRoot, absolute
  case `where`, clip, sigmoid, tanh, exp

  var code: Int {
    switch self {
    case .add: sg_block_add
    case .subtract: sg_block_subtract
    case .multiply: sg_block_multiply
    case .divide: sg_block_divide
    case .less: sg_block_less
    case .lessOrEqual: sg_block_less_or_equal
    case .greater: sg_block_greater
    case .greaterOrEqual: sg_block_greater_or_equal
    case .equal: sg_block_equal
    case .notEqual: sg_block_not_equal
    case .maximum: sg_block_maximum
    case .minimum: sg_block_minimum
    case .negative: sg_block_negative
    case .relu: sg_block_relu
    case .squareRoot: sg_block_square_root
    case .absolute: sg_block_absolute
    case .where: sg_block_where
    case .clip: sg_block_clip
    case .sigmoid: sg_block_sigmoid
    case .tanh: sg_block_tanh
    case .exp: sg_block_exp
    }
  }

  /// out = self(x, y, z) for n entries; operands that the operation does not have may be anything. `out` may be
  /// one of the operands.
  package func run(
    _ n: Int, _ x: UnsafePointer<Double>, _ y: UnsafePointer<Double>, _ z: UnsafePointer<Double>,
    _ out: UnsafeMutablePointer<Double>
  ) {
    Interruption.inStretches(n) { stretch in
      let i = stretch.lowerBound
      _ = sg_block(Int32(code), stretch.count, x + i, y + i, z + i, out + i)
    }
  }
}

/// Row-wise kernels on flat arrays, row-major.
package enum BlockKernels {
  /// J m×K×K of the softmax outputs S (m rows of K).
  package static func softmaxJacobian(of S: Tensor, samples m: Int, classes K: Int) -> Tensor {
    let shape: Shape = [m, K, K]
    return Tensor(writing: shape, shape.count) { J in
      S.elements.withUnsafeBufferPointer { s in
        if let s = s.baseAddress { sg_softmax_jacobian(m, K, s, J) }
      }
    }
  }

  /// G_i J_i for every sample; G m×K, J m×K×K → shape of G.
  package static func contract(_ G: Tensor, _ J: Tensor, samples m: Int, classes K: Int) -> Tensor {
    Tensor(writing: G.shape, G.count) { out in
      G.elements.withUnsafeBufferPointer { g in
        J.elements.withUnsafeBufferPointer { j in
          if let g = g.baseAddress, let j = j.baseAddress { sg_contract(m, K, g, j, out) }
        }
      }
    }
  }

  /// G_i J_i for every sample with J = softmax' taken from S, row by row and never stored; G, S m×K.
  package static func contractSoftmax(_ G: Tensor, _ S: Tensor, samples m: Int, classes K: Int) -> Tensor {
    Tensor(writing: G.shape, G.count) { out in
      G.elements.withUnsafeBufferPointer { g in
        S.elements.withUnsafeBufferPointer { s in
          if let g = g.baseAddress, let s = s.baseAddress { sg_contract_softmax(m, K, g, s, out) }
        }
      }
    }
  }

  /// x ∘ y entry by entry for the four operations, both broadcast to a common shape; nil when the shapes do not meet.
  package enum Arithmetic: Sendable { case add, subtract, multiply, divide }

  package static func combine(_ x: Tensor, _ y: Tensor, _ operation: Arithmetic) -> Tensor? {
    let (left, right) = (x.shape, y.shape)
    let isOneLine = left == right || right.isScalar
    guard let target = isOneLine ? left : left.broadcast(with: right), target.checkedCount != nil else {
      return nil
    }
    return Tensor(writing: target, target.count) { out in
      x.elements.withUnsafeBufferPointer { a in
        y.elements.withUnsafeBufferPointer { b in
          guard let x = a.baseAddress, let y = b.baseAddress else { return }
          func run(_ line: Broadcasting.Line) {
            let (n, out, x, y) = (line.count, out + line.start, x + line.left, y + line.right)
            switch (line.leftStride, line.rightStride) {
            case (1, 1): Self.run(operation, n, x, y, out)
            case (1, _): Self.run(operation, n, x, y.pointee, out)
            case (_, 1): Self.run(operation, n, x.pointee, y, out)
            default:
              var result = 0.0
              Self.run(operation, 1, x, y, &result)
              for i in 0..<n { out[i] = result }
            }
          }
          // Small values are many: nothing is worked out for what is read in one line.
          if isOneLine {
            let stride = right.isScalar ? 0 : 1
            Interruption.inStretches(a.count) { stretch in
              let start = stretch.lowerBound
              run(
                .init(
                  start: start, count: stretch.count, left: start, right: start * stride, leftStride: 1,
                  rightStride: stride))
            }
          } else {
            Broadcasting(left, right, to: target).eachLine(run)
          }
        }
      }
    }
  }

  private static func run(
    _ operation: Arithmetic, _ n: Int, _ x: UnsafePointer<Double>, _ y: UnsafePointer<Double>,
    _ out: UnsafeMutablePointer<Double>
  ) {
    switch operation {
    case .add: sg_add(n, x, y, out)
    case .subtract: sg_subtract(n, x, y, out)
    case .multiply: sg_multiply_elements(n, x, y, out)
    case .divide: for i in 0..<n { out[i] = x[i] / y[i] }
    }
  }

  private static func run(
    _ operation: Arithmetic, _ n: Int, _ x: UnsafePointer<Double>, _ y: Double,
    _ out: UnsafeMutablePointer<Double>
  ) {
    switch operation {
    case .add: for i in 0..<n { out[i] = x[i] + y }
    case .subtract: for i in 0..<n { out[i] = x[i] - y }
    case .multiply: for i in 0..<n { out[i] = x[i] * y }
    case .divide: for i in 0..<n { out[i] = x[i] / y }
    }
  }

  private static func run(
    _ operation: Arithmetic, _ n: Int, _ x: Double, _ y: UnsafePointer<Double>,
    _ out: UnsafeMutablePointer<Double>
  ) {
    switch operation {
    case .add: for i in 0..<n { out[i] = x + y[i] }
    case .subtract: for i in 0..<n { out[i] = x - y[i] }
    case .multiply: for i in 0..<n { out[i] = x * y[i] }
    case .divide: for i in 0..<n { out[i] = x / y[i] }
    }
  }

  /// out (1×n) = the sum of m rows of n.
  package static func columnSums(
    _ m: Int, _ n: Int, _ x: UnsafePointer<Double>, _ out: UnsafeMutablePointer<Double>
  ) {
    sg_column_sums(m, n, x, out)
  }

  /// out = (bytes − shift) / divisor, entry by entry.
  package static func scale(
    _ n: Int, _ bytes: UnsafePointer<UInt8>, shift: UnsafePointer<Double>, divisor: UnsafePointer<Double>,
    _ out: UnsafeMutablePointer<Double>
  ) {
    sg_scale_bytes(n, bytes, shift, divisor, out)
  }

  package static func sum(_ n: Int, _ x: UnsafePointer<Double>) -> Double { sg_sum(n, x) }

  package static func rowSoftmax(
    _ m: Int, _ n: Int, _ z: UnsafePointer<Double>, _ s: UnsafeMutablePointer<Double>
  ) {
    sg_row_softmax(m, n, z, s)
  }

  package static func rowLogSumExp(
    _ m: Int, _ n: Int, _ z: UnsafePointer<Double>, _ out: UnsafeMutablePointer<Double>
  ) {
    sg_row_logsumexp(m, n, z, out)
  }

  /// out (columns×rows) = x (rows×columns) transposed.
  package static func transpose(
    rows: Int, columns: Int, _ x: UnsafePointer<Double>, _ out: UnsafeMutablePointer<Double>
  ) {
    sg_transpose(rows, columns, x, out)
  }
}
