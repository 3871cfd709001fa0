import Formulas
import LinearAlgebra
import Platform

extension Operation {
  /// Along the last axis unless told. The kernel and the computed form subtract the largest logit: exp(800) overflows.
  package static let softmax: Operation = Operation(
    "softmax(Z, axis=-1)", is: "S[…,k] = exp(Z[…,k]) / Σ_n exp(Z[…,n])",
    computed: "S[…,k] = exp(Z[…,k] - M) / Σ_n exp(Z[…,n] - M), M = max_n Z[…,n]",
    backward: ["dZ = S * (dS - sum(dS * S, axis=axis))"], partial: "S[…,k]·(δ(k,q) - S[…,q])",
    value: { operands, setting in operands.first?.softmax(axis: setting.options.axis ?? -1) },
    kernel: .lines(default: -1, keepsShape: true) { lines, x, out in lines.softmax(x, out) },
    jacobian: JacobianTraits(
      name: "J", contraction: "contract(dS, J, axis=axis)", title: "softmax Jacobian", diagonal: "sigmoid"))

  package static let logsumexp: Operation = Operation(
    "logsumexp(Z, axis=-1)", title: "log-sum-exp", is: "c[…] = log(Σ_k exp(Z[…,k]))",
    computed: "c[…] = M + log(Σ_k exp(Z[…,k] - M)), M = max_k Z[…,k]",
    backward: ["dZ = dc * softmax(Z, axis=axis)"], partial: "exp(Z[…,q] - c[…])",
    value: { operands, setting in operands.first?.logSumExp(axis: setting.options.axis ?? -1) },
    kernel: .lines(default: -1) { lines, x, out in lines.logSumExp(x, out) })
}
