import Formulas
import LinearAlgebra

extension Operation {
  package static let transpose: Operation = Operation(
    "transposed(A)", symbol: ".T", title: "transpose",
    cases: [
      Case(is: .formula("C[i,j] = A[j,i]"), backward: ["dA = dC.T"], if: { $0.ranks == [2] }),
      // A vector is its own transpose, as in NumPy.
      Case(is: .formula("C[…] = A[…]"), backward: ["dA = dC"], if: { ($0.ranks.first ?? 0) < 2 }),
      // All axes in reverse order.
      Case(
        is: .move { (setting) throws(Diagnostic) in
          let source = setting.shapes.first ?? .scalar
          return Move(source.transposed) { (0, $0.reversed()) }
        }, backward: ["dA = dC.T"]),
    ],
    value: { operands, _ in operands.first?.transposed() }, kernel: .transpose)
}
