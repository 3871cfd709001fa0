import Formulas
import LinearAlgebra
import Operations

// Sums over axes and over paths, and values taken from another place of the pass.

extension Mistake {
  static let wrongSumAxis = Mistake(
    id: "wrong-sum-axis",
    explanation:
      "The sum ran along the other axis: it runs over the entries that shared one number on the way forward.",
    making: .inOneEquation { pass, step, right in
      guard step == pass.target, pass.isBackward else { return [] }
      let softmax = pass.softmaxSteps(step) { product, axis in
        .call(Function(Operation.sum.name), [product], CallOptions(axis: 1 - axis))
      }
      return softmax
        + right.rewritings { node in
          guard case .call(let f, let arguments, var options) = node, f.name == "sum",
            let axis = options.axis,
            let argument = arguments.first, pass.shape(ifFitting: argument)?.rank == 2
          else { return [] }
          options.axis = axis == 0 ? 1 : 0
          return [.call(f, arguments, options)]
        }
    })

  static let missingAxis = Mistake(
    id: "missing-axis",
    explanation: "Everything was summed where one axis is to be: without an axis a sum is one number.",
    making: .inOneEquation { pass, step, right in
      guard step == pass.target, pass.isBackward else { return [] }
      let softmax = pass.softmaxSteps(step) { product, _ in
        .call(Function(Operation.sum.name), [product], .none)
      }
      return softmax
        + right.rewritings { node in
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
      // The numerator alone, and of two parts of a loss that read one value one.
      let parts =
        pass.softmaxSteps(step) { _, _ in 0 }
        + right.rewritings { node in
          guard case .binary(.subtract, let a, let b) = node, let own = pass.steps[step].name.gradientOf,
            a.contains(name: own), b.contains(name: own)
          else { return [] }
          return [a, .negative(b)]
        }
      // Of a mask that lets several pass, each with the same gradient, one: -1 where minus their number belongs.
      let ones = right.rewritings { node in
        guard case .call(let f, let arguments, let options) = node, f.name == Operation.sum.name,
          options.axis != nil, let product = arguments.first,
          product.contains({ if case .binary(.greater, _, _) = $0 { true } else { false } }),
          case .binary(.multiply, _, _) = product
        else { return [Expression]() }
        var factor = product
        while case .binary(.multiply, let a, _) = factor { factor = a }
        let largest = Function(Operation.max.name)
        if case .negative(let a) = factor { return [-.call(largest, [a], options)] }
        return [.call(largest, [factor], options)]
      }
      let terms = right.terms
      guard terms.count > 1 else { return parts + ones }
      return parts + ones + terms
        + (terms.count > 2
          ? terms.indices.compactMap { left in
            let others = terms.indices.filter { $0 != left }.map { terms[$0] }
            return others.dropFirst().reduce(others.first) { sum, term in sum.map { $0 + term } }
          } : [])
    })

  static let inputForActivation = Mistake(
    id: "input-for-activation",
    explanation:
      "The activation's own output belongs here: a layer's weights meet what came out of the layer before, not what went into it.",
    making: .inOneEquation { pass, step, right in
      guard pass.isBackward, step >= pass.forwardCount else { return [] }
      // dh * c for dh * tanh(c): the argument of what was multiplied.
      let factors = right.rewritings { node in
        guard case .binary(.multiply, let a, .call(let f, let arguments, _)) = node, arguments.count == 1,
          Operation.of(f)?.isActivation == true
        else { return [] }
        return [a * arguments[0]]
      }
      return factors
        + pass.computed.flatMap { value, others -> [Expression] in
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

  static let shapeBroadcast = Mistake(
    id: "shape-broadcast",
    explanation:
      "A vector met a column and was broadcast: m×1 against m gives m×m, every prediction against every target.",
    making: .inOneEquation { pass, step, right in
      func isColumn(_ expression: Expression) -> Bool {
        guard let shape = pass.shape(ifFitting: expression), shape.rank == 2 else { return false }
        return shape.count > 1 && (shape.rows == 1 || shape.columns == 1)
      }
      return right.rewritings { node in
        switch node {
        case .binary(.subtract, let a, let b) where isColumn(a) && isColumn(b): [a - .transpose(b)]
        case .call(let f, let arguments, let options)
        where Operation.loss(f) != nil && arguments.count == 2 && arguments.allSatisfy(isColumn):
          [
            .call(
              f,
              [.transpose(arguments[0]) + 0 * arguments[1], arguments[1] + 0 * .transpose(arguments[0])],
              options)
          ]
        default: []
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

extension MistakePass {
  /// Values of the forward pass with what they are computed from: activations, and what is of the same shape, as the two ends
  /// of a residual are.
  fileprivate var computed: [(value: String, from: [Expression])] {
    let active = sites.compactMap { site -> (String, [Expression])? in
      guard case .name(let value) = site.value else { return nil }
      return (value, [site.argument] + inputs.map { .name($0) })
    }
    let done = Set(active.map(\.0))
    return active
      + steps[..<forwardCount].compactMap { step in
        let alike = Set(step.expression.names).subtracting(model.parameters).filter {
          shapes[$0] == shapes[step.name] && (shapes[$0]?.count ?? 0) > 1
        }
        return done.contains(step.name) || alike.isEmpty
          ? nil : (step.name, alike.sorted().map { .name($0) })
      }
  }
}

extension Expression {
  /// The terms of a sum.
  var terms: [Expression] {
    if case .binary(.add, let a, let b) = self { a.terms + b.terms } else { [self] }
  }
}
