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

  /// Y: of every window the entry of A at the place of X's first maximum, in row-major order.
  package func chosen(
    from a: UnsafePointer<Double>, x: UnsafePointer<Double>, y: UnsafeMutablePointer<Double>
  ) {
    withUnsafePointer(to: extents) { sg_max_pool_entries($0, x, a, y) }
  }

  package func average(x: UnsafePointer<Double>, y: UnsafeMutablePointer<Double>) {
    withUnsafePointer(to: extents) { sg_average_pool($0, x, y) }
  }

  /// dX: each dY is shared equally among its window.
  package func averageGradient(dy: UnsafePointer<Double>, dx: UnsafeMutablePointer<Double>) {
    withUnsafePointer(to: extents) { sg_average_pool_backward($0, dy, dx) }
  }
}
