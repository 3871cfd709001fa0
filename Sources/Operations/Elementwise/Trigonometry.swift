import Formulas
import LinearAlgebra
import Platform

extension Operation {
  package static let sin: Operation = elementwise(
    "sin(Z)", note: "sine, of radians", is: "A[…] = sin(Z[…])", slope: "cos(Z)",
    scalar: ScalarFunction({ Platform.sin($0) }, derivative: { Platform.cos($0) }))

  package static let cos: Operation = elementwise(
    "cos(Z)", note: "cosine, of radians", is: "A[…] = cos(Z[…])", slope: "-sin(Z)",
    scalar: ScalarFunction({ Platform.cos($0) }, derivative: { -Platform.sin($0) }))
}
