import Formulas
import LinearAlgebra
import Platform

extension Operation {
  /// With α = 1, as PyTorch has it by default. Source: Clevert, Unterthiner and Hochreiter (2015).
  package static let elu: Operation = elementwise(
    "elu(Z)", is: "A[…] = where(Z[…] > 0, Z[…], exp(Z[…]) - 1)", slope: "(Z > 0) + (Z <= 0) * (A + 1)",
    scalar: ScalarFunction(
      { $0 > 0 ? $0 : expm1($0) }, derivative: { $0 > 0 ? 1 : Platform.exp($0) }),
    isActivation: true)
}
