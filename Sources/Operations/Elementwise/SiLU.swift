import Formulas
import LinearAlgebra

extension Operation {
  /// Z times its sigmoid, also called swish. Source: Elfwing, Uchibe and Doya (2017).
  package static let silu: Operation = elementwise(
    "silu(Z)", note: "also called swish", is: "A[…] = Z[…] / (1 + exp(-Z[…]))",
    slope: "sigmoid(Z) * (1 + Z * (1 - sigmoid(Z)))", isActivation: true)
}
