import LinearAlgebra
import Platform

extension Kernel {
  /// What runs at these shapes; nil where there is nothing, or where it does not suit them.
  package func checked(_ setting: Operation.Setting, _ shape: Shape) -> CheckedRun? {
    switch self {
    case .checked(let prepare): return prepare(setting, shape)
    case .prepared(let prepare):
      guard let run = prepare(setting, shape) else { return nil }
      return { operands, out in
        run(operands, out)
        return nil
      }
    case .entries, .power, .product, .transpose, .reshape: return nil
    }
  }

  package typealias LineKernel =
    @Sendable (
      _ lines: Lines, _ x: UnsafePointer<Double>, _ out: UnsafeMutablePointer<Double>
    ) -> Void

  /// A kernel over the lines along the axis that is named, all entries where none is.
  static func lines(
    default usual: Int? = nil, keepsShape: Bool = false, _ kernel: @escaping LineKernel
  ) -> Kernel {
    lines(default: usual, keepsShape: keepsShape) { _ in kernel }
  }

  /// One that depends on options.
  static func lines(
    default usual: Int? = nil, keepsShape: Bool = false,
    _ make: @escaping @Sendable (Operation.Setting) -> LineKernel
  ) -> Kernel {
    .prepared { setting, _ in
      guard let shape = setting.shapes.first else { return nil }
      let kernel = make(setting)
      if let axes = setting.options.axes, axes.count > 1 {
        return several(axes, of: shape, keepsShape: keepsShape, kernel)
      }
      let asked = setting.options.axis ?? usual
      let axis = asked.flatMap { shape.axis($0) }
      guard (asked == nil) == (axis == nil) else { return nil }
      let lines = Lines(shape, axis: axis)
      return { kernel(lines, $0[0], $1) }
    }
  }

  /// Several axes at once: they are brought to the end and taken as one.
  private static func several(
    _ axes: [Int], of shape: Shape, keepsShape: Bool, _ kernel: @escaping LineKernel
  ) -> Run? {
    guard let positions = shape.positions(bringingToEnd: axes) else { return nil }
    let count = axes.compactMap { shape.axis($0) }.reduce(1) { $0 * shape.dimensions[$1] }
    let lines = Lines([count == 0 ? 0 : positions.count / count, count], axis: 1)
    let (input, output) = (Scratch(positions.count), Scratch(keepsShape ? positions.count : 0))
    return { operands, out in
      for (i, position) in positions.enumerated() { input.pointer[i] = operands[0][position] }
      kernel(lines, input.pointer, keepsShape ? output.pointer : out)
      if keepsShape { for (i, position) in positions.enumerated() { out[position] = output.pointer[i] } }
    }
  }
}

/// The lines of numbers along one axis of an array (all of it without an axis): outer × extent × inner.
package struct Lines {
  let outer, extent, inner: Int

  package init(_ shape: Shape, axis: Int?) {
    guard let axis else {
      (outer, extent, inner) = (1, shape.count, 1)
      return
    }
    outer = shape.dimensions[..<axis].reduce(1, *)
    extent = shape.dimensions[axis]
    inner = shape.dimensions[(axis + 1)...].reduce(1, *)
  }

  package func sum(_ x: UnsafePointer<Double>, _ out: UnsafeMutablePointer<Double>) {
    if inner == 1 { return BlockKernels.rowSums(outer, extent, x, out) }
    for o in 0..<outer where !Interruption.isRequested {
      BlockKernels.columnSums(extent, inner, x + o * extent * inner, out + o * inner)
    }
  }

  package func mean(_ x: UnsafePointer<Double>, _ out: UnsafeMutablePointer<Double>) {
    sum(x, out)
    for i in 0..<outer * inner { out[i] /= Double(extent) }
  }

  package func variance(
    _ x: UnsafePointer<Double>, _ out: UnsafeMutablePointer<Double>, ddof: Double
  ) {
    each(x) { position, line in
      var sum = 0.0
      for e in 0..<extent { sum += line[e] }
      var mean = sum / Double(extent)
      // A sum of equal numbers is rounded, and they would differ from their mean: what is missing to it is exact.
      var missing = 0.0
      for e in 0..<extent { missing += line[e] - mean }
      mean += missing / Double(extent)
      var squares = 0.0
      for e in 0..<extent { squares += (line[e] - mean) * (line[e] - mean) }
      out[position] = squares / (Double(extent) - ddof)
    }
  }

  package func logSumExp(_ x: UnsafePointer<Double>, _ out: UnsafeMutablePointer<Double>) {
    if inner == 1 { return BlockKernels.rowLogSumExp(outer, extent, x, out) }
    each(x) { position, line in
      let most = line.largest
      if !most.isFinite {
        out[position] = most
      } else {
        var sum = 0.0
        for e in 0..<extent { sum += exp(line[e] - most) }
        out[position] = most + log(sum)
      }
    }
  }

  package func extremum(_ x: UnsafePointer<Double>, _ out: UnsafeMutablePointer<Double>, isLargest: Bool) {
    each(x) { position, line in out[position] = isLargest ? line.largest : line.smallest }
  }

  /// 1 at the first entry of every line that is not 0.
  package func first(_ x: UnsafePointer<Double>, _ out: UnsafeMutablePointer<Double>) {
    out.update(repeating: 0, count: outer * extent * inner)
    each(x) { position, line in
      let start = position / Swift.max(1, inner) * extent * inner + position % Swift.max(1, inner)
      for e in 0..<extent where line[e] != 0 {
        out[start + e * inner] = 1
        break
      }
    }
  }

  /// The sums of the entries up to each, or from each on.
  package func cumulativeSum(_ x: UnsafePointer<Double>, _ out: UnsafeMutablePointer<Double>, reversed: Bool)
  {
    each(x) { position, line in
      let start = position / Swift.max(1, inner) * extent * inner + position % Swift.max(1, inner)
      var sum = 0.0
      for step in 0..<extent {
        let e = reversed ? extent - 1 - step : step
        sum += line[e]
        out[start + e * inner] = sum
      }
    }
  }

  /// Zero-based position of the first largest or smallest entry.
  package func position(_ x: UnsafePointer<Double>, _ out: UnsafeMutablePointer<Double>, isLargest: Bool) {
    each(x) { position, line in
      var best = 0
      for e in 0..<extent where isLargest ? line[e] > line[best] : line[e] < line[best] { best = e }
      out[position] = Double(best)
    }
  }

  package func softmax(_ z: UnsafePointer<Double>, _ s: UnsafeMutablePointer<Double>) {
    if inner == 1 { return BlockKernels.rowSoftmax(outer, extent, z, s) }
    // All lines of one outer index side by side, so that the exponential runs over whole rows.
    withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * inner) { scratch in
      guard let most = scratch.baseAddress else { return }
      let sum = most + inner
      for o in 0..<outer where !Interruption.isRequested {
        let (z, s) = (z + o * extent * inner, s + o * extent * inner)
        most.update(from: z, count: inner)
        for e in 1..<max(1, extent) {
          let row = z + e * inner
          for i in 0..<inner where row[i] > most[i] || row[i].isNaN { most[i] = row[i] }
        }
        sum.update(repeating: 0, count: inner)
        for e in 0..<extent {
          let row = s + e * inner
          BlockOperation.subtract.run(inner, z + e * inner, most, most, row)
          BlockOperation.exp.run(inner, row, row, row, row)
          BlockOperation.add.run(inner, sum, row, row, sum)
        }
        for e in 0..<extent { BlockOperation.divide.run(inner, s + e * inner, sum, sum, s + e * inner) }
      }
    }
  }

  struct Line {
    let base: UnsafePointer<Double>
    let stride, extent: Int
    subscript(e: Int) -> Double { base[e * stride] }
    var largest: Double {
      var most = -Double.infinity
      for e in 0..<extent {
        if self[e].isNaN { return .nan }
        most = Swift.max(most, self[e])
      }
      return most
    }
    var smallest: Double {
      var least = Double.infinity
      for e in 0..<extent {
        if self[e].isNaN { return .nan }
        least = Swift.min(least, self[e])
      }
      return least
    }
  }

  private func each(_ x: UnsafePointer<Double>, _ body: (Int, Line) -> Void) {
    for o in 0..<outer {
      for i in 0..<inner where !Interruption.isRequested {
        body(o * inner + i, Line(base: x + o * extent * inner + i, stride: inner, extent: extent))
      }
    }
  }
}
