import Formulas

extension Operation {
  /// Every entry of a times every entry of b; matrices are taken as the vectors of their entries.
  package static let outer: Operation = Operation(
    "outer(a, b)", title: "outer product", note: "every entry of a times every entry of b",
    cases: [
      Case(
        is: .formula("C[i,j] = a[i]·b[j]"), backward: ["da = dC @ b", "db = dC.T @ a"],
        if: { $0.ranks == [1, 1] }),
      Case(is: .expression("C = reshape(a, count_a, 1) @ reshape(b, 1, count_b)")),
    ])
}
