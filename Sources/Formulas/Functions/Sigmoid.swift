import LinearAlgebra
import Platform

extension ElementwiseFunction {
  package static let sigmoid = ElementwiseFunction(
    name: "sigmoid",
    summary: "1 / (1 + exp(-u))",
    value: { u in
      // exp of a negative number only: exp(800) overflows, exp(-800) is a clean 0.
      let e = Platform.exp(-Swift.abs(u))
      return u >= 0 ? 1 / (1 + e) : e / (1 + e)
    },
    derivative: .value * (1 - .value),
    tangent: { u in
      let e = Platform.exp(-Swift.abs(u))
      return e / ((1 + e) * (1 + e))
    },
    kinks: [],
    derivation: [
      DerivationLine(
        .call(.exp, -.argument) / (1 + .call(.exp, -.argument)).raised(to: 2),
        "quotient rule on 1 / (1 + exp(-u)): minus the inner derivative -exp(-u), over the square"),
      DerivationLine(
        1 / (1 + .call(.exp, -.argument)) * (.call(.exp, -.argument) / (1 + .call(.exp, -.argument))),
        "one of the two factors 1 + exp(-u) under each fraction"),
      DerivationLine(
        1 / (1 + .call(.exp, -.argument)) * (1 - 1 / (1 + .call(.exp, -.argument))),
        "exp(-u) = (1 + exp(-u)) - 1 in the second fraction"),
      DerivationLine(.value * (1 - .value), "v = sigmoid(u) = 1 / (1 + exp(-u))"),
    ],
    isActivation: true)

  package static let softplus = ElementwiseFunction(
    name: "softplus",
    summary: "log(1 + exp(u)), a smooth relu",
    value: { Swift.max($0, 0) + log1p(Platform.exp(-Swift.abs($0))) },
    derivative: .call(.sigmoid, .argument),
    tangent: { u in
      let e = Platform.exp(-Swift.abs(u))
      return u >= 0 ? 1 / (1 + e) : e / (1 + e)
    },
    kinks: [],
    derivation: [
      DerivationLine(
        .call(.exp, .argument) / (1 + .call(.exp, .argument)),
        "chain rule on log(1 + exp(u)): 1 / (1 + exp(u)) times exp(u)"),
      DerivationLine(1 / (1 + .call(.exp, -.argument)), "divide both by exp(u)"),
      DerivationLine(.call(.sigmoid, .argument), "the definition of sigmoid"),
    ],
    isActivation: true)
}
