import Formulas
import LinearAlgebra

extension Operation {
  /// Divided by n - ddof: by n as in NumPy and in normalisations; PyTorch's var is ddof=1.
  package static let variance: Operation = Operation(
    "var(A, axis=None, ddof=0, keepdims=True)", title: "variance",
    note: "mean squared distance from the mean, divided by n - ddof (PyTorch's var: ddof=1)",
    cases: [
      Case(is: .formula(formula), backward: ["dA = 2 * dc * \(centred)"], if: { !dropped($0) }),
      Case(is: .formula(formula), backward: ["dA = 2 * reshape(dc, kept_A) * \(centred)"]),
    ],
    kernel: .lines { setting in
      let ddof = Double(setting.options.integer("ddof") ?? 0)
      return { lines, x, out in lines.variance(x, out, ddof: ddof) }
    })

  private static let formula = "c[…] = (Σ_k (A[…,k] - (Σ_n A[…,n]) / |n|)²) / (|k| - ddof)"
  private static let centred = "(A - mean(A, axis=axis)) / (count_k - ddof)"

  package static let standardDeviation: Operation = Operation(
    "std(A, axis=None, ddof=0, keepdims=True)", title: "standard deviation", note: "the root of the variance",
    cases: [
      Case(is: .expression("C = sqrt(var(A, axis=axis, ddof=ddof, keepdims=keepdims))"))
    ])
}
