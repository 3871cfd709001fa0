import Formulas
import LinearAlgebra

extension RuleTable {
  static let reductionRules: [Key: Rule] = [
    .builtin(.sum): Rule("sum of entries", "c = sum(A): every entry of A gets dc") { _, dC, _ in dC },
    .builtin(.mean): Rule("mean", "c = mean(A) of n entries: every entry of A gets dc / n") { node, dC, _ in
      let n = node.operand(0).shape.count / Swift.max(1, node.shape.count)
      return dC / (node.context.count(n), .scalar)
    },
    .builtin(.max): extremum("largest entry"),
    .builtin(.min): extremum("smallest entry"),
    .builtin(.argmax): Rule("position", "a position is a step: its derivative is 0 wherever it has one") {
      _, _, _ in nil
    },
    .builtin(.maximum): Rule("larger of two", "C = maximum(A, B): dC goes to the larger") { node, dC, i in
      let (a, b) = (node.operand(0).expression, node.operand(1).expression)
      return node.reaching(i, dC * (i == 0 ? a > b : b >= a, node.shape))
    },
    .builtin(.minimum): Rule("smaller of two", "C = minimum(A, B): dC goes to the smaller") { node, dC, i in
      let (a, b) = (node.operand(0).expression, node.operand(1).expression)
      return node.reaching(i, dC * (i == 0 ? a < b : b <= a, node.shape))
    },
    .builtin(.where): Rule("choice", "C = where(M, A, B): dA = dC where M, dB = dC elsewhere") {
      node, dC, i in
      guard i > 0 else { return nil }
      let mask = node.operand(0)
      let chosen = i == 1 ? Expression.binary(.notEqual, mask.expression, 0) : mask.expression.equals(0)
      return node.reaching(i, dC * (chosen, mask.shape))
    },
    .builtin(.clip): Rule("clip", "C = clip(A, low, high): dC passes where A lies between") { node, dC, i in
      guard i == 0 else { return nil }
      let (a, low, high) = (node.operand(0), node.operand(1), node.operand(2))
      return dC * (a.expression >= low.expression, a.shape) * (a.expression <= high.expression, a.shape)
    },
    .builtin(.softmax): Rule("softmax", "S = softmax(Z): dZ = S * (dS - sum(dS * S)), a sum for each sample")
    {
      node, dC, _ in
      guard case .call(_, _, let options) = node.expression else { return nil }
      let axis = node.shape.axis(options.axis ?? -1) ?? 0
      let G = dC.expression
      return Cotangent(
        node.value * (G - .call(.sum, G * node.value, axis: axis)), node.shape)
    },
    .builtin(.logsumexp): Rule("log-sum-exp", "c = logsumexp(Z): dZ = dc * softmax(Z)") { node, dC, _ in
      guard case .call(_, let arguments, let options) = node.expression, let z = arguments.first else {
        return nil
      }
      return dC * (.call(.builtin(.softmax), [z], options), node.operand(0).shape)
    },
  ]

  private static func extremum(_ name: String) -> Rule {
    Rule(name, "c = max(A): dc goes to the largest entry, shared where several are equal") { node, dC, _ in
      guard case .call(_, _, let options) = node.expression else { return nil }
      let a = node.operand(0)
      let mask = a.expression.equals(node.value)
      let ties = Expression.call(.sum, mask, axis: options.axis)
      return dC * (mask, a.shape) / (ties, node.shape)
    }
  }
}
