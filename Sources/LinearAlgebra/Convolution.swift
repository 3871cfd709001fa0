import CKernels

/// The extents of one two-dimensional convolution: X m×IC×H×W', W OC×IC×KH×KW → Y m×OC×OH×OW, as PyTorch's
/// `conv2d` (a cross-correlation, zero padding, no bias), with OH = ⌊(H + 2·pad − KH) / stride⌋ + 1.
package struct ConvolutionShape: Hashable, Sendable {
  package let input: Shape
  package let kernel: Shape
  package let output: Shape
  package let stride: Int
  package let pad: Int
  /// Doubles of scratch that each of the three flat functions needs.
  package let scratchCount: Int

  /// Nil when the ranks are not 4, the channels differ, the window does not fit the padded image, or the
  /// arrays would be too large.
  package init?(input: Shape, kernel: Shape, stride: Int = 1, pad: Int = 0) {
    let most = Shape.largestCount
    guard input.rank == 4, kernel.rank == 4, input.dimensions[1] == kernel.dimensions[1],
      stride >= 1, stride <= most, pad >= 0, pad <= most,
      (input.dimensions + kernel.dimensions).allSatisfy({ $0 >= 0 && $0 <= most }),
      input.checkedCount != nil, kernel.checkedCount != nil,
      let height = Shape.windows(input.dimensions[2] + 2 * pad, kernel.dimensions[2], stride),
      let width = Shape.windows(input.dimensions[3] + 2 * pad, kernel.dimensions[3], stride)
    else { return nil }
    let output: Shape = [input.dimensions[0], kernel.dimensions[0], height, width]
    // The columns of one image, and one copy of the weights, for each of at most four parts of the batch.
    let patch = Shape(Array(kernel.dimensions.dropFirst()))
    guard output.checkedCount != nil, let patchCount = patch.checkedCount,
      let columnCount = Shape([patchCount, height, width]).checkedCount, columnCount <= most / 4
    else { return nil }
    self.input = input
    self.kernel = kernel
    self.output = output
    self.stride = stride
    self.pad = pad
    scratchCount = min(4, input.dimensions[0]) * (columnCount + patchCount * kernel.dimensions[0])
  }

  private var extents: sg_convolution {
    sg_convolution(
      samples: input.dimensions[0], in_channels: input.dimensions[1], height: input.dimensions[2],
      width: input.dimensions[3], out_channels: kernel.dimensions[0], kernel_h: kernel.dimensions[2],
      kernel_w: kernel.dimensions[3], stride_h: stride, stride_w: stride, pad_h: pad, pad_w: pad,
      out_h: output.dimensions[2], out_w: output.dimensions[3])
  }

  /// Y from X and W, without allocation; `scratch` holds `scratchCount` doubles.
  package func forward(
    x: UnsafePointer<Double>, w: UnsafePointer<Double>, y: UnsafeMutablePointer<Double>,
    scratch: UnsafeMutablePointer<Double>
  ) {
    withUnsafePointer(to: extents) { sg_conv2d($0, x, w, y, scratch) }
  }

  /// dX from dY and W, without allocation.
  package func inputGradient(
    dy: UnsafePointer<Double>, w: UnsafePointer<Double>, dx: UnsafeMutablePointer<Double>,
    scratch: UnsafeMutablePointer<Double>
  ) {
    withUnsafePointer(to: extents) { sg_conv2d_input_gradient($0, dy, w, dx, scratch) }
  }

  /// dW, summed over the samples, from dY and X, without allocation.
  package func weightGradient(
    dy: UnsafePointer<Double>, x: UnsafePointer<Double>, dw: UnsafeMutablePointer<Double>,
    scratch: UnsafeMutablePointer<Double>
  ) {
    withUnsafePointer(to: extents) { sg_conv2d_weight_gradient($0, dy, x, dw, scratch) }
  }
}

extension Shape {
  /// How many windows of an extent fit at a stride; nil when none does.
  static func windows(_ extent: Int, _ window: Int, _ stride: Int) -> Int? {
    guard window >= 1, stride >= 1, extent >= window else { return nil }
    return (extent - window) / stride + 1
  }
}
