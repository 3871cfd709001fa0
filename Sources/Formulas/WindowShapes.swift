import LinearAlgebra

// Shapes of convolution and pooling: images m×C×H×W, kernels O×C×h×w.

extension ShapeInference {
  /// Extent of the output along one axis; nil when the window does not fit.
  package static func windowCount(extent: Int, window: Int, stride: Int, pad: Int) -> Int? {
    guard extent > 0, window > 0, stride > 0, pad >= 0, extent < 1 << 30, window < 1 << 30, pad < 1 << 20
    else {
      return nil
    }
    let room = extent + 2 * pad - window
    return room >= 0 ? room / stride + 1 : nil
  }

  func window(
    _ f: Builtin, _ arguments: [Expression], _ options: CallOptions, _ ranges: RangeTree?
  ) throws(Diagnostic) -> Shape {
    func fail(_ message: String, hint: String? = nil) -> Diagnostic {
      Diagnostic(message, at: marks(ranges), hint: hint)
    }
    func images(_ i: Int) throws(Diagnostic) -> [Int] {
      let shape = try self.shape(of: arguments[i], ranges?.child(i))
      guard shape.rank == 4 else {
        throw fail(
          "\(f.rawValue) works on tensors of rank 4, and \(arguments[i]) is \(ShapeMessages.size(shape))",
          hint: "images are m×channels×height×width: reshape(X, m, 1, 8, 8)")
      }
      return shape.dimensions
    }
    switch f {
    case .conv2d:
      let (x, w) = (try images(0), try images(1))
      guard x[1] == w[1] else {
        throw fail("the images have \(x[1]) channel(s) and the kernels \(w[1])")
      }
      let (stride, pad) = (options.stride ?? 1, options.pad ?? 0)
      guard let rows = Self.windowCount(extent: x[2], window: w[2], stride: stride, pad: pad),
        let columns = Self.windowCount(extent: x[3], window: w[3], stride: stride, pad: pad)
      else {
        throw fail(
          "a \(w[2])×\(w[3]) kernel with stride \(stride) and pad \(pad) does not fit a \(x[2])×\(x[3]) image"
        )
      }
      return [x[0], w[0], rows, columns]
    case .conv2dInputGradient:
      let (g, w, x) = (try images(0), try images(1), try images(2))
      guard let expected = Self.convolved(x, w, options), expected == g else {
        throw fail("dY (\(Shape(g))) is not the shape of conv2d of \(Shape(x)) with \(Shape(w))")
      }
      return Shape(x)
    case .conv2dWeightGradient:
      let (g, x, w) = (try images(0), try images(1), try images(2))
      guard let expected = Self.convolved(x, w, options), expected == g else {
        throw fail("dY (\(Shape(g))) is not the shape of conv2d of \(Shape(x)) with \(Shape(w))")
      }
      return Shape(w)
    case .maxpool, .avgpool:
      return try pooled(images(0), sizeAt: 1, f, arguments, options, ranges)
    case .maxpoolGradient, .avgpoolGradient:
      let x = try images(1)
      let expected = try pooled(x, sizeAt: 2, f, arguments, options, ranges)
      guard try images(0) == expected.dimensions else {
        throw fail("dY is not the shape of the pooled images")
      }
      return Shape(x)
    case .sum, .mean, .max, .min, .argmax, .softmax, .logsumexp, .maximum, .minimum, .where, .clip, .onehot,
      .diag, .outer, .eye, .zeros, .ones, .linspace, .arange, .randn, .rand, .reshape, .flatten, .contract,
      .scatter:
      return .scalar
    }
  }

  private static func convolved(_ x: [Int], _ w: [Int], _ options: CallOptions) -> [Int]? {
    let (stride, pad) = (options.stride ?? 1, options.pad ?? 0)
    guard x[1] == w[1], let rows = windowCount(extent: x[2], window: w[2], stride: stride, pad: pad),
      let columns = windowCount(extent: x[3], window: w[3], stride: stride, pad: pad)
    else { return nil }
    return [x[0], w[0], rows, columns]
  }

  private func pooled(
    _ x: [Int], sizeAt position: Int, _ f: Builtin, _ arguments: [Expression], _ options: CallOptions,
    _ ranges: RangeTree?
  ) throws(Diagnostic) -> Shape {
    let window = try size(arguments[position], ranges?.child(position))
    let stride = options.stride ?? window
    guard let rows = Self.windowCount(extent: x[2], window: window, stride: stride, pad: 0),
      let columns = Self.windowCount(extent: x[3], window: window, stride: stride, pad: 0)
    else {
      throw Diagnostic("a \(window)×\(window) window does not fit a \(x[2])×\(x[3]) image", at: marks(ranges))
    }
    return [x[0], x[1], rows, columns]
  }
}
