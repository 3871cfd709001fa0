import LinearAlgebra

// Values of convolution and pooling.

extension Evaluator {
  func window(_ f: Builtin, _ arguments: [Expression], _ options: CallOptions) throws(Diagnostic) -> Tensor {
    let call = Expression.call(.builtin(f), arguments, options)
    var values: [Tensor] = []
    for argument in arguments { values.append(try value(of: argument)) }
    let (stride, pad) = (options.stride ?? 1, options.pad ?? 0)
    func size(_ i: Int) -> Int { values[i].scalarValue.flatMap { Int(exactly: $0) } ?? 0 }
    let result: Tensor?
    switch (f, values.count) {
    case (.conv2d, 2): result = .conv2d(values[0], values[1], stride: stride, pad: pad)
    case (.conv2dInputGradient, 3):
      result = .conv2dInputGradient(
        values[0], values[1], inputShape: values[2].shape, stride: stride, pad: pad)
    case (.conv2dWeightGradient, 3):
      result = .conv2dWeightGradient(
        values[0], values[1], kernelShape: values[2].shape, stride: stride, pad: pad)
    case (.maxpool, 2): result = .maxPool2d(values[0], window: size(1), stride: options.stride)
    case (.avgpool, 2): result = .averagePool2d(values[0], window: size(1), stride: options.stride)
    case (.maxpoolGradient, 3):
      result = .maxPool2dGradient(values[0], values[1], window: size(2), stride: options.stride)
    case (.avgpoolGradient, 3):
      result = .averagePool2dGradient(
        values[0], inputShape: values[1].shape, window: size(2), stride: options.stride)
    default: result = nil
    }
    guard let result else { throw Self.unfit(call) }
    return result
  }
}
