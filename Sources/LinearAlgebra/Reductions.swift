import Platform

// Reductions. With an axis that axis keeps extent 1, so that a result always broadcasts against what it came
// from; without one everything is reduced to a scalar. Sums run from left to right, as one adds by hand.

extension Tensor {
  /// Folds every line of numbers along `axis` into one.
  private func reduced(axis: Int, _ fold: ([Double]) -> Double) -> Tensor {
    guard let axis = shape.axis(axis) else { return self }
    let extent = shape.dimensions[axis]
    let inner = shape.dimensions[(axis + 1)...].reduce(1, *)
    let outer = shape.dimensions[..<axis].reduce(1, *)
    var result: [Double] = []
    result.reserveCapacity(outer * inner)
    var line = [Double](repeating: 0, count: extent)
    for o in 0..<outer {
      for i in 0..<inner where !Interruption.isRequested {
        for e in 0..<extent { line[e] = elements[(o * extent + e) * inner + i] }
        result.append(fold(line))
      }
    }
    result += [Double](repeating: 0, count: outer * inner - result.count)
    return Tensor(unchecked: shape.reducing(axis: axis), result)
  }

  private func reduced(axis: Int?, _ fold: ([Double]) -> Double) -> Tensor {
    guard let axis else { return Tensor(fold(elements)) }
    return reduced(axis: axis, fold)
  }

  package func sum(axis: Int? = nil) -> Tensor {
    guard let axis, rank == 2, shape.axis(axis) == 1 else { return reduced(axis: axis) { $0.reduce(0, +) } }
    // The same sums, without a closure for every row.
    let columns = shape.columns
    return Tensor(writing: [shape.rows, 1], shape.rows) { out in
      elements.withUnsafeBufferPointer { entries in
        for row in 0..<shape.rows {
          var sum = 0.0
          for i in row * columns..<(row + 1) * columns { sum += entries[i] }
          out[row] = sum
        }
      }
    }
  }

  package func mean(axis: Int? = nil) -> Tensor {
    reduced(axis: axis) { $0.reduce(0, +) / Double($0.count) }
  }

  /// The largest entry; nan when there is one, so that a fault is not hidden.
  package func maximum(axis: Int? = nil) -> Tensor {
    reduced(axis: axis) { line in
      line.reduce(-Double.infinity) { $0.isNaN || $1.isNaN ? .nan : Swift.max($0, $1) }
    }
  }

  package func minimum(axis: Int? = nil) -> Tensor { map { -$0 }.maximum(axis: axis).map { -$0 } }

  /// Zero-based position of the first largest entry.
  package func argmax(axis: Int? = nil) -> Tensor {
    reduced(axis: axis) { line in
      var best = 0
      for i in line.indices where line[i] > line[best] { best = i }
      return Double(best)
    }
  }

  /// log Σ exp along an axis with the maximum taken out first, so that it neither overflows nor underflows.
  package func logSumExp(axis: Int? = nil) -> Tensor {
    reduced(axis: axis) { line in
      let largest = line.max() ?? -.infinity
      guard largest.isFinite else { return largest }
      return largest + log(line.reduce(0) { $0 + exp($1 - largest) })
    }
  }

  /// exp(z − max z) / Σ exp(z − max z) along an axis. Shape unchanged.
  package func softmax(axis: Int) -> Tensor {
    guard let shifted = combined(with: maximum(axis: axis), -) else { return self }
    let exponentials = shifted.map { exp($0) }
    return exponentials.combined(with: exponentials.sum(axis: axis), /) ?? exponentials
  }
}
