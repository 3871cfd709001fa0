import LinearAlgebra

extension ElementwiseFunction {
  /// The derivative at 0 is taken to be 0, one of its subgradients.
  package static let relu = ElementwiseFunction(
    name: "relu",
    summary: "max(0, u), entry by entry",
    value: { $0 > 0 ? $0 : ($0.isNaN ? $0 : 0) },
    derivative: .argument > 0,
    tangent: { $0 > 0 ? 1 : 0 },
    kinks: [0],
    derivation: [
      DerivationLine(
        .call(.where, .argument > 0, 1, 0),
        "the slope of u is 1 where u > 0; the slope of the constant 0 is 0 elsewhere"),
      DerivationLine(.argument > 0, "a comparison is 1 where it holds and 0 where not"),
    ],
    isActivation: true)

  package static let leakyReLU = ElementwiseFunction(
    name: "leaky_relu",
    summary: "u where u > 0, 0.01 u elsewhere",
    value: { $0 > 0 ? $0 : 0.01 * $0 },
    derivative: 0.01 + 0.99 * (.argument > 0),
    tangent: { $0 > 0 ? 1 : 0.01 },
    kinks: [0],
    derivation: [
      DerivationLine(
        .call(.where, .argument > 0, 1, 0.01),
        "the slope is 1 where u > 0 and 0.01 elsewhere"),
      DerivationLine(0.01 + 0.99 * (.argument > 0), "both cases in one formula"),
    ],
    isActivation: true)
}
