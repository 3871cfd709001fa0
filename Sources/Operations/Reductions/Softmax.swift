import Formulas
import LinearAlgebra
import Platform

extension Operation {
  /// Along the last axis unless told. The kernel and the computed form subtract the largest logit: exp(800) overflows.
  package static let softmax: Operation = Operation(
    "softmax(Z, axis=-1)", is: "S[…,k] = exp(Z[…,k]) / Σ_n exp(Z[…,n])",
    computed: "S[…,k] = exp(Z[…,k] - M) / Σ_n exp(Z[…,n] - M), M = max_n Z[…,n]",
    backward: ["dZ = S * (dS - sum(dS * S, axis=axis))"], partial: "S[…,k]·(δ(k,q) - S[…,q])",
    kernel: .lines(default: -1, keepsShape: true) { lines, x, out in lines.softmax(x, out) },
    jacobian: JacobianTraits(
      name: "J", contraction: "contract(dS, J, axis=axis)", title: "softmax Jacobian", diagonal: "sigmoid"),
    derivations: routes)

  private static let T = "T[…] = Σ_n exp(Z[…,n])"
  private static let one = "one {c} under each factor"

  private static let routes = [
    Route(
      "quotient", "the derivative of softmax by the quotient rule, case by case",
      source: "Datta, Neural Networks, Softmax: Gradient; Taura, Derivative of softmax", parts: [T],
      hidesRest: true,
      chains: [
        .init(
          "∂S[…,k]/∂Z[…,k]",
          [
            [.definition("S")], [.rules(.all)], [.takenOut],
            [.identity("a·(c - b) / c² = a / c·(1 - b / c)", one)], [.recognised("S")],
          ]),
        .init(
          "∂S[…,k]/∂Z[…,j]", if: ["j ≠ k"],
          [
            [.definition("S")], [.rules(.all)], [.identity("a·b / c² = a / c·b / c", one)],
            [.recognised("S")],
          ]),
        .init("∂S[…,k]/∂Z[…,j]", [[.bothCases], [.takenOut]]),
      ]),
    Route(
      "logarithmic", "the derivative of softmax by logarithmic differentiation",
      source: "On a simple matrix based neural network model, appendix F", parts: [T], hidesRest: true,
      chains: [
        .init(
          "∂S[…,k]/∂Z[…,j]",
          [
            [.logarithmic], [.definition("S"), .logarithm], [.rules([.linear, .entry])], [.rules(.all)],
            [.recognised("S")],
          ])
      ]),
    Route(
      "kronecker", "the derivative of softmax with the Kronecker delta",
      source: "Simple Neural Network, Softmax Derivative", parts: [T], hidesRest: true,
      chains: [
        .init(
          "∂S[…,k]/∂Z[…,j]",
          [
            [.definition("S")], [.rules([.quotient])], [.rules(.all)],
            [.takenOut, .identity("a·(b·c - d) / c² = a / c·(b - d / c)", one)], [.recognised("S")],
            [.multipliedOut], [.recognised("softmax'")],
          ])
      ]),
    Route(
      "index", "the derivative of softmax over the whole batch, in index notation",
      source: "Cross entropy, softmax and cross entropy with softmax gradients, softmax gradient", parts: [T],
      chains: [
        .init(
          "∂S[…,k]/∂Z[…′,j]",
          [
            [.sameSample], [.definition("S"), .rules([.quotient])], [.rules(.all)], [.byCases],
            [.identity("(a·c - b) / c² = a / c - b / c²", "each term over {c}²"), .recognised("S")],
            [.bothCases, .takenOut],
          ])
      ]),
    Route(
      "shift", "what all logits moved together do to softmax, and one logit to all of softmax",
      source: "Datta, Neural Networks, Clipping", parts: [T], hidesRest: true,
      conclusion:
        "each row of the Jacobian sums to 0, because a shift of all logits changes nothing; each column, because a softmax sums to 1",
      chains: [
        .init(
          "Σ_j ∂S[…,k]/∂Z[…,j]",
          [
            [.definition("S"), .definition("T")], [.moved("c")], [.identity("exp(a + b) = exp(a)·exp(b)")],
            [.pulledOut, .cancelled], [.rules(.all)],
          ]),
        .init(
          "Σ_k ∂S[…,k]/∂Z[…,j]",
          [[.outOfSum], [.definition("S")], [.pulledOut], [.recognised("T"), .cancelled], [.rules(.all)]]),
      ]),
    Route(
      "backward", "what softmax hands back, from its Jacobian",
      source: "Datta, Neural Networks, Computing ∂L/∂Z",
      chains: [
        .init(
          "∂L/∂Z[…,j]",
          [
            [.chainRule("S")], [.sameSample], [.known("softmax")], [.multipliedOut], [.deltas],
            [.pulledOut], [.takenOut], [.asWritten],
          ])
      ]),
  ]

  package static let logsumexp: Operation = Operation(
    "logsumexp(Z, axis=-1, keepdims=True)", title: "log-sum-exp",
    cases: [
      Case(
        is: .formula("c[…] = log(Σ_k exp(Z[…,k]))"), backward: ["dZ = dc * softmax(Z, axis=axis)"],
        if: { $0.options.keepsAxes }),
      Case(
        is: .formula("c[…] = log(Σ_k exp(Z[…,k]))"),
        backward: ["dZ = reshape(dc, kept_Z) * softmax(Z, axis=axis)"]),
    ],
    computed: "c[…] = M + log(Σ_k exp(Z[…,k] - M)), M = max_k Z[…,k]", partial: "exp(Z[…,q] - c[…])",
    kernel: .lines(default: -1) { lines, x, out in lines.logSumExp(x, out) },
    derivations: [
      Route(
        "definition", "the derivative of log-sum-exp: softmax",
        chains: [
          .init(
            "∂L/∂Z[…,j]",
            [
              [.chainRule("c")], [.definition("c"), .rules(.all)], [.deltas], [.recognised("softmax")],
              [.asWritten],
            ])
        ])
    ])
}
