import Formulas
import LinearAlgebra
import Operations

// Mistakes about the mean. L = (1/m) Σ l_i: the 1/m enters once, at the loss, and goes along from there. A bias is
// added to every sample, so its gradient is a sum over the samples.

extension Mistake {
  package static let missingMean = Mistake(
    id: "missing-mean",
    explanation:
      "The division by m is missing: what is a mean, the loss over the samples or a variance, hands 1/m on to all that it was made of.",
    making: .inOneEquation { pass, _, right in
      guard pass.isBackward else {
        let summed = right.rewritingAll { node in
          guard case .call(let f, let arguments, var options) = node, Operation.loss(f) != nil,
            options.reduction != .sum
          else { return nil }
          options.reduction = .sum
          return .call(f, arguments, options)
        }
        return [summed, right.rewritingAll { pass.withoutCount($0, onlySamples: false) }].filter {
          $0 != right
        }
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
    making: .inOneEquation { pass, step, right in
      guard pass.isBackward, pass.sampleCount != nil, step >= pass.forwardCount else { return [] }
      // Divided by the count of entries (m * K) as well, where the loss is a mean over entries.
      let counts = pass.countsBehind(step)
      guard !counts.isEmpty else { return [] }
      var seen: Set<Expression> = []
      return ([.sampleCount] + counts).filter { seen.insert($0).inserted }.map { right / $0 }
    })

  static let biasNotSummed = Mistake(
    id: "bias-not-summed",
    explanation:
      "One value was used many times, so what comes back from all of these places is summed: the gradient has the shape of the value.",
    making: .inOneEquation { pass, step, right in
      guard step == pass.target, pass.isParameterGradient(step) else { return [] }
      return right.innermostSums
    })

  static let biasAveraged = Mistake(
    id: "bias-averaged",
    explanation:
      "What comes back from many samples is summed, not averaged: the 1/m of the loss is already in what is summed.",
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

  /// The counts that a backward step divides by, or one that it is made of.
  func countsBehind(_ step: Int) -> [Expression] {
    var needed = Set(steps[step].expression.names)
    var result = counts(in: steps[step].expression)
    for index in (forwardCount..<step).reversed() where needed.contains(steps[index].name) {
      result += counts(in: steps[index].expression)
      needed.formUnion(steps[index].expression.names)
    }
    return result
  }

  /// Whether what is made of a backward step, up to the target, divides by a count where it reads it.
  func isDividedLater(_ step: Int) -> Bool {
    var made: Set<String> = [steps[step].name]
    for index in editable where index > step {
      let reading = steps[index].expression.terms.filter { $0.names.contains(where: made.contains) }
      if reading.contains(where: dividesByCount) { return true }
      if !reading.isEmpty { made.insert(steps[index].name) }
    }
    return false
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
