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

  /// Where all entries are equal the root has no slope; the gradient there is 0, and so is the second one, as PyTorch has it
  /// for std (and not for sqrt(var), which is nan there as here): 0 is the mean of the slopes from both sides. Divided by
  /// infinity, and not chosen between two values: a 0 times infinity in what is not chosen would be nan.
  package static let standardDeviation: Operation = Operation(
    "std(A, axis=None, ddof=0, keepdims=True)", title: "standard deviation",
    note: "the root of the variance; where all entries are equal its gradient is 0, as in PyTorch",
    cases: [
      Case(is: .formula(root), backward: ["dA = dc * \(centred("c"))"], if: { !dropped($0) }),
      Case(is: .formula(root), backward: ["dA = reshape(dc, kept_A) * \(centred("reshape(c, kept_A)"))"]),
    ],
    kernel: .lines { setting in
      let ddof = Double(setting.options.integer("ddof") ?? 0)
      return { lines, x, out in
        lines.variance(x, out, ddof: ddof)
        for i in 0..<lines.outer * lines.inner { out[i] = out[i].squareRoot() }
      }
    })

  private static let root = "c[…] = sqrt((Σ_k (A[…,k] - (Σ_n A[…,n]) / |n|)²) / (|k| - ddof))"

  private static func centred(_ deviation: String) -> String {
    "(A - mean(A, axis=axis)) / ((count_k - ddof) * where(\(deviation) > 0, \(deviation), inf))"
  }
}
