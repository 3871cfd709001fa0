import Formulas
import LinearAlgebra
import Operations

// Slips of school algebra on the way: brackets, powers, the inner derivative, the count of a variance.

extension Mistake {
  static let missingBrackets = Mistake(
    id: "missing-brackets",
    explanation:
      "Brackets are missing: what divides or multiplies a difference goes with both of its parts, (A - B) / m and not A - B / m.",
    making: .inOneEquation { _, _, right in
      right.rewritings { node in
        guard case .binary(let operation, let a, let b) = node, operation == .divide || operation == .multiply
        else { return [] }
        func spread(_ sum: Expression, _ one: (Expression) -> Expression) -> [Expression] {
          guard case .binary(let sign, let x, let y) = sum, sign == .add || sign == .subtract else {
            return []
          }
          return [.binary(sign, x, one(y)), .binary(sign, one(x), y)]
        }
        return spread(a) { .binary(operation, $0, b) }
          + (operation == .multiply ? spread(b) { .binary(operation, a, $0) } : [])
      }
    })

  static let exponentNotLowered = Mistake(
    id: "exponent-not-lowered",
    explanation: "The exponent was kept: the derivative of u**n is n * u**(n - 1), one power less.",
    making: .inOneEquation { pass, step, right in
      guard step >= pass.forwardCount else { return [] }
      return pass.powers.flatMap { base, exponent -> [Expression] in
        let lowered = exponent == 2 ? base : .binary(.power, base, .number(exponent - 1))
        let kept = Expression.binary(.power, base, .number(exponent))
        return right.rewritings { node in
          switch node {
          case .binary(.multiply, let a, let b) where b.unsigned == lowered.unsigned: [a * kept]
          case .binary(.multiply, let a, let b) where a.unsigned == lowered.unsigned: [kept * b]
          default: []
          }
        }
      }
    })

  static let missingInnerDerivative = Mistake(
    id: "missing-inner-derivative",
    explanation:
      "The inner derivative is missing: what a value was multiplied by on the way forward multiplies its gradient.",
    making: .inOneEquation { pass, step, right in
      guard step >= pass.forwardCount else { return [] }
      func isFactor(_ node: Expression) -> Bool {
        guard case .name(let name) = node else { return false }
        return name != .sampleCount && pass.model.leaves.contains(name) && !pass.isMask(node)
      }
      return right.rewritings { node in
        guard case .binary(.multiply, let a, let b) = node else { return [] }
        return (isFactor(b) ? [a] : []) + (isFactor(a) ? [b] : [])
      }
    })

  static let varianceCount = Mistake(
    id: "variance-count",
    explanation:
      "It was divided by the other count: by n a variance is that of the numbers at hand, by n - 1 (Bessel) an estimate.",
    making: .inOneEquation { _, _, right in
      let one = Expression.sampleCount - 1
      let all = right.rewritingAll { $0 == one ? .sampleCount : nil }
      let means = right.rewritings { node in
        guard case .call(let f, let arguments, let options) = node, f.name == Operation.mean.name,
          options.axis == 0, case .binary(.power, _, 2)? = arguments.first
        else { return [] }
        return [.call(Function(Operation.sum.name), arguments, options) / one]
      }
      return (all == right ? [] : [all]) + means
    })
}

extension Expression {
  /// The same with every negative number as a number, however it was written.
  fileprivate var unsigned: Expression {
    if case .negative(.number(let value)) = self { return .number(-value) }
    return mapChildren(\.unsigned)
  }
}

extension MistakePass {
  /// What is raised to a number on the way forward, each once.
  fileprivate var powers: [(base: Expression, exponent: Double)] {
    var result: [(base: Expression, exponent: Double)] = []
    for step in steps[..<forwardCount] {
      step.expression.visit { node in
        guard case .binary(.power, let base, let power) = node, case .number(let exponent) = power.unsigned,
          !result.contains(where: { $0.base == base && $0.exponent == exponent })
        else { return }
        result.append((base, exponent))
      }
    }
    return result
  }
}
