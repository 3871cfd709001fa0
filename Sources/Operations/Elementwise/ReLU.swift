import Formulas
import LinearAlgebra

extension Operation {
  /// The derivative at 0 is taken to be 0, one of its subgradients.
  package static let relu: Operation = elementwise(
    "relu(Z)", is: "A[…] = max(0, Z[…])", slope: "Z > 0", kinks: [0],
    scalar: ScalarFunction({ $0 > 0 ? $0 : ($0.isNaN ? $0 : 0) }, derivative: { $0 > 0 ? 1 : 0 }),
    block: .relu, isActivation: true,
    derivation: [
      DerivationText(
        "where(Z > 0, 1, 0)", "the slope of Z is 1 where Z > 0; the slope of the constant 0 is 0 elsewhere"),
      DerivationText("Z > 0", "a comparison is 1 where it holds and 0 where not"),
    ])
}
