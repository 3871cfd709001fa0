import LinearAlgebra
import Platform

extension ElementwiseFunction {
  package static let tanh = ElementwiseFunction(
    name: "tanh",
    summary: "(exp(u) - exp(-u)) / (exp(u) + exp(-u))",
    value: { Platform.tanh($0) },
    derivative: 1 - Expression.value.raised(to: 2),
    tangent: { u in
      let c = Platform.cosh(u)
      return 1 / (c * c)
    },
    kinks: [],
    derivation: {
      let p = Expression.call(.exp, .argument)
      let q = Expression.call(.exp, -.argument)
      return [
        DerivationLine(
          ((p + q) * (p + q) - (p - q) * (p - q)) / (p + q).raised(to: 2),
          "quotient rule: the derivative of exp(u) - exp(-u) is exp(u) + exp(-u), and the other way round"),
        DerivationLine(
          4 * p * q / (p + q).raised(to: 2), "(a + b)² - (a - b)² = 4ab with a = exp(u), b = exp(-u)"),
        DerivationLine(4 / (p + q).raised(to: 2), "exp(u) exp(-u) = 1"),
        DerivationLine(
          1 - ((p - q) / (p + q)).raised(to: 2), "the first line again, each term over (a + b)²"),
        DerivationLine(1 - Expression.value.raised(to: 2), "v = tanh(u)"),
      ]
    }(),
    isActivation: true)
}
