import Formulas
import LinearAlgebra
import Platform

extension Operation {
  /// Mean over all entries, as in PyTorch.
  package static let binaryCrossEntropy: Operation = loss(
    "binary_cross_entropy(Y, P, reduction=mean)",
    note: "cross-entropy of yes/no targets Y and probabilities P, mean over all entries",
    is: "L = (Σ_… -(Y[…]·log(P[…]) + (1 - Y[…])·log(1 - P[…]))) / |…|",
    computed:
      "L = (Σ_… -(Y[…]·log(max(P[…], 1e-15)) + (1 - Y[…])·log(max(1 - P[…], 1e-15)))) / |…|",
    dY: "(log(1 - P) - log(P))", dP: "((1 - Y) / (1 - P) - Y / P)",
    traits: LossTraits(
      averaging: .entries, total: "sum(-(Y * log(maximum(P, 1e-15)) + (1 - Y) * log(maximum(1 - P, 1e-15))))",
      isClassification: true,
      fusion: FusionTraits(
        activation: "sigmoid", title: "sigmoid with binary cross-entropy", total: "sum(softplus(Z) - Y * Z)",
        needsDistributions: false,
        derivations: [
          Route(
            "chain", "sigmoid with binary cross-entropy", hidesRest: true,
            chains: [
              .init(
                "∂L/∂Z[…]",
                [
                  [.chainRule("A"), .sameSample], [.known("binary_cross_entropy")], [.known("sigmoid")],
                  [.identity("a·(b - c) = a·b - a·c", "multiplied out"), .cancelled],
                  [.identity("(1 - a)·b - a·(1 - b) = b - a")], [.asWritten],
                ])
            ])
        ])),
    entry: { y, p in
      func log(_ x: Double) -> Double { Platform.log(x < LossTraits.clip ? LossTraits.clip : x) }
      return -(y * log(p) + (1 - y) * log(1 - p))
    })
}
