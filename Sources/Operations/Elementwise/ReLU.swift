import Formulas
import LinearAlgebra

extension Operation {
  /// The derivative at 0 is taken to be 0, one of its subgradients.
  package static let relu: Operation = elementwise(
    "relu(Z)", is: "A[…] = max(0, Z[…])", slope: "Z > 0", kinks: [0],
    scalar: ScalarFunction({ $0 > 0 ? $0 : ($0.isNaN ? $0 : 0) }, derivative: { $0 > 0 ? 1 : 0 }),
    block: .relu, isActivation: true)
}
