import Formulas
import LinearAlgebra

extension Operation {
  /// Z times the share of a normal distribution that lies below Z. Source: Hendrycks and Gimpel, "Gaussian Error Linear
  /// Units (GELUs)" (2016), in the exact form: 3.1415… is π.
  package static let gelu: Operation = elementwise(
    "gelu(Z)", is: "A[…] = Z[…]·(1 + erf(Z[…] / sqrt(2))) / 2",
    slope: "(1 + erf(Z / sqrt(2))) / 2 + Z * exp(-Z**2 / 2) / sqrt(2) / sqrt(3.141592653589793)",
    isActivation: true,
    derivation: [[.identity("b / sqrt(a)² = b / a")]])
}
