import Formulas
import LinearAlgebra
import Platform

extension Operation {
  package static let softplus: Operation = elementwise(
    "softplus(Z)", note: "a smooth relu", is: "A[…] = log(1 + exp(Z[…]))", slope: "sigmoid(Z)",
    scalar: ScalarFunction(
      { Swift.max($0, 0) + log1p(Platform.exp(-Swift.abs($0))) },
      derivative: { u in
        let e = Platform.exp(-Swift.abs(u))
        return u >= 0 ? 1 / (1 + e) : e / (1 + e)
      }), isActivation: true,
    derivation: [
      [.identity("exp(a) / (1 + exp(a)) = 1 / (1 + exp(-a))", "both divided by exp({a})")],
      [.recognised("sigmoid")],
    ])
}
