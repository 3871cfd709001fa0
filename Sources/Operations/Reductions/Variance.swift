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
    value: { (operands, setting) throws(Diagnostic) in
      guard let a = operands.first else { return nil }
      let ddof = Double(setting.options.integer("ddof") ?? 0)
      return try reducing { tensor, axis in
        let n = Double(
          axis.flatMap { tensor.shape.axis($0) }.map { tensor.shape.dimensions[$0] } ?? tensor.count)
        let centred = tensor.combined(with: tensor.mean(axis: axis), -) ?? tensor
        return centred.map { $0 * $0 }.sum(axis: axis).map { $0 / (n - ddof) }
      }([a], setting)
    },
    kernel: .prepared { setting, _ in
      guard let shape = setting.shapes.first, setting.options.axes?.count ?? 0 <= 1 else { return nil }
      let axis = setting.options.axis.flatMap { shape.axis($0) }
      let ddof = Double(setting.options.integer("ddof") ?? 0)
      let lines = Lines(shape, axis: axis)
      return { lines.variance($0[0], $1, ddof: ddof) }
    })

  private static let formula = "c[…] = (Σ_k (A[…,k] - (Σ_n A[…,n]) / |n|)²) / (|k| - ddof)"
  private static let centred = "(A - mean(A, axis=axis)) / (count_k - ddof)"

  package static let standardDeviation: Operation = Operation(
    "std(A, axis=None, ddof=0, keepdims=True)", title: "standard deviation", note: "the root of the variance",
    cases: [
      Case(is: .expression("C = sqrt(var(A, axis=axis, ddof=ddof, keepdims=keepdims))"))
    ])
}
