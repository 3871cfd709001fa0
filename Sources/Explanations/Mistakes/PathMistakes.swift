import Formulas
import LinearAlgebra
import Operations

// Sums over axes and over paths, and values taken from another place of the pass.

extension Mistake {
  static let wrongSumAxis = Mistake(
    id: "wrong-sum-axis",
    explanation:
      "The sum ran along the other axis: a bias has one entry for each unit, so the samples are summed.",
    making: .inOneEquation { pass, step, right in
      guard step == pass.target, pass.isBackward else { return [] }
      return right.rewritings { node in
        guard case .call(let f, let arguments, var options) = node, f.name == "sum", let axis = options.axis,
          let argument = arguments.first, pass.shape(ifFitting: argument)?.rank == 2
        else { return [] }
        options.axis = axis == 0 ? 1 : 0
        return [.call(f, arguments, options)]
      }
    })

  static let missingAxis = Mistake(
    id: "missing-axis",
    explanation: "Everything was summed, and only the samples are: without an axis a sum is one number.",
    making: .inOneEquation { pass, step, right in
      guard step == pass.target, pass.isBackward else { return [] }
      return right.rewritings { node in
        guard case .call(let f, let arguments, var options) = node, f.name == "sum", options.axis != nil
        else {
          return []
        }
        options.axis = nil
        return [.call(f, arguments, options)]
      }
    })

  static let onePathOnly = Mistake(
    id: "one-path-only",
    explanation:
      "Only one of the paths was counted: what is used in several places gets a gradient from each, and they are added.",
    making: .inOneEquation { pass, step, right in
      guard pass.isBackward, step >= pass.forwardCount else { return [] }
      let terms = right.addends
      guard terms.count > 1 else { return [] }
      return terms
        + (terms.count > 2
          ? terms.indices.compactMap { left in
            let others = terms.indices.filter { $0 != left }.map { terms[$0] }
            return others.dropFirst().reduce(others.first) { sum, term in sum.map { $0 + term } }
          } : [])
    })

  static let constantStatistics = Mistake(
    id: "constant-statistics",
    explanation:
      "A mean or variance was held fixed: it is made of the values that it normalises, and a gradient goes back through it too.",
    making: .inThePass { pass in
      var changes: [Int: Expression] = [:]
      for step in pass.editable where step >= pass.forwardCount {
        let equation = pass.steps[step]
        guard let shape = pass.shapes[equation.name] else { continue }
        let terms = equation.expression.addends
        let kept = terms.filter { !pass.comesThroughStatistics($0, of: shape) }
        guard !kept.isEmpty, kept.count < terms.count else { continue }
        changes[step] = kept.dropFirst().reduce(kept[0]) { $0 + $1 }
      }
      guard !changes.isEmpty else { return [] }
      // Some average over the samples besides.
      guard pass.sampleCount != nil, let own = changes[pass.target] else { return [MistakeEdit(changes)] }
      return [
        MistakeEdit(changes),
        MistakeEdit(changes.merging([pass.target: own / .name(.sampleCount)]) { _, new in new }),
      ]
    })

  static let inputForActivation = Mistake(
    id: "input-for-activation",
    explanation:
      "The activation's own output belongs here: a layer's weights meet what came out of the layer before, not what went into it.",
    making: .inOneEquation { pass, step, right in
      guard pass.isBackward, step >= pass.forwardCount else { return [] }
      return pass.sites.flatMap { site -> [Expression] in
        guard case .name(let value) = site.value else { return [] }
        let others = [site.argument] + pass.inputs.map { Expression.name($0) }
        return right.rewritings { node in
          guard case .binary(.matrixProduct, let a, let b) = node else { return [] }
          return others.flatMap { other in
            [a, b].indices.compactMap { side -> Expression? in
              let changed = (side == 0 ? a : b).substituting([value: other])
              guard changed != (side == 0 ? a : b) else { return nil }
              return side == 0 ? changed.times(b) : a.times(changed)
            }
          }
        }
      }
    })

  static let softmaxTwice = Mistake(
    id: "softmax-twice",
    explanation:
      "softmax was taken twice: this loss takes it already, so it wants the logits and not probabilities.",
    making: .inThePass { pass in
      pass.jacobianSteps.compactMap { index, _, step in
        guard pass.upstream(of: [:]).contains(index) else { return nil }
        let once = pass.steps[index].expression
        guard case .call(let f, _, let options) = once else { return nil }
        return MistakeEdit([index: .call(f, [once], options)])
      }
    })

  static let logOfLogits = Mistake(
    id: "log-of-logits",
    explanation: "The logarithm was taken of the logits: the loss is that of the probabilities.",
    making: .inThePass { pass in
      guard !pass.isBackward else { return [] }
      return pass.jacobianSteps.compactMap { _, value, step in
        guard case .name(let name) = value else { return nil }
        let right = pass.steps[pass.target].expression
        let changed = right.substituting([name: step.argument])
        return changed == right ? nil : MistakeEdit([pass.target: changed])
      }
    })
}

extension Expression {
  /// The terms of a sum.
  fileprivate var addends: [Expression] {
    if case .binary(.add, let a, let b) = self { a.addends + b.addends } else { [self] }
  }
}

extension MistakePass {
  /// Whether a term of a gradient is a sum along an axis, or reads the gradient of a value that has one entry where this
  /// one has many.
  fileprivate func comesThroughStatistics(_ term: Expression, of shape: Shape) -> Bool {
    term.contains { part in
      switch part {
      case .call(let f, _, let options): f.name == Operation.sum.name && options.axis != nil
      case .name(let name):
        name.gradientOf != nil
          && shapes[name].map { own in
            own != shape && own.rank == shape.rank && own.broadcast(with: shape) == shape
          } ?? false
      case .number, .list, .negative, .binary, .transpose, .derivative, .index: false
      }
    }
  }
}
