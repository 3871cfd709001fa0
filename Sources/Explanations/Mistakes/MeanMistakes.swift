import Formulas
import LinearAlgebra
import Operations

// Mistakes about the mean. L = (1/m) Σ l_i: the 1/m enters once, at the loss, and goes along from there. A bias is
// added to every sample, so its gradient is a sum over the samples.

extension Mistake {
  package static let missingMean = Mistake(
    id: "missing-mean",
    explanation:
      "The division by m is missing: the loss is a mean over the samples, so its gradient carries 1/m.",
    making: .inOneEquation { pass, _, right in
      guard pass.isBackward else {
        let summed = right.rewritingAll { node in
          guard case .call(let f, let arguments, var options) = node, Operation.loss(f) != nil,
            options.reduction != .sum
          else { return nil }
          options.reduction = .sum
          return .call(f, arguments, options)
        }
        return summed == right ? [] : [summed]
      }
      return [
        right.rewritingAll { pass.withoutCount($0, onlySamples: true) },
        right.rewritingAll { pass.withoutCount($0, onlySamples: false) },
      ].filter { $0 != right }
    })

  static let sumForMean = Mistake(
    id: "sum-for-mean",
    explanation:
      "This is the gradient of the sum of the losses, and what is trained is their mean: divide by the count.",
    making: .inThePass { pass in
      guard pass.isBackward else { return [] }
      var changes: [Int: Expression] = [:]
      for step in pass.editable {
        let right = pass.steps[step].expression
        let changed = right.rewritingAll { pass.withoutCount($0, onlySamples: false) }
        if changed != right { changes[step] = changed }
      }
      return changes.isEmpty ? [] : [MistakeEdit(changes)]
    })

  static let gradientOfSumLoss = Mistake(
    id: "gradient-of-sum-loss",
    explanation:
      "The loss is a mean over the samples and this is the gradient of their sum: what is printed and what is trained are not the same.",
    making: .inThePass { pass in
      guard pass.isBackward else { return [] }
      var changes: [Int: Expression] = [:]
      for step in pass.editable {
        let right = pass.steps[step].expression
        let changed = right.rewritingAll { pass.withoutCount($0, onlySamples: true) }
        if changed != right { changes[step] = changed }
      }
      return changes.isEmpty ? [] : [MistakeEdit(changes)]
    })

  static let doubleMean = Mistake(
    id: "double-mean",
    explanation:
      "It was divided by m twice: the 1/m that came in at the loss is already in everything behind it.",
    making: .inOneEquation { pass, _, right in
      guard pass.isBackward, pass.sampleCount != nil,
        (pass.forwardCount...pass.target).contains(where: { pass.dividesByCount(pass.steps[$0].expression) })
      else { return [] }
      // Divided by the count of entries (m * K) as well, where the loss is a mean over entries.
      let counts = (pass.forwardCount...pass.target).flatMap { pass.counts(in: pass.steps[$0].expression) }
      var seen: Set<Expression> = []
      return ([.sampleCount] + counts).filter { seen.insert($0).inserted }.map { right / $0 }
    })

  static let biasNotSummed = Mistake(
    id: "bias-not-summed",
    explanation:
      "The bias was added to every sample, so what comes back is summed over the samples: one row, not one for each.",
    making: .inOneEquation { pass, step, right in
      guard step == pass.target, pass.isParameterGradient(step) else { return [] }
      return right.innermostSums
    })

  static let biasAveraged = Mistake(
    id: "bias-averaged",
    explanation:
      "The gradient of a bias is the sum over the samples, not their mean: the 1/m is already in what is summed.",
    making: .inOneEquation { pass, step, right in
      guard step == pass.target, pass.isParameterGradient(step), !right.innermostSums.isEmpty else {
        return []
      }
      let averaged = right.averagedThroughout
      // Over several axes (a convolution's bias) only the samples may have been averaged.
      return pass.sampleCount == nil ? [averaged] : [averaged, right / .sampleCount]
    })
}

extension MistakePass {
  /// A number of samples or entries as the derived equations write it: `m`, `m * 3`, or the same in figures.
  private func isCount(_ expression: Expression) -> Bool {
    switch expression {
    case .name(let name): return name == .sampleCount
    case .binary(.multiply, let a, let b):
      return (isCount(a) && isNumber(b)) || (isNumber(a) && isCount(b))
    case .number(let value):
      guard let m = sampleCount, m > 1 else { return false }
      return value >= Double(m) && value.truncatingRemainder(dividingBy: Double(m)) == 0
    default: return false
    }
  }

  private func isNumber(_ expression: Expression) -> Bool {
    if case .number = expression { true } else { false }
  }

  /// `a / m` without its division; of `a / (m * K)` the m alone, or all of it. Nil when it divides by no count.
  func withoutCount(_ expression: Expression, onlySamples: Bool) -> Expression? {
    guard case .binary(.divide, let a, let d) = expression, isCount(d) else { return nil }
    let inner = withoutCount(a, onlySamples: onlySamples) ?? a
    guard onlySamples else { return inner }
    switch d {
    case .binary(.multiply, let x, let y): return inner / (isNumber(x) ? x : y)
    case .number(let value): return value == Double(sampleCount ?? 1) ? inner : inner * .sampleCount / d
    default: return inner
    }
  }

  func dividesByCount(_ expression: Expression) -> Bool { !counts(in: expression).isEmpty }

  func counts(in expression: Expression) -> [Expression] {
    var result: [Expression] = []
    expression.visit { node in
      if case .binary(.divide, _, let d) = node, isCount(d), !result.contains(d) { result.append(d) }
    }
    return result
  }

  func isParameterGradient(_ step: Int) -> Bool {
    isBackward && model.parameters.contains(steps[step].name.gradientOf ?? "")
  }
}

extension Expression {
  /// Every sum in it a mean, also those of sums.
  fileprivate var averagedThroughout: Expression {
    let inner = mapChildren(\.averagedThroughout)
    return inner.averaged ?? inner
  }

  /// What stands inside the sums of `reshape(sum(sum(dZ, axis=0), axis=1), …)`, outermost part first.
  fileprivate var innermostSums: [Expression] {
    summed.map { [$0] + $0.innermostSums } ?? []
  }
}
