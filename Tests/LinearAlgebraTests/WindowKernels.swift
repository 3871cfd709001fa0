@testable import LinearAlgebra

// The flat kernels on whole tensors.

extension Shape {
  /// Shape of `conv2d` of an input of this shape; nil when it is impossible.
  func conv2d(kernel: Shape, stride: Int = 1, pad: Int = 0) -> Shape? {
    ConvolutionShape(input: self, kernel: kernel, stride: stride, pad: pad)?.output
  }
}

extension Tensor {
  /// X m×IC×H×W', W OC×IC×KH×KW → Y m×OC×OH×OW; nil when the shapes do not fit.
  static func conv2d(_ x: Tensor, _ w: Tensor, stride: Int = 1, pad: Int = 0) -> Tensor? {
    guard let shape = ConvolutionShape(input: x.shape, kernel: w.shape, stride: stride, pad: pad) else {
      return nil
    }
    return flat(shape.output, x, w, scratch: shape.scratchCount) { x, w, y, scratch in
      shape.forward(x: x, w: w, y: y, scratch: scratch)
    }
  }

  /// ∂L/∂X of `conv2d` from dY = ∂L/∂Y; nil when the shapes do not fit.
  static func conv2dInputGradient(
    _ dy: Tensor, _ w: Tensor, inputShape: Shape, stride: Int = 1, pad: Int = 0
  ) -> Tensor? {
    guard let shape = ConvolutionShape(input: inputShape, kernel: w.shape, stride: stride, pad: pad),
      shape.output == dy.shape
    else { return nil }
    return flat(inputShape, dy, w, scratch: shape.scratchCount) { dy, w, dx, scratch in
      shape.inputGradient(dy: dy, w: w, dx: dx, scratch: scratch)
    }
  }

  /// ∂L/∂W of `conv2d` from dY = ∂L/∂Y; nil when the shapes do not fit.
  static func conv2dWeightGradient(
    _ dy: Tensor, _ x: Tensor, kernelShape: Shape, stride: Int = 1, pad: Int = 0
  ) -> Tensor? {
    guard let shape = ConvolutionShape(input: x.shape, kernel: kernelShape, stride: stride, pad: pad),
      shape.output == dy.shape
    else { return nil }
    return flat(kernelShape, dy, x, scratch: shape.scratchCount) { dy, x, dw, scratch in
      shape.weightGradient(dy: dy, x: x, dw: dw, scratch: scratch)
    }
  }

  /// Calls a flat function on the elements of two tensors, an uninitialised result and fresh scratch. Swift's
  /// empty arrays still have an address, so that an extent of zero needs no case of its own.
  private static func flat(
    _ result: Shape, _ a: Tensor, _ b: Tensor, scratch: Int,
    _ body: (
      UnsafePointer<Double>, UnsafePointer<Double>, UnsafeMutablePointer<Double>, UnsafeMutablePointer<Double>
    ) -> Void
  ) -> Tensor {
    Tensor(writing: result, result.count) { out in
      withUnsafeTemporaryAllocation(of: Double.self, capacity: max(1, scratch)) { scratch in
        guard let scratch = scratch.baseAddress else { return out.update(repeating: 0, count: result.count) }
        a.elements.withUnsafeBufferPointer { a in
          b.elements.withUnsafeBufferPointer { b in
            body(a.baseAddress ?? UnsafePointer(out), b.baseAddress ?? UnsafePointer(out), out, scratch)
          }
        }
      }
    }
  }
}

extension Shape {
  /// Shape of a pooling of an input of this shape; nil when it is impossible.
  func pooled(window: Int, stride: Int? = nil) -> Shape? {
    PoolingShape(input: self, window: window, stride: stride)?.output
  }
}

extension Tensor {
  /// X …×H×W → the maximum of each window, …×OH×OW; nil when the window does not fit.
  static func maxPool2d(_ x: Tensor, window: Int, stride: Int? = nil) -> Tensor? {
    guard let shape = PoolingShape(input: x.shape, window: window, stride: stride) else { return nil }
    return Tensor(writing: shape.output, shape.output.count) { y in
      x.elements.withUnsafeBufferPointer { x in
        if let x = x.baseAddress { shape.maximum(x: x, y: y) }
      }
    }
  }

  /// ∂L/∂X of `maxPool2d`: dY goes to the first maximum of each window. X is the input that was pooled.
  static func maxPool2dGradient(_ dy: Tensor, _ x: Tensor, window: Int, stride: Int? = nil) -> Tensor? {
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
  static func averagePool2d(_ x: Tensor, window: Int, stride: Int? = nil) -> Tensor? {
    guard let shape = PoolingShape(input: x.shape, window: window, stride: stride) else { return nil }
    return Tensor(writing: shape.output, shape.output.count) { y in
      x.elements.withUnsafeBufferPointer { x in
        if let x = x.baseAddress { shape.average(x: x, y: y) }
      }
    }
  }

  /// ∂L/∂X of `averagePool2d`: dY is shared equally among each window.
  static func averagePool2dGradient(
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
