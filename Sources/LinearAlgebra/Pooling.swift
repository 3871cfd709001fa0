import CKernels

/// The extents of a pooling over square windows of the last two axes: …×H×W → …×OH×OW with
/// OH = ⌊(H − window) / stride⌋ + 1 and no padding.
package struct PoolingShape: Hashable, Sendable {
  package let input: Shape
  package let output: Shape
  package let window: Int
  package let stride: Int

  /// Nil for a rank below 2 or a window that does not fit. The stride is the window unless given.
  package init?(input: Shape, window: Int, stride: Int? = nil) {
    let stride = stride ?? window
    guard input.rank >= 2, input.checkedCount != nil,
      input.dimensions.allSatisfy({ $0 <= Shape.largestCount }),
      let height = Shape.windows(input.rows, window, stride),
      let width = Shape.windows(input.columns, window, stride)
    else { return nil }
    self.input = input
    self.window = window
    self.stride = stride
    output = Shape(input.dimensions.dropLast(2) + [height, width])
  }

  private var extents: sg_pooling {
    sg_pooling(
      planes: input.dimensions.dropLast(2).contains(0) ? 0 : input.count / max(1, input.rows * input.columns),
      height: input.rows, width: input.columns, window_h: window, window_w: window, stride_h: stride,
      stride_w: stride, out_h: output.rows, out_w: output.columns)
  }

  package func maximum(x: UnsafePointer<Double>, y: UnsafeMutablePointer<Double>) {
    withUnsafePointer(to: extents) { sg_max_pool($0, x, y) }
  }

  /// dX: each dY goes to the first maximum of its window, in row-major order.
  package func maximumGradient(
    dy: UnsafePointer<Double>, x: UnsafePointer<Double>, dx: UnsafeMutablePointer<Double>
  ) {
    withUnsafePointer(to: extents) { sg_max_pool_backward($0, x, dy, dx) }
  }

  package func average(x: UnsafePointer<Double>, y: UnsafeMutablePointer<Double>) {
    withUnsafePointer(to: extents) { sg_average_pool($0, x, y) }
  }

  /// dX: each dY is shared equally among its window.
  package func averageGradient(dy: UnsafePointer<Double>, dx: UnsafeMutablePointer<Double>) {
    withUnsafePointer(to: extents) { sg_average_pool_backward($0, dy, dx) }
  }
}

extension Shape {
  /// Shape of a pooling of an input of this shape; nil when it is impossible.
  package func pooled(window: Int, stride: Int? = nil) -> Shape? {
    PoolingShape(input: self, window: window, stride: stride)?.output
  }
}

extension Tensor {
  /// X …×H×W → the maximum of each window, …×OH×OW; nil when the window does not fit.
  package static func maxPool2d(_ x: Tensor, window: Int, stride: Int? = nil) -> Tensor? {
    guard let shape = PoolingShape(input: x.shape, window: window, stride: stride) else { return nil }
    return Tensor(writing: shape.output, shape.output.count) { y in
      x.elements.withUnsafeBufferPointer { x in
        if let x = x.baseAddress { shape.maximum(x: x, y: y) }
      }
    }
  }

  /// ∂L/∂X of `maxPool2d`: dY goes to the first maximum of each window. X is the input that was pooled.
  package static func maxPool2dGradient(_ dy: Tensor, _ x: Tensor, window: Int, stride: Int? = nil) -> Tensor?
  {
    guard let shape = PoolingShape(input: x.shape, window: window, stride: stride), shape.output == dy.shape
    else { return nil }
    return Tensor(writing: x.shape, x.count) { dx in
      dy.elements.withUnsafeBufferPointer { dy in
        x.elements.withUnsafeBufferPointer { x in
          if let dy = dy.baseAddress, let x = x.baseAddress { shape.maximumGradient(dy: dy, x: x, dx: dx) }
        }
      }
    }
  }

  /// X …×H×W → the mean of each window, …×OH×OW; nil when the window does not fit.
  package static func averagePool2d(_ x: Tensor, window: Int, stride: Int? = nil) -> Tensor? {
    guard let shape = PoolingShape(input: x.shape, window: window, stride: stride) else { return nil }
    return Tensor(writing: shape.output, shape.output.count) { y in
      x.elements.withUnsafeBufferPointer { x in
        if let x = x.baseAddress { shape.average(x: x, y: y) }
      }
    }
  }

  /// ∂L/∂X of `averagePool2d`: dY is shared equally among each window.
  package static func averagePool2dGradient(
    _ dy: Tensor, inputShape: Shape, window: Int, stride: Int? = nil
  ) -> Tensor? {
    guard let shape = PoolingShape(input: inputShape, window: window, stride: stride),
      shape.output == dy.shape
    else { return nil }
    return Tensor(writing: inputShape, inputShape.count) { dx in
      dy.elements.withUnsafeBufferPointer { dy in
        if let dy = dy.baseAddress { shape.averageGradient(dy: dy, dx: dx) }
      }
    }
  }
}
