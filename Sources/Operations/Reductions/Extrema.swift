import Formulas
import LinearAlgebra

extension Operation {
  /// Where several entries are largest the first of them has the gradient, as in PyTorch's max along an axis.
  package static let max: Operation = extremum("max", "largest entry") { lines, x, out in
    lines.extremum(x, out, isLargest: true)
  }

  package static let min: Operation = extremum("min", "smallest entry") { lines, x, out in
    lines.extremum(x, out, isLargest: false)
  }

  private static func extremum(
    _ name: String, _ title: String, kernel: @escaping Kernel.LineKernel
  ) -> Operation {
    Operation(
      "\(name)(A, axis=None, keepdims=True)", title: title, note: "\(title), or along an axis",
      cases: [
        Case(
          is: .formula("c[…] = \(name)_k A[…,k]"), backward: ["dA = dc * first(A == c, axis=axis)"],
          if: { !dropped($0) }),
        Case(
          is: .formula("c[…] = \(name)_k A[…,k]"),
          backward: ["dA = reshape(dc, kept_A) * first(A == reshape(c, kept_A), axis=axis)"]),
      ], kernel: .lines(kernel))
  }

  /// Which of the entries along an axis is the first that is not 0.
  package static let first: Operation = Operation(
    "first(C, axis=None)", title: "first of several",
    note: "1 at the first entry that is not 0, along an axis or of all, else 0",
    cases: [
      Case(is: .formula("F[…,k] = (argmax_n (C[…,n] ≠ 0) == k)·(C[…,k] ≠ 0)"), backward: [])
    ],
    kernel: .first)

  /// Zero-based position of the first largest entry: a step, without a derivative.
  package static let argmax: Operation = Operation(
    "argmax(A, axis=None, keepdims=True)", title: "position",
    note: "position of the largest entry, zero-based",
    is: "c[…] = argmax_k A[…,k]", backward: [],
    kernel: .lines { lines, x, out in lines.position(x, out, isLargest: true) })

  /// Zero-based position of the first smallest entry.
  package static let argmin: Operation = Operation(
    "argmin(A, axis=None, keepdims=True)", title: "position",
    note: "position of the smallest entry, zero-based",
    is: "c[…] = argmax_k (-A[…,k])", backward: [],
    kernel: .lines { lines, x, out in lines.position(x, out, isLargest: false) })
}

extension Kernel {
  fileprivate static let first: Kernel = .lines(keepsShape: true) { lines, x, out in
    lines.first(x, out)
  }
}
