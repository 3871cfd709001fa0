import Formulas
import LinearAlgebra

extension Operation {
  package static let sigmoid: Operation = elementwise(
    "sigmoid(Z)", is: "A[…] = 1 / (1 + exp(-Z[…]))", slope: "A * (1 - A)",
    scalar: ScalarFunction(
      { u in
        // exp of a negative number only: exp(800) overflows, exp(-800) is a clean 0.
        let e = BlockOperation.exp(-Swift.abs(u))
        return u >= 0 ? 1 / (1 + e) : e / (1 + e)
      },
      derivative: { u in
        let e = BlockOperation.exp(-Swift.abs(u))
        return e / ((1 + e) * (1 + e))
      }), block: .sigmoid, isActivation: true,
    derivation: [
      [.identity("a / b² = 1 / b·a / b", "one of the two factors {b} under each fraction")],
      [.identity("x / (c + x) = 1 - c / (c + x)", "{x} = ({c} + {x}) - {c} in the second fraction")],
      [.recognised("A")],
    ])
}
