import Formulas
import LinearAlgebra

extension Operation {
  package static let transpose: Operation = Operation(
    "transpose(A)", symbol: ".T", title: "transpose",
    cases: [
      Case(is: .formula("C[i,j] = A[j,i]"), backward: ["dA = dC.T"], if: { $0.ranks == [2] }),
      // A vector is its own transpose, as in NumPy.
      Case(is: .formula("C[…] = A[…]"), backward: ["dA = dC"], if: { ($0.ranks.first ?? 0) < 2 }),
    ],
    value: { operands, _ in operands.first?.transposed() }, kernel: .transpose,
    mismatch: { mismatch in
      guard let a = mismatch.arguments.first, let shape = mismatch.shapes.first else { return nil }
      return Diagnostic("only a matrix can be transposed: \(ShapeMessages.brief(a)) is \(shape)")
    })
}
