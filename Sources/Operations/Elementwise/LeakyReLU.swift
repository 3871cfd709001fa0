import Formulas
import LinearAlgebra

extension Operation {
  package static let leakyReLU: Operation = elementwise(
    "leaky_relu(Z)", is: "A[…] = where(Z[…] > 0, Z[…], 0.01·Z[…])", slope: "0.01 + 0.99 * (Z > 0)",
    kinks: [0], isActivation: true,
    derivation: [[.identity("where(a > 0, 1, b) = b + (1 - b)·(a > 0)", "both cases in one formula")]])
}
