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
        total: "sum(logsumexp(Z, axis=axis) - sum(Y * Z, axis=axis))", needsDistributions: true)),
    entry: { y, p in -y * Platform.log(p < LossTraits.clip ? LossTraits.clip : p) })
}
