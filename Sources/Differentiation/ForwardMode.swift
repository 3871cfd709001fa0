import Formulas
import LinearAlgebra
import Platform

/// Forward mode: a formula evaluated in dual numbers. It shares no rule with the backward pass (softmax is
/// differentiated as exp over sum, activations by a slope written down apart), so that each can check the other.
package struct ForwardMode {
  private var values: [String: DualTensor]
  private let base: any Environment

  package init(_ values: [String: DualTensor], over base: any Environment) {
    self.values = values
    self.base = base
  }

  /// Runs equations in order; afterwards their names have dual values too.
  package mutating func run(_ equations: some Sequence<Equation>) throws(Diagnostic) {
    for equation in equations { values[equation.name] = try dual(equation.evaluated) }
  }

  package func value(of name: String) -> DualTensor? { values[name] }

  package func dual(_ expression: Expression) throws(Diagnostic) -> DualTensor {
    switch expression {
    case .number(let value): return DualTensor(Tensor(value))
    case .name(let name):
      if let value = values[name] { return value }
      guard let value = base.value(of: name) else { throw base.missing(name) }
      return DualTensor(value)
    case .negative(let a):
      let a = try dual(a)
      return DualTensor(a.value.map { -$0 }, a.tangent?.map { -$0 })
    case .transpose(let a):
      let a = try dual(a)
      return DualTensor(a.value.transposed(), a.tangent?.transposed())
    case .list(let items):
      var parts: [DualTensor] = []
      for item in items { parts.append(try dual(item)) }
      let shape = Shape([items.count] + (parts.first?.value.shape.dimensions ?? []))
      return DualTensor(
        Tensor(unchecked: shape, parts.flatMap(\.value.elements)),
        parts.contains { $0.tangent != nil }
          ? Tensor(unchecked: shape, parts.flatMap(\.tangentOrZero.elements)) : nil)
    case .index(let a, let subscripts):
      return try linear(a) { tensor in
        guard let (shape, positions) = Evaluator.selection(subscripts, in: tensor.shape) else { return nil }
        return Tensor(unchecked: shape, positions.map { tensor.elements[$0] })
      }
    case .binary(let operation, let a, let b): return try binary(operation, try dual(a), try dual(b))
    case .derivative(let f, let a, let options): return try derivative(f, a, options, expression)
    case .call(.elementwise(let f), let arguments, _):
      let a = try dual(arguments.first ?? 0)
      return DualTensor(a.value.map(f.value), a.tangent?.combined(with: a.value) { $0 * f.tangent($1) })
    case .call(.loss(let loss), let arguments, let options):
      return try self.loss(loss, arguments, options)
    case .call(.builtin(let f), let arguments, let options):
      return try builtin(f, arguments, options, expression)
    }
  }

  /// A map that treats value and tangent alike.
  func linear(_ a: Expression, _ map: (Tensor) -> Tensor?) throws(Diagnostic) -> DualTensor {
    let a = try dual(a)
    guard let value = map(a.value) else { throw Diagnostic("the shapes do not meet") }
    return DualTensor(value, a.tangent.flatMap(map))
  }

  func binary(_ operation: BinaryOperator, _ a: DualTensor, _ b: DualTensor) throws(Diagnostic) -> DualTensor
  {
    let bindings = Bindings(["a": a.value, "b": b.value])
    let value = try Evaluator(bindings).value(of: .binary(operation, .name("a"), .name("b")))
    func spread(_ tensor: Tensor?) -> Tensor? { tensor.flatMap { $0.broadcast(to: value.shape) } }
    func total(_ x: Tensor?, _ y: Tensor?) -> Tensor? {
      guard let x else { return y }
      return y.flatMap { x.combined(with: $0, +) } ?? x
    }
    switch operation {
    case .add: return DualTensor(value, total(spread(a.tangent), spread(b.tangent)))
    case .subtract: return DualTensor(value, total(spread(a.tangent), spread(b.tangent?.map { -$0 })))
    case .multiply:
      return DualTensor(
        value, total(a.tangent?.combined(with: b.value, *), b.tangent?.combined(with: a.value, *)))
    case .divide:
      let first = spread(a.tangent?.combined(with: b.value, /))
      let second = b.tangent.flatMap { t in
        value.combined(with: t, *)?.combined(with: b.value) { -$0 / $1 }
      }
      return DualTensor(value, total(first, second))
    case .matrixProduct:
      return DualTensor(
        value, total(a.tangent.flatMap { $0.product(b.value) }, b.tangent.flatMap { a.value.product($0) }))
    case .power:
      let slope = a.value.combined(with: b.value) { $1 == 0 ? 0 : $1 * pow($0, $1 - 1) }
      let first = a.tangent.flatMap { t in slope?.combined(with: t, *) }
      let second = b.tangent.flatMap { t in
        value.combined(with: a.value) { $0 == 0 ? 0 : $0 * log($1) }?.combined(with: t, *)
      }
      return DualTensor(value, total(spread(first), spread(second)))
    case .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual: return DualTensor(value)
    }
  }

  /// f′(a) as the function of a that it is.
  private func derivative(
    _ f: Function, _ a: Expression, _ options: CallOptions, _ expression: Expression
  ) throws(Diagnostic) -> DualTensor {
    switch f {
    case .elementwise(let f):
      let slope = try dual(f.slope(at: a))
      let shape = try dual(a).value.shape
      return DualTensor(
        slope.value.broadcast(to: shape) ?? slope.value, slope.tangent.flatMap { $0.broadcast(to: shape) })
    case .builtin(.softmax):
      let S = try dual(.call(.builtin(.softmax), [a], options))
      let axis = options.axis ?? -1
      // J(S) = diag(S) - S·S is of second degree, where the symmetric difference is the derivative itself.
      let tangent = S.tangent.flatMap { t -> Tensor? in
        guard let above = S.value.combined(with: t, +), let below = S.value.combined(with: t, -) else {
          return nil
        }
        return SoftmaxJacobian.perSample(of: above, axis: axis).combined(
          with: SoftmaxJacobian.perSample(of: below, axis: axis)
        ) { ($0 - $1) / 2 }
      }
      return DualTensor(SoftmaxJacobian.perSample(of: S.value, axis: axis), tangent)
    case .builtin, .loss:
      throw Diagnostic("forward mode does not differentiate this derivative: \(expression)")
    }
  }

  private func loss(
    _ loss: LossFunction, _ arguments: [Expression], _ options: CallOptions
  ) throws(Diagnostic) -> DualTensor {
    guard arguments.count == 2 else { throw Diagnostic("\(loss.name) takes two values") }
    let (targets, predictions) = (try dual(arguments[0]), try dual(arguments[1]))
    let count = Evaluator.divisor(
      of: loss, shape: predictions.value.shape, axis: options.axis, reduction: options.reduction)
    let definition = loss.definition(
      targets: .name("Y"), predictions: .name("P"), divisor: count.map { .number(Double($0)) })
    return try ForwardMode(["Y": targets, "P": predictions], over: base).dual(definition.clippingLogarithms)
  }
}
