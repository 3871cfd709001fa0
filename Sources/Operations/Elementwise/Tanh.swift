import Formulas
import LinearAlgebra
import Platform

extension Operation {
  package static let tanh: Operation = elementwise(
    "tanh(Z)", is: "A[…] = (exp(Z[…]) - exp(-Z[…])) / (exp(Z[…]) + exp(-Z[…]))", slope: "1 - A**2",
    scalar: ScalarFunction(
      { Platform.tanh($0) },
      derivative: { u in
        let c = Platform.cosh(u)
        return 1 / (c * c)
      }), block: .tanh, isActivation: true,
    derivation: [
      DerivationText(
        "((exp(Z) + exp(-Z)) * (exp(Z) + exp(-Z)) - (exp(Z) - exp(-Z)) * (exp(Z) - exp(-Z))) / (exp(Z) + exp(-Z))**2",
        "quotient rule: the derivative of exp(Z) - exp(-Z) is exp(Z) + exp(-Z), and the other way round"),
      DerivationText(
        "4 * exp(Z) * exp(-Z) / (exp(Z) + exp(-Z))**2",
        "(a + b)² - (a - b)² = 4ab with a = exp(Z), b = exp(-Z)"),
      DerivationText("4 / (exp(Z) + exp(-Z))**2", "exp(Z) exp(-Z) = 1"),
      DerivationText(
        "1 - ((exp(Z) - exp(-Z)) / (exp(Z) + exp(-Z)))**2", "the first line again, each term over (a + b)²"),
      DerivationText("1 - A**2", "A = tanh(Z)"),
    ])
}
