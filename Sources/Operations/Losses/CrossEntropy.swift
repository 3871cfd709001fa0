import Formulas
import LinearAlgebra
import Platform

extension Operation {
  /// Mean over the samples; a vector is one sample. Below `LossTraits.clip` the argument of log is lifted to it.
  package static let crossEntropy: Operation = loss(
    "cross_entropy(Y, P, axis=-1, reduction=mean)",
    note: "cross-entropy of targets Y and probabilities P, mean over the samples",
    is: "L = (Σ_…,k -Y[…,k]·log(P[…,k])) / |…|",
    computed: "L = (Σ_…,k -Y[…,k]·log(max(P[…,k], 1e-15))) / |…|", dY: "-log(P)", dP: "-Y / P",
    traits: LossTraits(
      averaging: .samples, total: "sum(-Y * log(maximum(P, 1e-15)))", isClassification: true,
      fusion: FusionTraits(
        activation: "softmax", title: "softmax with cross-entropy",
        total: "sum(logsumexp(Z, axis=axis) - sum(Y * Z, axis=axis))", needsDistributions: true,
        derivations: fusedRoutes)),
    entry: { y, p in -y * Platform.log(p < LossTraits.clip ? LossTraits.clip : p) },
    derivations: [
      Route(
        "entries", "the gradient of cross-entropy by the probabilities",
        source: "Simple Neural Network, Categorical Cross-Entropy Derivative",
        chains: [
          .init(
            "∂L/∂P[…,k]",
            [[.definition("L")], [.rules(.linear)], [.rules(.all)], [.deltas], [.asWritten]])
        ]),
      Route(
        "index", "the gradient of cross-entropy in index notation, through g = log(P)",
        source: "Cross entropy, softmax and cross entropy with softmax gradients, cross entropy gradient",
        parts: ["g[…,p] = log(P[…,p])"],
        chains: [
          .init(
            "∂L/∂P[…,j]",
            [
              [.chainRule("g")], [.definition("L"), .rules([.linear, .entry]), .deltas], [.rules(.all)],
              [.deltas],
              [.asWritten],
            ])
        ]),
      Route(
        "onehot", "the gradient of cross-entropy for one class",
        source: "Taura, Neural Networks, Cross entropy",
        parts: [sample], hidesRest: true,
        conclusion: "a one-hot row of targets hands back a row with one entry that is not 0",
        chains: [
          .init("l[…]", if: ["Y[…,c] == 1"], [[.definition("l")], [.oneHot("Y")], [.deltas]]),
          .init(
            "∂l[…]/∂P[…,k]", if: ["Y[…,c] == 1"],
            [[.definition("l"), .oneHot("Y"), .deltas], [.rules(.all)], [.targets("Y")]]),
        ]),
    ])

  private static let meaned = Route.Step.maybe(.identity("1 / a·b = b / a", ""))
  private static let sample = "l[…] = Σ_k -Y[…,k]·log(P[…,k])"

  /// Softmax with cross-entropy.
  private static let fusedRoutes = [
    Route(
      "jacobian", "softmax with cross-entropy, through the Jacobian of softmax",
      source: "Simple Neural Network, Softmax Cross-Entropy; Datta, Computing ∂L/∂Z", parts: [T],
      hidesRest: true,
      chains: [
        .init(
          "∂L/∂Z[…,j]",
          [
            [.chainRule("S"), .sameSample], [.known("cross_entropy")], [.known("softmax")],
            [.cancelled, .pulledOut], [.multipliedOut, .deltas, .pulledOut], [.sumsToOne("Y")], [.asWritten],
          ])
      ]),
    Route(
      "logsumexp", "softmax with cross-entropy, by cases of the log-sum-exp form",
      source: "Datta, Neural Networks, Softmax and Cross-Entropy Fusion", parts: [sample, T], hidesRest: true,
      chains: [
        .init(
          "∂l[…]/∂Z[…,c]", if: ["Y[…,c] == 1"], oneHot: true,
          [
            [.definition("l"), .oneHot("Y"), .deltas], [.definition("S"), .logarithm],
            [.rules([.linear, .entry])], [.rules(.all)], [.recognised("S")],
          ]),
        .init(
          "∂l[…]/∂Z[…,k]", if: ["Y[…,c] == 1", "k ≠ c"], oneHot: true,
          [
            [.definition("l"), .oneHot("Y"), .deltas], [.definition("S"), .logarithm],
            [.rules([.linear, .entry])],
            [.rules(.all)], [.recognised("S")],
          ]),
        .init("∂l[…]/∂Z[…,k]", if: ["Y[…,c] == 1"], oneHot: true, [[.bothCases], [.targets("Y")]]),
        .init(
          "∂l[…]/∂Z[…,k]", oneHot: false,
          [
            [.definition("l"), .definition("S"), .logarithm], [.rules([.linear, .entry])], [.rules(.all)],
            [.recognised("S")], [.multipliedOut, .deltas, .pulledOut],
          ]),
        .init(
          "∂L/∂Z[…,k]", oneHot: true,
          [
            [.chainRule("l"), .sameSample],
            [.above, .definition("L"), .rules(.all), .maybe(.deltas), meaned], [.asWritten],
          ]),
        .init(
          "∂L/∂Z[…,k]", oneHot: false,
          [
            [.chainRule("l"), .sameSample],
            [.above, .definition("L"), .rules(.all), .maybe(.deltas), meaned], [.sumsToOne("Y")],
            [.asWritten],
          ]),
      ]),
    Route(
      "index", "softmax with cross-entropy over the whole batch, in index notation",
      source: "Cross entropy, softmax and cross entropy with softmax gradients, softmax", parts: [T],
      chains: [
        .init(
          "∂L/∂Z[…,j]",
          [
            [.chainRule("S")], [.known("cross_entropy", "index")], [.known("softmax", "index")],
            [.maybe(.deltas), .cancelled, .maybe(.pulledOut)], [.multipliedOut, .deltas, .pulledOut],
            [.sumsToOne("Y")], [.asWritten],
          ])
      ]),
    Route(
      "split", "softmax with cross-entropy, the class of the logit apart from the others",
      source: "Simple Neural Network, Softmax Cross-Entropy", parts: [T], hidesRest: true,
      chains: [
        .init(
          "∂L/∂Z[…,j]",
          [
            [.chainRule("S"), .sameSample], [.known("cross_entropy"), .pulledOut], [.apart("j")],
            [.known("softmax")], [.cancelled], [.multipliedOut], [.together], [.pulledOut], [.sumsToOne("Y")],
            [.asWritten],
          ])
      ]),
  ]

  private static let T = "T[…] = Σ_n exp(Z[…,n])"
}
