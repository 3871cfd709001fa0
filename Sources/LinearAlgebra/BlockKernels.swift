import CKernels

/// One operation of a fused elementwise loop that has a kernel. Raw values are those of the C table.
package enum BlockOperation: Hashable, Sendable {
  case add, subtract, multiply, divide
  case less, lessOrEqual, greater, greaterOrEqual, equal, notEqual
  case maximum, minimum
  case negative, relu, squareRoot, absolute
  case `where`, clip, sigmoid, tanh, exp, erf

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
    case .erf: sg_block_erf
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

  /// out (1×n) = the sum of m rows of n.
  package static func columnSums(
    _ m: Int, _ n: Int, _ x: UnsafePointer<Double>, _ out: UnsafeMutablePointer<Double>
  ) {
    sg_column_sums(m, n, x, out)
  }

  /// A product B = A @ W again and again, each time with one column of A changed: B + Δ ⊗ W[j,:], below each other.
  /// - Parameters:
  ///   - next: B, m×p.
  ///   - changed: for each copy the column as it is now, m numbers.
  ///   - before: A, m×n.
  ///   - columns: for each copy, which column it is.
  ///   - weights: W, n×p.
  /// - Returns: nil where these sizes do not meet.
  package static func movedRows(
    of next: Tensor, by changed: [Double], instead before: Tensor, columns: [Int], weights: Tensor
  ) -> Tensor? {
    let (m, n, p) = (next.shape.rows, before.shape.columns, next.shape.columns)
    guard changed.count == columns.count * m, columns.allSatisfy((0..<n).contains), before.shape.rows == m,
      weights.shape == [n, p]
    else { return nil }
    return Tensor(writing: [columns.count * m, p], reading: [next, before, weights]) { operands, out in
      changed.withUnsafeBufferPointer { changed in
        columns.withUnsafeBufferPointer { columns in
          guard let changed = changed.baseAddress, let first = columns.baseAddress else { return }
          sg_moved_rows(columns.count, m, n, p, operands[0], changed, operands[1], first, operands[2], out)
        }
      }
    }
  }

  /// Rows of bytes, chosen by their positions, each as (bytes − shift) / divisor; rows of n. Positions are not checked.
  package static func scaleRows(
    _ positions: ArraySlice<Int>, of bytes: UnsafePointer<UInt8>, _ n: Int, shift: UnsafePointer<Double>,
    divisor: UnsafePointer<Double>, _ out: UnsafeMutablePointer<Double>
  ) {
    positions.withUnsafeBufferPointer { rows in
      if let first = rows.baseAddress { sg_scale_rows(rows.count, n, bytes, first, shift, divisor, out) }
    }
  }

  /// out (m) = the sum of each of m rows of n, from left to right.
  package static func rowSums(
    _ m: Int, _ n: Int, _ x: UnsafePointer<Double>, _ out: UnsafeMutablePointer<Double>
  ) {
    sg_row_sums(m, n, x, out)
  }

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
