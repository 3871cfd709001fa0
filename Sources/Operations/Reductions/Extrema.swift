import Formulas
import LinearAlgebra

extension Operation {
  /// Where several entries are largest they share the gradient.
  package static let max: Operation = extremum("max", "largest entry") {
    $0.maximum(axis: $1)
  } kernel: { lines, x, out in
    lines.extremum(x, out, isLargest: true)
  }

  package static let min: Operation = extremum("min", "smallest entry") {
    $0.minimum(axis: $1)
  } kernel: { lines, x, out in
    lines.extremum(x, out, isLargest: false)
  }

  private static func extremum(
    _ name: String, _ title: String, _ reduce: @escaping @Sendable (Tensor, Int?) -> Tensor,
    kernel: @escaping Kernel.LineKernel
  ) -> Operation {
    let rule = "(A == c) / sum(A == c, axis=axis)"
    return Operation(
      "\(name)(A, axis=None, keepdims=True)", title: title, note: "\(title), or along an axis",
      cases: [
        Case(
          is: .formula("c[…] = \(name)_k A[…,k]"), backward: ["dA = dc * \(rule)"],
          if: { $0.options.keepsAxes || $0.options.axes == nil }),
        Case(
          is: .formula("c[…] = \(name)_k A[…,k]"),
          backward: ["dA = reshape(dc, kept_A) * \(rule.replacingResult("c", "reshape(c, kept_A)"))"]),
      ], value: reducing(reduce), kernel: .lines(kernel))
  }

  /// Zero-based position of the first largest entry: a step, without a derivative.
  package static let argmax: Operation = Operation(
    "argmax(A, axis=None, keepdims=True)", title: "position",
    note: "position of the largest entry, zero-based",
    is: "c[…] = argmax_k A[…,k]", backward: [], value: reducing { $0.argmax(axis: $1) },
    kernel: .lines { lines, x, out in lines.argmax(x, out) })
}

extension String {
  /// A one-letter name replaced where it stands alone.
  fileprivate func replacingResult(_ name: Character, _ other: String) -> String {
    var result = ""
    let letters = Array(self)
    for (i, c) in letters.enumerated() {
      let isAlone =
        c == name && !(i > 0 && letters[i - 1].isLetter)
        && !(i + 1 < letters.count && (letters[i + 1].isLetter || letters[i + 1] == "("))
      result += isAlone ? other : String(c)
    }
    return result
  }
}
