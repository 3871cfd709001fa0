import Formulas
import LinearAlgebra

extension Operation {
  static let dropped: @Sendable (Setting) -> Bool = {
    !$0.options.keepsAxes && $0.options.axes != nil
  }

  /// A reduced axis keeps extent 1, so that `db2 = sum(dZ2, axis=0)` has the shape of b2, unless `keepdims=False`.
  package static let sum: Operation = Operation(
    "sum(A, axis=None, keepdims=True)", title: "sum of entries",
    note: "sum of all entries, or along axes (which keep extent 1)",
    cases: [
      Case(is: .formula("c[…] = Σ_k A[…,k]"), backward: ["dA = dc"], if: { !dropped($0) }),
      Case(is: .formula("c[…] = Σ_k A[…,k]"), backward: ["dA = reshape(dc, kept_A)"]),
    ], value: reducing { $0.sum(axis: $1) }, kernel: .lines { lines, x, out in lines.sum(x, out) })

  package static let mean: Operation = Operation(
    "mean(A, axis=None, keepdims=True)", note: "mean of all entries, or along an axis",
    cases: [
      Case(is: .formula("c[…] = (Σ_k A[…,k]) / |k|"), backward: ["dA = dc / count_k"], if: { !dropped($0) }),
      Case(is: .formula("c[…] = (Σ_k A[…,k]) / |k|"), backward: ["dA = reshape(dc, kept_A) / count_k"]),
    ], value: reducing { $0.mean(axis: $1) }, kernel: .lines { lines, x, out in lines.mean(x, out) })

  /// A reduction over no, one or several axes from one over at most one.
  static func reducing(_ reduce: @escaping @Sendable (Tensor, Int?) -> Tensor) -> Value {
    { (operands: [Tensor], setting: Setting) throws(Diagnostic) -> Tensor? in
      guard let a = operands.first else { return nil }
      guard let axes = setting.options.axes else { return reduce(a, nil) }
      guard axes.count == 1, setting.options.keepsAxes else {
        return try Tensor.reducing(a, axes, keepsAxes: setting.options.keepsAxes, reduce)
      }
      return reduce(a, axes[0])
    }
  }
}

extension Expression {
  /// What is summed in a sum of entries, also of one that is given another shape; nil for other formulas.
  package var summed: Expression? {
    guard case .call(let f, let arguments, _) = self else { return nil }
    return f.name == Operation.sum.name
      ? arguments.first : f.name == Operation.reshape.name ? arguments.first?.summed : nil
  }

  /// The mean where a sum stands.
  package var averaged: Expression? {
    guard case .call(let f, let arguments, let options) = self, f.name == Operation.sum.name else {
      return nil
    }
    return .call(Function(Operation.mean.name), arguments, options)
  }
}

extension Tensor {
  /// Several axes at once: they are brought to the end and taken as one.
  fileprivate static func reducing(
    _ a: Tensor, _ axes: [Int], keepsAxes: Bool, _ reduce: (Tensor, Int?) -> Tensor
  ) throws(Diagnostic) -> Tensor? {
    guard let positions = a.shape.positions(bringingToEnd: axes) else {
      throw Diagnostic("an axis is named twice")
    }
    let chosen = axes.compactMap { a.shape.axis($0) }
    let kept = (0..<a.rank).map { chosen.contains($0) ? 1 : a.shape.dimensions[$0] }
    let outer = (0..<a.rank).filter { !chosen.contains($0) }.map { a.shape.dimensions[$0] }
    let count = chosen.reduce(1) { $0 * a.shape.dimensions[$1] }
    let rows = Tensor(
      unchecked: [outer.reduce(1, *), count], positions.map { a.elements[$0] })
    return reduce(rows, 1).reshaped(Shape(keepsAxes ? kept : outer))
  }
}
