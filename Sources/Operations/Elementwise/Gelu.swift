import Formulas
import LinearAlgebra

extension Operation {
  /// Z times the share of a normal distribution that lies below Z. Source: Hendrycks and Gimpel, "Gaussian Error Linear
  /// Units (GELUs)" (2016), in the exact form: 1.4142… is √2, 2.5066… is √(2π).
  package static let gelu: Operation = elementwise(
    "gelu(Z)", is: "A[…] = Z[…]·(1 + erf(Z[…] / 1.4142135623730951)) / 2",
    slope: "(1 + erf(Z / 1.4142135623730951)) / 2 + Z * exp(-Z**2 / 2) / 2.5066282746310002",
    isActivation: true)
}
