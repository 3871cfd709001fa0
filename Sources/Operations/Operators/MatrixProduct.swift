import Formulas
import LinearAlgebra

extension Operation {
  /// As NumPy defines `@`: a vector on the left is a row, on the right a column.
  package static let matrixProduct: Operation = Operation(
    "matmul(A, B)", symbol: "@", title: "matrix product",
    cases: [
      Case(
        is: .formula("C[i,j] = Σ_k A[i,k]·B[k,j]"), backward: ["dA = dC @ B.T", "dB = A.T @ dC"],
        if: { $0.ranks == [2, 2] }),
      Case(
        is: .formula("C[j] = Σ_k A[k]·B[k,j]"), backward: ["dA = dC @ B.T", "dB = outer(A, dC)"],
        if: { $0.ranks == [1, 2] }),
      Case(
        is: .formula("C[i] = Σ_k A[i,k]·B[k]"), backward: ["dA = outer(dC, B)", "dB = A.T @ dC"],
        if: { $0.ranks == [2, 1] }),
      Case(
        is: .formula("C = Σ_k A[k]·B[k]"), backward: ["dA = dC * B", "dB = dC * A"],
        if: { $0.ranks == [1, 1] }),
      // Of a stack and a vector.
      Case(
        is: .formula("C[…,i] = Σ_k A[…,i,k]·B[k]"),
        backward: ["dA = reshape(dC, sizes_C, 1) * B", "dB = reshape(dC, sizes_C, 1) * A"],
        if: { $0.ranks.last == 1 && $0.ranks.count == 2 && $0.ranks[0] > 2 }),
      Case(
        is: .formula("C[…,j] = Σ_k A[k]·B[…,k,j]"),
        backward: [
          "dA = swapaxes(B, -1, -2) * reshape(dC, sizes_C, 1)",
          "dB = swapaxes(reshape(dC, sizes_C, 1) * A, -1, -2)",
        ],
        if: { $0.ranks.first == 1 && $0.ranks.count == 2 && $0.ranks[1] > 2 }),
      // Of stacks, matrix by matrix; a matrix alone goes with every one.
      Case(
        is: .formula("C[…,i,j] = Σ_k A[…,i,k]·B[…,k,j]"),
        backward: ["dA = dC @ B.mT", "dB = A.mT @ dC"],
        if: { $0.ranks.allSatisfy { $0 > 1 } }),
    ],
    value: { operands, _ in operands.count == 2 ? operands[0].product(operands[1]) : nil }, kernel: .product,
    derivations: [
      script(
        "indices", "indices", also: "; Taura, Linear",
        [[.chainRule("C")], [.workedOut], [.maybe(.deltas)], [.asWritten]]),
      script("shapes", "shapes", [[.byShape]]),
      script("differences", "finite differences", [[.differences(0.001)], [.coefficient], [.asWritten]]),
    ])

  private static func script(
    _ name: String, _ way: String, also source: String = "", _ lines: [[Route.Step]]
  ) -> Route {
    Route(
      name, "the gradients of a matrix product C = A @ B, by \(way)",
      source: "Datta, Neural Networks, Backward Propagation" + source,
      chains: [.init("∂L/∂B", lines), .init("∂L/∂A", lines)])
  }
}

extension Operation.Setting {
  var ranks: [Int] { shapes.map(\.rank) }
}
