import Formulas
import LinearAlgebra

extension Operation {
  package static let leakyReLU: Operation = elementwise(
    "leaky_relu(Z)", is: "A[…] = where(Z[…] > 0, Z[…], 0.01·Z[…])", slope: "0.01 + 0.99 * (Z > 0)",
    kinks: [0],
    scalar: ScalarFunction({ $0 > 0 ? $0 : 0.01 * $0 }, derivative: { $0 > 0 ? 1 : 0.01 }),
    isActivation: true,
    derivation: [
      DerivationText("where(Z > 0, 1, 0.01)", "the slope is 1 where Z > 0 and 0.01 elsewhere"),
      DerivationText("0.01 + 0.99 * (Z > 0)", "both cases in one formula"),
    ])
}
