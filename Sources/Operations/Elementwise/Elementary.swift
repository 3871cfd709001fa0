import Formulas
import LinearAlgebra
import Platform

// Functions of calculus. They are not made of simpler ones here: each states its value, its derivative, and what is to be
// said where it has no finite value.

extension Operation {
  package static let exp: Operation = elementwise(
    "exp(Z)", note: "e to the power Z", is: "A[…] = exp(Z[…])", slope: "A",
    scalar: ScalarFunction(
      { BlockOperation.exp($0) }, derivative: { BlockOperation.exp($0) },
      trouble: {
        "exp(\(Printer.number($0))) is larger than any double (exp overflows above 709.78)"
      }), block: .exp)

  package static let log: Operation = elementwise(
    "log(Z)", note: "natural logarithm", is: "A[…] = log(Z[…])", slope: "1 / Z",
    scalar: ScalarFunction(
      { Platform.log($0) }, derivative: { 1 / $0 },
      trouble: { $0 == 0 ? "log(0) is minus infinity" : $0 < 0 ? "log of a negative number" : nil }))

  package static let sqrt: Operation = elementwise(
    "sqrt(Z)", note: "square root", is: "A[…] = sqrt(Z[…])", slope: "1 / (2 * A)", kinks: [0],
    scalar: ScalarFunction(
      { $0.squareRoot() }, derivative: { 0.5 / $0.squareRoot() },
      trouble: { $0 < 0 ? "sqrt of a negative number" : nil }), block: .squareRoot)

  package static let abs: Operation = elementwise(
    "abs(Z)", note: "absolute value", is: "A[…] = max(Z[…], -Z[…])", slope: "sign(Z)", kinks: [0],
    scalar: ScalarFunction({ Swift.abs($0) }, derivative: { $0 > 0 ? 1 : $0 < 0 ? -1 : 0 }),
    block: .absolute)

  package static let sign: Operation = elementwise(
    "sign(Z)", note: "-1, 0 or 1", is: "A[…] = (Z[…] > 0) - (Z[…] < 0)", slope: "0", kinks: [0],
    scalar: ScalarFunction({ $0 > 0 ? 1 : $0 < 0 ? -1 : $0.isNaN ? $0 : 0 }, derivative: { _ in 0 }))

  package static let erf: Operation = elementwise(
    "erf(Z)", note: "error function, 2/√π times the integral of exp(-t²) from 0 to Z", is: "A[…] = erf(Z[…])",
    slope: "2 * exp(-Z**2) / sqrt(3.141592653589793)",
    scalar: ScalarFunction(
      { BlockOperation.erf($0) }, derivative: { 1.1283791670955126 * BlockOperation.exp(-$0 * $0) }),
    block: .erf)
}
