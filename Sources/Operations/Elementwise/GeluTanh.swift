import Formulas
import LinearAlgebra

extension Operation {
  /// With tanh for the integral of the normal distribution, as GPT-2 has it: `approximate=tanh` in PyTorch.
  /// Source: Hendrycks and Gimpel, "Gaussian Error Linear Units (GELUs)" (2016). 0.7978… is √(2/π).
  package static let geluTanh: Operation = elementwise(
    "gelu_tanh(Z)", note: "as GPT-2 has it, with tanh for erf",
    is: "A[…] = Z[…]·(1 + tanh(0.7978845608028654·(Z[…] + 0.044715·Z[…]**3))) / 2",
    slope:
      "(1 + tanh(0.7978845608028654 * (Z + 0.044715 * Z**3))) / 2 + Z * (1 - tanh(0.7978845608028654 * (Z + 0.044715 * Z**3))**2) * 0.7978845608028654 * (1 + 0.134145 * Z**2) / 2",
    isActivation: true)
}
