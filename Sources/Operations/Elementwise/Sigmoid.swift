import Formulas
import LinearAlgebra
import Platform

extension Operation {
  package static let sigmoid: Operation = elementwise(
    "sigmoid(Z)", is: "A[…] = 1 / (1 + exp(-Z[…]))", slope: "A * (1 - A)",
    scalar: ScalarFunction(
      { u in
        // exp of a negative number only: exp(800) overflows, exp(-800) is a clean 0.
        let e = Platform.exp(-Swift.abs(u))
        return u >= 0 ? 1 / (1 + e) : e / (1 + e)
      },
      derivative: { u in
        let e = Platform.exp(-Swift.abs(u))
        return e / ((1 + e) * (1 + e))
      }), block: .sigmoid, isActivation: true,
    derivation: [
      DerivationText(
        "exp(-Z) / (1 + exp(-Z))**2",
        "quotient rule on 1 / (1 + exp(-Z)): minus the inner derivative -exp(-Z), over the square"),
      DerivationText(
        "1 / (1 + exp(-Z)) * (exp(-Z) / (1 + exp(-Z)))",
        "one of the two factors 1 + exp(-Z) under each fraction"),
      DerivationText(
        "1 / (1 + exp(-Z)) * (1 - 1 / (1 + exp(-Z)))", "exp(-Z) = (1 + exp(-Z)) - 1 in the second fraction"),
      DerivationText("A * (1 - A)", "A = sigmoid(Z) = 1 / (1 + exp(-Z))"),
    ])
}
