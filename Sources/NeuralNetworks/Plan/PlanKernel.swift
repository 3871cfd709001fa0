import Formulas
import LinearAlgebra
import Platform

/// One node of a plan that is not elementwise, over fixed addresses: everything that can be decided is decided when
/// it is made.
struct PlanKernel {
  typealias Pointer = UnsafeMutablePointer<Double>

  /// Returns what went wrong: only an evaluated formula can fail.
  let run: () -> Diagnostic?

  private init(_ run: @escaping () -> Void) {
    self.run = {
      run()
      return nil
    }
  }
  private init(isFallible: Bool, _ run: @escaping () -> Diagnostic?) { self.run = run }

  /// - Parameter inputs: address and shape of every operand, in order.
  init(_ node: PlanNode, _ inputs: [(pointer: Pointer, shape: Shape)], to out: Pointer) throws(Diagnostic) {
    let unfit = Diagnostic("the shapes of \(node.operation) do not meet")
    func input(_ i: Int) throws(Diagnostic) -> (pointer: Pointer, shape: Shape) {
      guard inputs.indices.contains(i) else { throw unfit }
      return inputs[i]
    }
    switch node.operation {
    case .constant, .leaf, .reshape: self.init {}
    case .entries(let operation):
      let loop = EntryLoop(node.shape)
      for (i, input) in inputs.enumerated() { loop.read(i, input.pointer, input.shape) }
      loop.append(operation, node: -1, sources: Array(inputs.indices), to: out)
      loop.finish()
      self.init { loop.run() }
    case .product(let transposeA, let transposeB):
      let product = ProductCall(
        try input(0), try input(1), transposeA: transposeA, transposeB: transposeB)
      self.init { product.run(into: out, alpha: 1, beta: 0) }
    case .transpose:
      let a = try input(0)
      self.init { BlockKernels.transpose(rows: a.shape.rows, columns: a.shape.columns, a.pointer, out) }
    case .reduction(let f, let axis):
      let a = try input(0)
      let lines = Lines(a.shape, axis: axis)
      self.init { lines.reduce(f, a.pointer, out) }
    case .softmax(let axis):
      let a = try input(0)
      let lines = Lines(a.shape, axis: axis)
      self.init { lines.softmax(a.pointer, out) }
    case .window(let f, let options, let size, let other):
      guard let kernel = try Self.window(f, options, size, other, inputs, out) else { throw unfit }
      self = kernel
    case .select(let positions):
      let a = try input(0)
      self.init { for (i, position) in positions.enumerated() { out[i] = a.pointer[position] } }
    case .scatter(let positions):
      let a = try input(0)
      let count = node.shape.count
      self.init {
        out.update(repeating: 0, count: count)
        for (i, position) in positions.enumerated() { out[position] = a.pointer[i] }
      }
    case .evaluated(let formula):
      let shape = node.shape
      self.init(isFallible: true) {
        var bindings = Bindings([:])
        for (i, input) in inputs.enumerated() {
          let elements = UnsafeBufferPointer(start: input.pointer, count: input.shape.count)
          bindings.values["%\(i)"] = Tensor(unchecked: input.shape, Array(elements))
        }
        switch Result(catching: { () throws(Diagnostic) in try Evaluator(bindings).value(of: formula) }) {
        case .success(let value):
          guard value.count == shape.count else { return unfit }
          for (i, element) in value.elements.enumerated() { out[i] = element }
          return nil
        case .failure(let diagnostic): return diagnostic
        }
      }
    }
  }

  private static func window(
    _ f: Builtin, _ options: CallOptions, _ size: Int, _ other: Shape?,
    _ inputs: [(pointer: Pointer, shape: Shape)], _ out: Pointer
  ) throws(Diagnostic) -> PlanKernel? {
    guard let a = inputs.first else { return nil }
    let (stride, pad) = (options.stride ?? 1, options.pad ?? 0)
    switch f {
    case .conv2d, .conv2dInputGradient, .conv2dWeightGradient:
      guard inputs.count == 2 else { return nil }
      let b = inputs[1]
      let extents =
        switch f {
        case .conv2d: ConvolutionShape(input: a.shape, kernel: b.shape, stride: stride, pad: pad)
        case .conv2dInputGradient:
          other.flatMap { ConvolutionShape(input: $0, kernel: b.shape, stride: stride, pad: pad) }
        default: other.flatMap { ConvolutionShape(input: b.shape, kernel: $0, stride: stride, pad: pad) }
        }
      guard let extents else { return nil }
      let scratch = PlanBuffer([extents.scratchCount])
      switch f {
      case .conv2d:
        return PlanKernel { extents.forward(x: a.pointer, w: b.pointer, y: out, scratch: scratch.pointer) }
      case .conv2dInputGradient:
        return PlanKernel {
          extents.inputGradient(dy: a.pointer, w: b.pointer, dx: out, scratch: scratch.pointer)
        }
      default:
        return PlanKernel {
          extents.weightGradient(dy: a.pointer, x: b.pointer, dw: out, scratch: scratch.pointer)
        }
      }
    case .maxpool, .avgpool:
      guard let extents = PoolingShape(input: a.shape, window: size, stride: options.stride) else {
        return nil
      }
      return f == .maxpool
        ? PlanKernel { extents.maximum(x: a.pointer, y: out) }
        : PlanKernel { extents.average(x: a.pointer, y: out) }
    case .maxpoolGradient:
      guard inputs.count == 2,
        let extents = PoolingShape(input: inputs[1].shape, window: size, stride: options.stride)
      else { return nil }
      let x = inputs[1].pointer
      return PlanKernel { extents.maximumGradient(dy: a.pointer, x: x, dx: out) }
    case .avgpoolGradient:
      guard let other, let extents = PoolingShape(input: other, window: size, stride: options.stride) else {
        return nil
      }
      return PlanKernel { extents.averageGradient(dy: a.pointer, dx: out) }
    default: return nil
    }
  }
}

/// A matrix product between fixed addresses.
struct ProductCall {
  let a, b: UnsafeMutablePointer<Double>
  let m, n, k: Int
  let transposeA, transposeB: Bool

  init(
    _ a: (pointer: UnsafeMutablePointer<Double>, shape: Shape),
    _ b: (pointer: UnsafeMutablePointer<Double>, shape: Shape), transposeA: Bool, transposeB: Bool
  ) {
    let left = transposeA ? a.shape.transposed : a.shape
    let right = transposeB ? b.shape.transposed : b.shape
    (self.a, self.b, self.transposeA, self.transposeB) = (a.pointer, b.pointer, transposeA, transposeB)
    m = left.rank == 2 ? left.dimensions[0] : 1
    n = right.rank == 2 ? right.dimensions[1] : 1
    k = right.rank == 2 ? right.dimensions[0] : right.columns
  }

  func run(into c: UnsafeMutablePointer<Double>, alpha: Double, beta: Double) {
    MatrixProduct.multiply(
      m: m, n: n, k: k, a: a, transposeA: transposeA, b: b, transposeB: transposeB, c: c, alpha: alpha,
      beta: beta)
  }
}

/// The lines of numbers along one axis of an array (all of it without an axis): outer × extent × inner.
struct Lines {
  let outer, extent, inner: Int

  init(_ shape: Shape, axis: Int?) {
    guard let axis else {
      (outer, extent, inner) = (1, shape.count, 1)
      return
    }
    outer = shape.dimensions[..<axis].reduce(1, *)
    extent = shape.dimensions[axis]
    inner = shape.dimensions[(axis + 1)...].reduce(1, *)
  }

  func reduce(_ f: Builtin, _ x: UnsafePointer<Double>, _ out: UnsafeMutablePointer<Double>) {
    switch f {
    case .sum, .mean:
      for o in 0..<outer {
        if inner == 1 {
          out[o] = BlockKernels.sum(extent, x + o * extent)
        } else {
          BlockKernels.columnSums(extent, inner, x + o * extent * inner, out + o * inner)
        }
      }
      if f == .mean { for i in 0..<outer * inner { out[i] /= Double(extent) } }
    case .logsumexp where inner == 1: BlockKernels.rowLogSumExp(outer, extent, x, out)
    case .logsumexp:
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
    case .max: each(x) { position, line in out[position] = line.largest }
    case .min: each(x) { position, line in out[position] = line.smallest }
    case .argmax:
      each(x) { position, line in
        var best = 0
        for e in 0..<extent where line[e] > line[best] { best = e }
        out[position] = Double(best)
      }
    default: break
    }
  }

  func softmax(_ z: UnsafePointer<Double>, _ s: UnsafeMutablePointer<Double>) {
    if inner == 1 { return BlockKernels.rowSoftmax(outer, extent, z, s) }
    // All lines of one outer index side by side, so that the exponential runs over whole rows.
    withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * inner) { scratch in
      guard let most = scratch.baseAddress else { return }
      let sum = most + inner
      for o in 0..<outer {
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
      for i in 0..<inner {
        body(o * inner + i, Line(base: x + o * extent * inner + i, stride: inner, extent: extent))
      }
    }
  }
}
