import Formulas
import LinearAlgebra

extension Operation {
  /// Along an axis, the sums of the entries up to each; of those from each on with `reverse=True`.
  package static let cumsum: Operation = Operation(
    "cumsum(A, axis=None, reverse=False)", title: "running sum", note: "sums up to each entry along an axis",
    cases: [
      Case(
        is: .formula("C[…,k] = Σ_n A[…,n]·(n ≤ k)"), backward: ["dA = cumsum(dC, axis=axis, reverse=True)"],
        if: { $0.hasOneLine && !$0.options.isTrue("reverse") }),
      Case(
        is: .formula("C[…,k] = Σ_n A[…,n]·(n ≥ k)"), backward: ["dA = cumsum(dC, axis=axis)"],
        if: { $0.hasOneLine }),
    ],
    kernel: .prepared { setting, _ in
      guard let shape = setting.shapes.first, setting.hasOneLine else { return nil }
      let lines = Lines(shape, axis: setting.options.axis.flatMap { shape.axis($0) })
      let isReversed = setting.options.isTrue("reverse")
      return { lines.cumulativeSum($0[0], $1, reversed: isReversed) }
    },
    ranges: { (setting) throws(Diagnostic) in
      let shape = setting.shapes.first ?? .scalar
      return ["k": shape.dimensions[shape.axis(setting.options.axis ?? 0) ?? 0]]
    },
    mismatch: { mismatch in
      mismatch.shapes.first.map {
        Diagnostic(
          "cumsum runs along one axis of \($0)", hint: "for example cumsum(\(mismatch.arguments[0]), axis=0)")
      }
    })
}

extension Operation.Setting {
  fileprivate var hasOneLine: Bool {
    guard let rank = shapes.first?.rank, rank > 0 else { return false }
    return options.axes.map { $0.count == 1 } ?? (rank == 1)
  }
}
