import LinearAlgebra
import Platform

// The elementary functions. Their derivatives are the textbook's, so their derivations have one line.

extension ElementwiseFunction {
  private static func elementary(
    _ name: String, _ summary: String, _ value: @escaping @Sendable (Double) -> Double,
    _ derivative: Expression, _ tangent: @escaping @Sendable (Double) -> Double, kinks: [Double] = []
  ) -> ElementwiseFunction {
    ElementwiseFunction(
      name: name, summary: summary, value: value, derivative: derivative, tangent: tangent, kinks: kinks,
      derivation: [DerivationLine(derivative, "a basic derivative")], isActivation: false)
  }

  package static let exp = elementary(
    "exp", "e to the power u", { Platform.exp($0) }, .value, { Platform.exp($0) })
  package static let log = elementary(
    "log", "natural logarithm", { Platform.log($0) }, 1 / .argument, { 1 / $0 })
  package static let sqrt = elementary(
    "sqrt", "square root", { $0.squareRoot() }, 1 / (2 * .value), { 0.5 / $0.squareRoot() }, kinks: [0])
  package static let abs = elementary(
    "abs", "absolute value", { Swift.abs($0) }, .call(.sign, .argument), { $0 > 0 ? 1 : $0 < 0 ? -1 : 0 },
    kinks: [0])
  package static let sign = elementary(
    "sign", "-1, 0 or 1", { $0 > 0 ? 1 : $0 < 0 ? -1 : $0 }, 0 * .argument, { _ in 0 }, kinks: [0])
}
