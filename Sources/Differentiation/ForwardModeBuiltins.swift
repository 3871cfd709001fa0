import Formulas
import LinearAlgebra
import Platform

// Dual numbers through the builtin functions.

extension ForwardMode {
  func builtin(
    _ f: Builtin, _ arguments: [Expression], _ options: CallOptions, _ call: Expression
  ) throws(Diagnostic) -> DualTensor {
    func argument(_ i: Int) throws(Diagnostic) -> DualTensor {
      guard arguments.indices.contains(i) else { throw Diagnostic("\(f.rawValue): a value is missing") }
      return try dual(arguments[i])
    }
    /// The value alone, for what has no tangent.
    func constant() throws(Diagnostic) -> Tensor {
      var values: [String: Tensor] = [:]
      var names: [Expression] = []
      for i in arguments.indices {
        values["a\(i)"] = try argument(i).value
        if case .number = arguments[i] { names.append(arguments[i]) } else { names.append(.name("a\(i)")) }
      }
      return try Evaluator(Bindings(values)).value(of: .call(.builtin(f), names, options))
    }
    /// A product of two values: the tangent of each with the value of the other.
    func bilinear(_ map: (Tensor, Tensor) throws(Diagnostic) -> Tensor) throws(Diagnostic) -> DualTensor {
      let (a, b) = (try argument(0), try argument(1))
      var tangent: Tensor?
      if let t = a.tangent { tangent = try map(t, b.value) }
      if let t = b.tangent {
        let second = try map(a.value, t)
        tangent = tangent.flatMap { $0.combined(with: second, +) } ?? second
      }
      return DualTensor(try map(a.value, b.value), tangent)
    }
    switch f {
    case .sum: return try linear(arguments[0]) { $0.sum(axis: options.axis) }
    case .mean: return try linear(arguments[0]) { $0.mean(axis: options.axis) }
    case .max, .min:
      let a = try argument(0)
      let value = try constant()
      return DualTensor(
        value, a.tangent.flatMap { Self.shared(of: a.value, at: value, $0, axis: options.axis) })
    case .softmax:
      let z = try argument(0)
      let axis = options.axis ?? -1
      guard let dz = z.tangent else { return DualTensor(z.value.softmax(axis: axis)) }
      // exp(z - max) over its sum, by the quotient rule.
      let e = z.value.combined(with: z.value.maximum(axis: axis), -)?.map { exp($0) } ?? z.value
      let de = e.combined(with: dz, *) ?? e
      let (total, dtotal) = (e.sum(axis: axis), de.sum(axis: axis))
      let above = de.combined(with: total, *)?.combined(with: e.combined(with: dtotal, *) ?? e, -)
      let square = total.map { $0 * $0 }
      return DualTensor(z.value.softmax(axis: axis), above?.combined(with: square, /))
    case .logsumexp:
      let z = try argument(0)
      let axis = options.axis ?? -1
      let e = z.value.combined(with: z.value.maximum(axis: axis), -)?.map { exp($0) } ?? z.value
      let tangent = z.tangent.flatMap { dz in
        e.combined(with: dz, *)?.sum(axis: axis).combined(with: e.sum(axis: axis), /)
      }
      return DualTensor(z.value.logSumExp(axis: axis), tangent)
    case .maximum, .minimum:
      let (a, b) = (try argument(0), try argument(1))
      let value = try constant()
      let larger = a.value.combined(with: b.value) { (f == .maximum) == ($0 > $1) && $0 != $1 ? 1 : 0 }
      return DualTensor(value, Self.chosen(larger ?? value, a, b, shape: value.shape))
    case .where:
      let mask = try argument(0).value.map { $0 != 0 ? 1 : 0 }
      let value = try constant()
      return DualTensor(value, Self.chosen(mask, try argument(1), try argument(2), shape: value.shape))
    case .clip:
      let (a, low, high) = (
        try argument(0), try argument(1).value.scalarValue, try argument(2).value.scalarValue
      )
      let inside = a.value.map { $0 >= (low ?? -.infinity) && $0 <= (high ?? .infinity) ? 1 : 0 }
      return DualTensor(try constant(), a.tangent?.combined(with: inside, *))
    case .argmax, .onehot, .eye, .zeros, .ones, .linspace, .arange, .randn, .rand:
      return DualTensor(try Evaluator(FallbackEnvironment(self)).value(of: call))
    case .diag, .reshape, .flatten, .avgpool:
      let shape = try argument(0)
      let rest = Array(arguments.dropFirst())
      let map: (Tensor) -> Tensor? = { tensor in
        try? Evaluator(Bindings(["a0": tensor])).value(of: .call(.builtin(f), [.name("a0")] + rest, options))
      }
      guard let value = map(shape.value) else { throw Diagnostic("\(f.rawValue): the shapes do not meet") }
      return DualTensor(value, shape.tangent.flatMap(map))
    case .outer, .contract, .conv2d:
      return try bilinear { (a, b) throws(Diagnostic) in
        try Evaluator(Bindings(["a": a, "b": b])).value(
          of: .call(.builtin(f), [.name("a"), .name("b")], options))
      }
    case .maxpool:
      let a = try argument(0)
      let value = try constant()
      guard let t = a.tangent, arguments.count == 2 else { return DualTensor(value) }
      return DualTensor(value, try pooledTangent(a.value, t, value, arguments[1], options))
    case .scatter:
      // The second argument names a place; only its base's shape is read.
      guard arguments.count == 2, case .index(let base, let subscripts) = arguments[1] else {
        throw Diagnostic("scatter takes a value and a selection: \(call)")
      }
      let shape = try dual(base).value
      return try linear(arguments[0]) { tensor in
        try? Evaluator(Bindings(["a": tensor, "b": shape])).value(
          of: .call(.builtin(f), [.name("a"), .index(.name("b"), subscripts)], options))
      }
    case .conv2dInputGradient, .conv2dWeightGradient:
      let shape = try argument(2).value
      return try bilinear { (a, b) throws(Diagnostic) in
        try Evaluator(Bindings(["a": a, "b": b, "c": shape])).value(
          of: .call(.builtin(f), [.name("a"), .name("b"), .name("c")], options))
      }
    case .maxpoolGradient, .avgpoolGradient:
      // Linear in the gradient. Which entry of a window is largest does not change nearby.
      let (x, size) = (try argument(1).value, try argument(2).value)
      return try linear(arguments[0]) { tensor in
        try? Evaluator(Bindings(["a": tensor, "b": x])).value(
          of: .call(.builtin(f), [.name("a"), .name("b"), .number(size.scalarValue ?? 0)], options))
      }
    }
  }

  /// Tangent of an extremum: that of the entries that attain it, their mean where several do.
  private static func shared(of a: Tensor, at value: Tensor, _ tangent: Tensor, axis: Int?) -> Tensor? {
    let mask = a.combined(with: value) { $0 == $1 ? 1 : 0 }
    let sum = mask?.combined(with: tangent, *)?.sum(axis: axis)
    return mask.flatMap { mask in sum?.combined(with: mask.sum(axis: axis), /) }
  }

  private static func chosen(_ mask: Tensor, _ a: DualTensor, _ b: DualTensor, shape: Shape) -> Tensor? {
    guard a.tangent != nil || b.tangent != nil, let mask = mask.broadcast(to: shape),
      let x = a.tangentOrZero.broadcast(to: shape), let y = b.tangentOrZero.broadcast(to: shape)
    else { return nil }
    return Tensor(
      unchecked: shape, mask.elements.indices.map { mask.elements[$0] != 0 ? x.elements[$0] : y.elements[$0] }
    )
  }

  /// The tangent of a window's first largest entry, found by going through the window again.
  private func pooledTangent(
    _ x: Tensor, _ t: Tensor, _ y: Tensor, _ size: Expression, _ options: CallOptions
  ) throws(Diagnostic) -> Tensor {
    guard let window = try dual(size).value.scalarValue.map({ Int($0) }), x.rank == 4, y.rank == 4 else {
      throw Diagnostic("maxpool: the shapes do not meet")
    }
    let stride = options.stride ?? window
    var result = y
    for position in 0..<y.count {
      let index = y.index(at: position)
      search: for r in 0..<window {
        for c in 0..<window {
          guard let p = x.position(of: [index[0], index[1], index[2] * stride + r, index[3] * stride + c]),
            x.elements[p] == y.elements[position]
          else { continue }
          result.replaceElement(at: position, with: t.elements[p])
          break search
        }
      }
    }
    return result
  }
}

/// The values alone of what forward mode knows.
private struct FallbackEnvironment: Environment {
  let forward: ForwardMode
  init(_ forward: ForwardMode) { self.forward = forward }
  func value(of name: String) -> Tensor? { try? forward.dual(.name(name)).value }
  func shape(of name: String) -> Shape? { value(of: name)?.shape }
  func missing(_ name: String) -> Diagnostic { Diagnostic("there is no '\(name)'") }
  func example(ofShape shape: Shape) -> String? { nil }
}
