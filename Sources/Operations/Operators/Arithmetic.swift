import Formulas
import LinearAlgebra
import Platform

extension Operation {
  package static let add: Operation = Operation(
    "add(A, B)", symbol: "+", title: "addition", is: "C[…] = A[…] + B[…]", backward: ["dA = dC", "dB = dC"],
    kernel: .entries(.add))

  package static let subtract: Operation = Operation(
    "subtract(A, B)", symbol: "-", title: "difference", is: "C[…] = A[…] - B[…]",
    backward: ["dA = dC", "dB = -dC"], kernel: .entries(.subtract))

  package static let multiply: Operation = Operation(
    "product(A, B)", symbol: "*", title: "elementwise product", is: "C[…] = A[…]·B[…]",
    backward: ["dA = dC * B", "dB = dC * A"], kernel: .entries(.multiply))

  package static let divide: Operation = Operation(
    "quotient(A, B)", symbol: "/", title: "quotient", is: "C[…] = A[…] / B[…]",
    backward: ["dA = dC / B", "dB = -dC * A / B**2"], kernel: .entries(.divide))

  package static let negative: Operation = Operation(
    "negative(A)", symbol: "-", title: "negation", is: "C[…] = -A[…]", backward: ["dA = -dC"],
    kernel: .entries(.negative))

  /// Where n is 0 the power is 1 everywhere, and its slope 0 at A = 0 too, where 0 times A**-1 is none: as in PyTorch and JAX.
  package static let power: Operation = Operation(
    "power(A, n)", symbol: "**", title: "power", is: "C[…] = A[…]**n[…]",
    backward: ["dA = n * dC * A**(n - (n != 0))", "dn = dC * C * log(where(A == 0, 1, A))"], kernel: .power)
}
