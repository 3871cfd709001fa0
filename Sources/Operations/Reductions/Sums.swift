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
    ], kernel: .lines { lines, x, out in lines.sum(x, out) })

  package static let mean: Operation = Operation(
    "mean(A, axis=None, keepdims=True)", note: "mean of all entries, or along an axis",
    cases: [
      Case(is: .formula("c[…] = (Σ_k A[…,k]) / |k|"), backward: ["dA = dc / count_k"], if: { !dropped($0) }),
      Case(is: .formula("c[…] = (Σ_k A[…,k]) / |k|"), backward: ["dA = reshape(dc, kept_A) / count_k"]),
    ], kernel: .lines { lines, x, out in lines.mean(x, out) })

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
