import Formulas
import LinearAlgebra
import Operations

// Mistakes in products and signs. C = A @ B has dA = dC @ B.T and dB = A.T @ dC; only this order and these
// transposes give the shapes of A and B for every size, but square matrices let others through.

extension Mistake {
  static let transposed = Mistake(
    id: "transposed",
    explanation:
      "A transpose is missing or one too many: A @ B sums over the columns of A and the rows of B, and these are to be the same thing.",
    making: .inOneEquation { pass, step, right in
      let whole = pass.shapes[pass.steps[step].name]?.rank == 2 ? [right.flipped] : []
      return whole
        + right.rewritings { node in
          guard case .binary(.matrixProduct, let a, let b) = node else { return [] }
          return [a.flipped.times(b), a.times(b.flipped), a.flipped.times(b.flipped)]
        }
    })

  static let swappedFactors = Mistake(
    id: "swapped-factors",
    explanation:
      "The two factors of a matrix product changed places: A @ B and B @ A are different matrices.",
    making: .inOneEquation { _, _, right in
      right.rewritings { node in
        guard case .binary(.matrixProduct, let a, let b) = node else { return [] }
        return [b.times(a), b.flipped.times(a.flipped), b.times(a.flipped), b.flipped.times(a)]
      }
    })

  static let hadamardForProduct = Mistake(
    id: "hadamard-for-product",
    explanation:
      "* multiplies entry by entry; here a matrix product is needed, written @, which sums over the inner index.",
    making: .inOneEquation { _, _, right in
      right.rewritings { node in
        guard case .binary(.matrixProduct, let a, let b) = node else { return [] }
        // U.T @ (dh * s) and not dh * (U.T @ s): each entry meets its own slope before they are summed.
        var outside: [Expression] = []
        if case .binary(.multiply, let x, let y) = b { outside += [x * a.times(y), a.times(x) * y] }
        if case .binary(.multiply, let x, let y) = a { outside += [x * y.times(b), x.times(b) * y] }
        return [a * b, a.flipped * b, a * b.flipped, a.flipped * b.flipped] + outside
      }
    })

  static let wrongSign = Mistake(
    id: "wrong-sign",
    explanation: "A sign is the wrong way round.",
    making: .inOneEquation { _, _, right in
      var negated = Expression.negative(right)
      if case .negative(let inner) = right { negated = inner }
      if case .binary(.subtract, let a, let b) = right { negated = b - a }
      if case .binary(.divide, .binary(.subtract, let a, let b), let d) = right { negated = (b - a) / d }
      return [negated]
        + right.rewritings { node in
          switch node {
          case .binary(.subtract, let a, let b): [a + b, .negative(a + b)]
          case .binary(.add, let a, let b): [a - b, b - a]
          case .negative(let a): [a]
          // What should pass is held, and what should be held passes.
          case .binary(.greater, let a, let b): [.binary(.less, a, b), .binary(.lessOrEqual, a, b)]
          default: []
          }
        }
    },
    // Up the slope.
    updating: { _, equations in
      guard let last = equations.last, case .binary(.subtract, let old, let step) = last.expression else {
        return []
      }
      return [equations.dropLast() + [Equation(last.name, old + step)]]
    })

  static let updatedWeights = Mistake(
    id: "updated-weights",
    explanation:
      "The weights were already updated when they were used to go further back: all gradients belong to the old weights, so update after the whole pass.",
    making: .inThePass { pass in
      var gradientStep: [String: Int] = [:]
      for index in pass.steps.indices where index >= pass.forwardCount && index <= pass.target {
        gradientStep[pass.steps[index].name] = index
      }
      func edit(_ parameters: [String]) -> MistakeEdit? {
        var changes: [Int: Expression] = [:]
        for step in pass.editable {
          var updated: [String: Expression] = [:]
          for name in parameters {
            guard let at = gradientStep[name.gradientName], at < step else { continue }
            updated[name] = .name(name) - .number(pass.learningRate) * .name(name.gradientName)
          }
          let right = pass.steps[step].expression
          let changed = right.substituting(updated)
          if changed != right { changes[step] = changed }
        }
        return changes.isEmpty ? nil : MistakeEdit(changes)
      }
      guard pass.isBackward else { return [] }
      let parameters = pass.model.parameters
      return ([parameters] + parameters.map { [$0] }).compactMap(edit)
    })
}
