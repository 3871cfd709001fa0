import Formulas
import LinearAlgebra
import Operations

/// How the extents of an operation's operands and result relate.
enum OperationExtents {
  typealias Extent = ExtentUnification.Extent

  /// Extents of the result, with those of the operands unified; nil where they are not known.
  static func result(
    of function: Function, _ arguments: [Expression], _ options: CallOptions,
    in unification: inout ExtentUnification
  ) -> [Extent]? {
    let operands = arguments.map { unification.visit($0) }
    let first = operands.first ?? nil
    func axis(_ extents: [Extent]) -> Int? { extents.axis(options.axis ?? -1) }
    switch function.name {
    case "sum", "mean", "max", "min", "argmax":
      guard options.axis != nil else { return [] }
      return first.flatMap { inner in axis(inner).map { inner.reducing($0, &unification) } }
    case "softmax", "logsumexp":
      guard let inner = first, let axis = axis(inner) else { return first }
      unification.markClasses(inner[axis])
      return function.name == "softmax" ? inner : inner.reducing(axis, &unification)
    case "cross_entropy", "binary_cross_entropy", "mse", "half_mse", "sse", "half_sse":
      guard arguments.count == 2 else { return [] }
      if operands[0] == nil, let known = operands[1] { unification.assume(arguments[0], known) }
      if operands[1] == nil, let known = operands[0] { unification.assume(arguments[1], known) }
      guard let targets = operands[0] ?? operands[1], let predictions = operands[1] ?? operands[0] else {
        return []
      }
      for (a, b) in zip(targets, predictions) { unification.unify(a, b) }
      if function.name == "cross_entropy", let axis = axis(predictions) {
        unification.markClasses(predictions[axis])
      }
      return []
    case "maximum", "minimum", "where", "multiply":
      return operands.compactMap { $0 }.reduce(nil) { (sum: [Extent]?, next) in
        sum.map { unification.broadcast($0, next) } ?? next
      }
    case "eye":
      let n = unification.extent(ofSize: arguments.first ?? 0)
      return [n, n]
    case "zeros", "ones", "rand", "randn": return arguments.map { unification.extent(ofSize: $0) }
    case "arange": return [unification.extent(ofSize: arguments.first ?? 0)]
    case "linspace": return [unification.extent(ofSize: arguments.last ?? 0)]
    case "onehot":
      let labels = first?.first { unification.size($0.symbol) != 1 } ?? first?.first
      return [
        labels ?? unification.fresh(),
        arguments.count == 2 ? unification.extent(ofSize: arguments[1]) : unification.fresh(),
      ]
    case "outer":
      return operands.map { $0?.count == 1 ? ($0?.first ?? unification.fresh()) : unification.fresh() }
    case "diag":
      guard let inner = first else { return nil }
      if inner.count == 1 { return [inner[0], inner[0]] }
      return inner.contains(where: { unification.size($0.symbol) == 1 })
        ? [unification.fresh(), unification.fresh()] : [unification.fresh()]
    case "reshape": return first.map { reshaped($0, arguments.dropFirst(), &unification) }
    case "flatten": return first.map { [$0.first ?? unification.fresh(1), unification.fresh()] }
    case "scatter":
      guard arguments.count == 2, case .index(let base, _) = arguments[1] else { return nil }
      return unification.visit(base)
    case "conv2d":
      guard operands.count == 2, let x = operands[0], let w = operands[1], x.count == 4, w.count == 4 else {
        return nil
      }
      unification.unify(x[1], w[1])
      return [x[0], w[0], unification.fresh(), unification.fresh()]
    case "maxpool", "avgpool":
      return first.map { $0.prefix(2) + $0.dropFirst(2).map { _ in unification.fresh() } }
    case "conv2d_input_gradient", "conv2d_weight_gradient": return operands.last ?? nil
    case "maxpool_gradient", "avgpool_gradient": return operands.count > 1 ? operands[1] : nil
    // Entry by entry, `clip` and `contract` among them: the result is as long as the first operand.
    default: return first
    }
  }

  /// Axes keep their symbols from the left and from the right as far as their sizes stay the same.
  private static func reshaped(
    _ inner: [Extent], _ sizes: ArraySlice<Expression>, _ unification: inout ExtentUnification
  ) -> [Extent] {
    var result = sizes.map { unification.extent(ofSize: $0) }
    for (old, new) in zip(inner.indices, result.indices) {
      let (p, q) = (unification.size(inner[old].symbol), unification.size(result[new].symbol))
      guard sizes[sizes.startIndex + new] == .name("m") || (p != nil && p == q) else { break }
      unification.unify(inner[old], result[new])
      result[new] = inner[old]
    }
    return result
  }
}

extension [ExtentUnification.Extent] {
  /// Resolves an axis counted from either end.
  fileprivate func axis(_ axis: Int) -> Int? {
    let resolved = axis < 0 ? axis + count : axis
    return indices.contains(resolved) ? resolved : nil
  }

  fileprivate func reducing(_ axis: Int, _ unification: inout ExtentUnification) -> Self {
    var result = self
    result[axis] = unification.fresh(1, isBroadcast: true)
    return result
  }
}
