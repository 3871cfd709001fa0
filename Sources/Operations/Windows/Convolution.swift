import Formulas
import LinearAlgebra

// Images m×C×H×W, kernels O×C×h×w. A cross-correlation, as deep learning has it: the kernel is not turned round. What lies
// outside of an image counts as 0. Source: Taura, *Neural Networks*, "Convolution"; there without stride and padding.

extension Operation {
  package static let conv2d: Operation = Operation(
    "conv2d(X, W, stride=1, pad=0)", title: "convolution",
    note: "cross-correlation, m×C×H×W with O×C×h×w",
    is: "Y[n,o,y,x] = Σ_c,r,s X[n,c,stride·y+r-pad,stride·x+s-pad]·W[o,c,r,s]",
    backward: [
      "dX = conv2d_input_gradient(dY, W, X, stride=stride, pad=pad)",
      "dW = conv2d_weight_gradient(dY, X, W, stride=stride, pad=pad)",
    ],
    kernel: .prepared { setting, _ in
      guard let extents = setting.convolution(0, 1) else { return nil }
      let scratch = Scratch(extents.scratchCount)
      return { extents.forward(x: $0[0], w: $0[1], y: $1, scratch: scratch.pointer) }
    },
    ranges: { (setting) throws(Diagnostic) in
      let (x, w) = (try setting.images(0, .conv2d), try setting.images(1, .conv2d))
      guard x[1] == w[1] else {
        throw Diagnostic("the images have \(x[1]) channel(s) and the kernels \(w[1])")
      }
      let (stride, pad) = (setting.options.stride ?? 1, setting.options.pad ?? 0)
      guard let rows = WindowCount.of(extent: x[2], window: w[2], stride: stride, pad: pad),
        let columns = WindowCount.of(extent: x[3], window: w[3], stride: stride, pad: pad)
      else {
        throw Diagnostic(
          "a \(w[2])×\(w[3]) kernel with stride \(stride) and pad \(pad) does not fit a \(x[2])×\(x[3]) image"
        )
      }
      return ["y": rows, "x": columns]
    },
    derivations: [
      Route(
        "indices", "the gradients of a convolution Y = conv2d(X, W)",
        source: "Taura, Neural Networks, Convolution (Back propagation)",
        conclusion: "an entry outside of an image counts as 0",
        chains: ["∂L/∂W", "∂L/∂X"].map {
          .init($0, [[.chainRule("Y")], [.definition("Y")], [.rules(.all)], [.deltas], [.asWritten]])
        })
    ])

  /// The output (p, q) reached a pixel with the weight at (y + pad - p·stride, …), if there is one. A convolution is linear
  /// in each operand, so the gradients of its gradients are convolutions and gradients of convolutions again. The last
  /// operand lends its shape alone.
  package static let conv2dInputGradient: Operation = Operation(
    "conv2d_input_gradient(G, W, X, stride=1, pad=0)", title: "convolution's input gradient",
    note: "dL/dX of conv2d(X, W), where G is dL/dY",
    is: "D[n,c,y,x] = Σ_o,p,q G[n,o,p,q]·W[o,c,y+pad-stride·p,x+pad-stride·q]",
    backward: [
      "dG = conv2d(dD, W, stride=stride, pad=pad)",
      "dW = conv2d_weight_gradient(G, dD, W, stride=stride, pad=pad)",
    ],
    kernel: .prepared { setting, _ in
      guard let extents = setting.convolution(2, 1) else { return nil }
      let scratch = Scratch(extents.scratchCount)
      return { extents.inputGradient(dy: $0[0], w: $0[1], dx: $1, scratch: scratch.pointer) }
    },
    ranges: { (setting) throws(Diagnostic) in
      let x = try setting.images(2, .conv2dInputGradient)
      try setting.checkConvolution(2, 1)
      return ["n": x[0], "c": x[1], "y": x[2], "x": x[3]]
    })

  package static let conv2dWeightGradient: Operation = Operation(
    "conv2d_weight_gradient(G, X, W, stride=1, pad=0)", title: "convolution's weight gradient",
    note: "dL/dW of conv2d(X, W), where G is dL/dY",
    is: "D[o,c,r,s] = Σ_n,p,q G[n,o,p,q]·X[n,c,stride·p+r-pad,stride·q+s-pad]",
    backward: [
      "dG = conv2d(X, dD, stride=stride, pad=pad)",
      "dX = conv2d_input_gradient(G, dD, X, stride=stride, pad=pad)",
    ],
    kernel: .prepared { setting, _ in
      guard let extents = setting.convolution(1, 2) else { return nil }
      let scratch = Scratch(extents.scratchCount)
      return { extents.weightGradient(dy: $0[0], x: $0[1], dw: $1, scratch: scratch.pointer) }
    },
    ranges: { (setting) throws(Diagnostic) in
      let w = try setting.images(2, .conv2dWeightGradient)
      try setting.checkConvolution(1, 2)
      return ["o": w[0], "c": w[1], "r": w[2], "s": w[3]]
    })
}

extension Operation {
  /// Its formula reads places that may lie outside of an operand: in its padding.
  var readsOutside: Bool { signature.options.contains { $0.name == "pad" } }
}

extension Operation.Setting {
  /// Extents of a value of rank 4.
  func images(_ i: Int, _ operation: Operation) throws(Diagnostic) -> [Int] {
    guard shapes.indices.contains(i), shapes[i].rank == 4 else {
      let shape = shapes.indices.contains(i) ? shapes[i] : .scalar
      throw Diagnostic(
        "\(operation.name) works on tensors of rank 4, and \(operation.signature.operand(i)?.name ?? "X") is \(ShapeMessages.size(shape))",
        hint: shape.rank == 2
          ? "images are m×channels×height×width: reshape(…, 1, 1, \(shape.rows), \(shape.columns)) makes one of a matrix, reshape(X, m, 1, 8, 8) m of rows of 64"
          : "images are m×channels×height×width: reshape(X, m, 1, 8, 8)")
    }
    return shapes[i].dimensions
  }

  func convolution(_ x: Int, _ w: Int) -> ConvolutionShape? {
    guard shapes.indices.contains(x), shapes.indices.contains(w) else { return nil }
    return ConvolutionShape(
      input: shapes[x], kernel: shapes[w], stride: options.stride ?? 1, pad: options.pad ?? 0)
  }

  /// A gradient has the shape of the convolution's output.
  fileprivate func checkConvolution(_ x: Int, _ w: Int) throws(Diagnostic) {
    var forward = self
    forward = Operation.Setting(
      shapes: [shapes[x], shapes[w]], sizes: [nil, nil], options: options, subscripts: [])
    guard let application = try? Operation.conv2d.application(at: forward), application.shape == shapes[0]
    else {
      throw Diagnostic("G (\(shapes[0])) is not the shape of conv2d of \(shapes[x]) with \(shapes[w])")
    }
  }
}

/// How many windows fit along an axis.
package enum WindowCount {
  /// Nil when the window does not fit.
  package static func of(extent: Int, window: Int, stride: Int, pad: Int) -> Int? {
    guard extent > 0, window > 0, stride > 0, pad >= 0, extent < 1 << 30, window < 1 << 30, pad < 1 << 20
    else {
      return nil
    }
    let room = extent + 2 * pad - window
    return room >= 0 ? room / stride + 1 : nil
  }
}

/// Memory that a prepared kernel keeps.
final class Scratch {
  let pointer: UnsafeMutablePointer<Double>
  init(_ count: Int) {
    pointer = .allocate(capacity: Swift.max(1, count))
    pointer.initialize(repeating: 0, count: Swift.max(1, count))
  }
  deinit { pointer.deallocate() }
}
