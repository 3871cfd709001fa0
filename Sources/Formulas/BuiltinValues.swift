import LinearAlgebra

// Values of the builtin functions.

extension Evaluator {
  func builtin(_ f: Builtin, _ arguments: [Expression], _ options: CallOptions) throws(Diagnostic) -> Tensor {
    let call = Expression.call(.builtin(f), arguments, options)
    func argument(_ i: Int) throws(Diagnostic) -> Tensor {
      guard arguments.indices.contains(i) else { throw Self.unfit(call) }
      return try value(of: arguments[i])
    }
    func checked(_ tensor: Tensor?) throws(Diagnostic) -> Tensor {
      guard let tensor else { throw Self.unfit(call) }
      return tensor
    }
    func shape() throws(Diagnostic) -> Shape {
      try ShapeInference(environment).shape(of: call)
    }
    switch f {
    case .sum: return try argument(0).sum(axis: options.axis)
    case .mean: return try argument(0).mean(axis: options.axis)
    case .max: return try argument(0).maximum(axis: options.axis)
    case .min: return try argument(0).minimum(axis: options.axis)
    case .argmax: return try argument(0).argmax(axis: options.axis)
    case .softmax, .logsumexp:
      let z = try argument(0)
      let axis = options.axis ?? -1
      if usesKernels, z.rank == 2, z.shape.axis(axis) == 1 {
        return f == .softmax ? BlockKernels.rowSoftmax(z) : BlockKernels.rowLogSumExp(z)
      }
      return f == .softmax ? z.softmax(axis: axis) : z.logSumExp(axis: axis)
    case .maximum:
      return try checked(argument(0).combined(with: argument(1)) { $0.isNaN || $0 > $1 ? $0 : $1 })
    case .minimum:
      return try checked(argument(0).combined(with: argument(1)) { $0.isNaN || $0 < $1 ? $0 : $1 })
    case .where:
      let mask = try argument(0).map { $0 != 0 ? 1 : 0 }
      let target = try shape()
      guard let c = mask.broadcast(to: target), let a = try argument(1).broadcast(to: target),
        let b = try argument(2).broadcast(to: target)
      else { throw Self.unfit(call) }
      return Tensor(
        unchecked: target, c.elements.indices.map { c.elements[$0] != 0 ? a.elements[$0] : b.elements[$0] })
    case .clip:
      guard let low = try argument(1).scalarValue, let high = try argument(2).scalarValue else {
        throw Self.unfit(call)
      }
      return try argument(0).map { $0 < low ? low : $0 > high ? high : $0 }
    case .onehot: return try onehot(argument(0), shape: shape())
    case .diag: return try diagonal(argument(0), shape: shape())
    case .outer:
      let (a, b) = (try argument(0), try argument(1))
      let target = try shape()
      return Tensor(unchecked: target, a.elements.flatMap { x in b.elements.map { x * $0 } })
    case .eye:
      let target = try shape()
      return Tensor(unchecked: target, (0..<target.count).map { $0 % (target.columns + 1) == 0 ? 1 : 0 })
    case .zeros: return Tensor(repeating: 0, shape: try shape())
    case .ones: return Tensor(repeating: 1, shape: try shape())
    case .arange:
      let target = try shape()
      return Tensor(unchecked: target, (0..<target.count).map(Double.init))
    case .linspace:
      guard let a = try argument(0).scalarValue, let b = try argument(1).scalarValue else {
        throw Self.unfit(call)
      }
      let n = try shape().count
      return Tensor(unchecked: [n], (0..<n).map { n == 1 ? a : a + (b - a) * Double($0) / Double(n - 1) })
    case .randn, .rand:
      var generator = RandomGenerator(seed: UInt64(bitPattern: Int64(options.seed ?? 0)))
      let target = try shape()
      return f == .randn ? generator.normal(shape: target) : generator.uniform(shape: target, 0, 1)
    case .reshape, .flatten: return try checked(argument(0).reshaped(shape()))
    case .contract:
      if arguments.count == 2, case .derivative(.builtin(.softmax), let z, let own) = arguments[1],
        let S = Optional(try value(of: z).softmax(axis: own.axis ?? -1)),
        let dZ = SoftmaxJacobian.contract(try argument(0), softmax: S, axis: options.axis ?? -1)
      {
        return dZ
      }
      return try checked(SoftmaxJacobian.contract(argument(0), argument(1), axis: options.axis ?? -1))
    case .scatter:
      guard arguments.count == 2, case .index(let base, let subscripts) = arguments[1],
        let (selected, positions) = Self.selection(subscripts, in: try value(of: base).shape),
        let source = try argument(0).broadcast(to: selected)
      else { throw Self.unfit(call) }
      var result = Tensor(repeating: 0, shape: try value(of: base).shape)
      for (i, position) in positions.enumerated() {
        result.replaceElement(at: position, with: source.elements[i])
      }
      return result
    case .conv2d, .conv2dInputGradient, .conv2dWeightGradient, .maxpool, .avgpool, .maxpoolGradient,
      .avgpoolGradient:
      return try window(f, arguments, options)
    }
  }

  private func onehot(_ labels: Tensor, shape: Shape) throws(Diagnostic) -> Tensor {
    var result = Tensor(repeating: 0, shape: shape)
    for (row, label) in labels.elements.enumerated() {
      guard label == label.rounded(), label >= 0, label < Double(shape.columns) else {
        throw Diagnostic(
          "label \(Printer.number(label)) at position \(row) is not one of the classes 0 to \(shape.columns - 1)",
          hint: "labels are whole numbers that count from 0")
      }
      result.replaceElement(at: row * shape.columns + Int(label), with: 1)
    }
    return result
  }

  private func diagonal(_ source: Tensor, shape: Shape) throws(Diagnostic) -> Tensor {
    if shape.rank == 1 {
      return Tensor(
        unchecked: shape, (0..<shape.count).map { source.elements[$0 * (source.shape.columns + 1)] })
    }
    let n = shape.columns
    var result = Tensor(repeating: 0, shape: shape)
    for (i, value) in source.elements.enumerated() { result.replaceElement(at: i * (n + 1), with: value) }
    return result
  }
}
