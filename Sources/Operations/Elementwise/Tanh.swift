import Formulas
import LinearAlgebra
import Platform

extension Operation {
  package static let tanh: Operation = elementwise(
    "tanh(Z)", is: "A[…] = (exp(Z[…]) - exp(-Z[…])) / (exp(Z[…]) + exp(-Z[…]))", slope: "1 - A**2",
    scalar: ScalarFunction(
      { BlockOperation.tanh($0) },
      derivative: { u in
        let c = Platform.cosh(u)
        return 1 / (c * c)
      }), block: .tanh, isActivation: true,
    derivation: [
      [.identity("(a + b)² - (a - b)² = 4·a·b")], [.identity("exp(a)·exp(-a) = 1")],
      [.again(2), .identity("(a² - b²) / a² = 1 - b² / a²")], [.recognised("A")],
    ])
}
