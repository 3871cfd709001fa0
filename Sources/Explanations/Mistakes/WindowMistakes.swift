import Formulas
import LinearAlgebra
import Operations

// Mistakes about windows: Y[y,x] = Σ X[stride·y + r - pad, …]·W[r, …]. Going back, an entry of X meets the weights in the
// other order, and what was padded is cut off again. Source: Taura, Neural Networks, "Convolution".

extension Mistake {
  static let unflippedKernel = Mistake(
    id: "unflipped-kernel",
    explanation:
      "The kernel is the wrong way round: a convolution layer does not turn it, and the gradient of its input goes through the turned one.",
    making: .inOneEquation { _, _, right in
      right.rewritings { node in
        guard case .call(let f, var arguments, let options) = node, arguments.count > 1 else { return [] }
        switch f {
        case Operation.conv2d.function, Operation.conv2dInputGradient.function:
          arguments[1] = arguments[1].turned
          return [.call(f, arguments, options)]
        case Operation.conv2dWeightGradient.function: return [node.turned]
        default: return []
        }
      }
    })

  static let wrongPadding = Mistake(
    id: "wrong-padding",
    explanation:
      "The zeros around the image are not where they belong: half of them before it and half behind, and they are cut off again on the way back.",
    making: .inOneEquation { pass, step, right in
      right.rewritings { node in
        guard let call = WindowCall(node, pass) else { return [] }
        var result: [Expression] = []
        if call.pad > 0 { result += [call.on(call.paddedBehind, stride: call.stride, cut: call.size)] }
        if step == pass.target, call.kind == .forward {
          result += [call.pad + 1, call.pad - 1].filter { $0 >= 0 }.map {
            call.with(stride: call.stride, pad: $0)
          }
        }
        return result
      }
    })

  static let strideIgnored = Mistake(
    id: "stride-ignored",
    explanation: "The stride was left out: the window moves on by that many entries, in the gradients too.",
    making: .inOneEquation { pass, step, right in
      right.rewritings { node in
        guard let call = WindowCall(node, pass), call.stride > 1 else { return [] }
        var result: [Expression] = []
        if call.pad == 0 { result += [call.on(call.corner, stride: 1, cut: nil)] }
        if step == pass.target, call.kind == .forward { result += [call.with(stride: 1, pad: call.pad)] }
        return result
      }
    })

  static let argmaxSpread = Mistake(
    id: "argmax-spread",
    explanation:
      "Every entry that equals the maximum got the whole gradient: one of them has it, the first here.",
    making: .inOneEquation { _, _, right in
      right.rewritings { node in
        guard case .call(let f, let arguments, let options) = node else { return [] }
        if f.name == "first", let all = arguments.first { return [all] }
        guard f == Operation.maxpoolGradient.function, arguments.count == 3, options.stride == nil,
          case .number(let size) = arguments[2]
        else { return [] }
        // A mean over a window goes back as one part for each entry.
        func spread(_ value: Expression) -> Expression {
          .call(Operation.avgpoolGradient.function, [value, arguments[1], arguments[2]], .none)
            * .number(size * size)
        }
        let largest = Expression.call(Operation.maxpool.function, [arguments[1], arguments[2]], .none)
        return [spread(arguments[0]) * .binary(.equal, arguments[1], spread(largest))]
      }
    })
}

extension Operation {
  fileprivate var function: Function { Function(name) }
}

extension Expression {
  /// `W[:, :, ::-1, ::-1]`.
  fileprivate var turned: Expression {
    let whole = Subscript.slice(from: nil, to: nil, step: 1)
    let back = Subscript.slice(from: nil, to: nil, step: -1)
    return .index(self, [whole, whole, back, back])
  }
}

/// One of the three convolutions of a layer, with the extents of its images.
private struct WindowCall {
  enum Kind { case forward, input, weight }
  let kind: Kind
  let function: Function
  let arguments: [Expression]
  let stride: Int
  let pad: Int
  /// Rows and columns of the images, the kernel and the result.
  let size: [Int]
  private let counts: [Int]
  private let window: [Int]
  private let image: Expression

  init?(_ node: Expression, _ pass: MistakePass) {
    guard case .call(let f, let arguments, let options) = node else { return nil }
    switch f {
    case Operation.conv2d.function: kind = .forward
    case Operation.conv2dInputGradient.function: kind = .input
    case Operation.conv2dWeightGradient.function: kind = .weight
    default: return nil
    }
    let at = kind == .forward ? (0, 1) : kind == .input ? (2, 1) : (1, 2)
    guard arguments.count > max(at.0, at.1), let x = pass.shape(ifFitting: arguments[at.0]),
      let w = pass.shape(ifFitting: arguments[at.1]), x.rank == 4, w.rank == 4
    else { return nil }
    function = f
    self.arguments = arguments
    stride = options.stride ?? 1
    pad = options.pad ?? 0
    size = Array(x.dimensions[2...])
    window = Array(w.dimensions[2...])
    let (size, window, stride, pad) = (size, window, stride, pad)
    counts = size.indices.map { (size[$0] + 2 * pad - window[$0]) / stride + 1 }
    channels = Array(x.dimensions[..<2])
    image = arguments[at.0]
  }
  private let channels: [Int]

  func with(stride: Int, pad: Int) -> Expression {
    .call(function, arguments, CallOptions(stride: stride == 1 ? nil : stride, pad: pad == 0 ? nil : pad))
  }

  private func zeros(_ rows: Int, _ columns: Int) -> Expression {
    .call(Function("zeros"), (channels + [rows, columns]).map { .number(Double($0)) }, .none)
  }

  private func joined(_ a: Expression, _ b: Expression, _ axis: Int) -> Expression {
    .call(Function("concat"), [a, b], CallOptions(axis: axis))
  }

  private func cut(_ value: Expression, _ extents: [Int]) -> Expression {
    let whole = Subscript.slice(from: nil, to: nil, step: 1)
    return .index(value, [whole, whole] + extents.map { .slice(from: 0, to: $0, step: 1) })
  }

  /// The images with all zeros behind them.
  var paddedBehind: Expression {
    if kind == .input { return zeros(size[0] + 2 * pad, size[1] + 2 * pad) }
    let taller = joined(image, zeros(2 * pad, size[1]), 2)
    return joined(taller, zeros(size[0] + 2 * pad, 2 * pad), 3)
  }

  /// What windows that move on by one reach of the images.
  var corner: Expression {
    let extents = counts.indices.map { counts[$0] + window[$0] - 1 }
    return kind == .input ? zeros(extents[0], extents[1]) : cut(image, extents)
  }

  /// The same convolution on other images; the gradient of the images is cut to their size, or filled up to it.
  func on(_ other: Expression, stride: Int, cut extents: [Int]?) -> Expression {
    var changed = arguments
    changed[kind == .forward ? 0 : kind == .input ? 2 : 1] = other
    let result = Expression.call(function, changed, CallOptions(stride: stride == 1 ? nil : stride))
    guard kind == .input else { return result }
    if let extents { return cut(result, extents) }
    let reach = counts.indices.map { counts[$0] + window[$0] - 1 }
    var filled = result
    if reach[0] < size[0] { filled = joined(filled, zeros(size[0] - reach[0], reach[1]), 2) }
    if reach[1] < size[1] { filled = joined(filled, zeros(size[0], size[1] - reach[1]), 3) }
    return filled
  }
}
