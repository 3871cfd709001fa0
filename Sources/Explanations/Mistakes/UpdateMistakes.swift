import Formulas
import LinearAlgebra
import Operations

// Mistakes about weight decay and about the steps of optimisers. Source: Kingma and Ba, "Adam" (2015), algorithm 1;
// Loshchilov and Hutter, "Decoupled Weight Decay Regularization" (2019).

extension Mistake {
  static let regularisedBias = Mistake(
    id: "regularised-bias",
    explanation: "The bias was pulled to 0 as well: the penalty of this loss is one on the weights alone.",
    making: .inOneEquation { pass, step, right in
      guard step == pass.target, pass.isParameterGradient(step),
        let own = pass.steps[step].name.gradientOf
      else { return [] }
      // Of a parameter with the bias in its first row: theta for theta[1:].
      let whole = right.rewritings { node in
        guard case .call(let f, let arguments, _) = node, f.name == Operation.scatter.name,
          let value = arguments.first, case .index(.name(own), _)? = arguments.last
        else { return [Expression]() }
        let all = value.rewritingAll { $0 == arguments.last ? .name(own) : nil }
        return all == value ? [] : [all]
      }
      guard pass.decay(of: own) == nil else { return whole }
      var seen: Set<Expression> = []
      return whole
        + pass.model.parameters.compactMap { other -> Expression? in
          guard let decay = pass.decay(of: other)?.substituting([other: .name(own)]),
            seen.insert(decay).inserted,
            decay.names.allSatisfy({ pass.values[$0] != nil })
          else { return nil }
          return right + decay
        }
    })

  static let decayInLossAndUpdate = Mistake(
    id: "decay-in-loss-and-update",
    explanation:
      "The weights decay twice: the penalty in the loss is in the gradient already, and the update takes it off again.",
    making: .inThePass { _ in [] },
    updating: { pass, equations in
      guard let parameter = pass.steps[pass.target].name.gradientOf, let decay = pass.decay(of: parameter)
      else {
        return []
      }
      let gradient = parameter.gradientName
      return [
        equations.map { Equation($0.name, $0.expression.substituting([gradient: .name(gradient) + decay])) }
      ]
    })

  static let adamWithoutBiasCorrection = Mistake(
    id: "adam-without-bias-correction",
    explanation:
      "The means of Adam begin at 0, and are too small at first: they are divided by 1 - beta**t before they are used.",
    making: .inThePass { _ in [] },
    updating: { _, equations in
      let changed = equations.map { Equation($0.name, $0.expression.withoutCorrection) }
      return changed == equations ? [] : [changed]
    })
}

extension Expression {
  /// Without the divisions by `1 - beta**t`, and their roots.
  fileprivate var withoutCorrection: Expression {
    func isCorrection(_ value: Expression) -> Bool {
      guard case .binary(.subtract, .number(1), .binary(.power, .number, _)) = value else { return false }
      return true
    }
    return rewritingAll { node in
      switch node {
      case .binary(.divide, let a, let d) where isCorrection(d): a.withoutCorrection
      case .call(let f, let arguments, _)
      where f.name == "sqrt" && (arguments.first.map(isCorrection) ?? false): 1
      default: nil
      }
    }
  }
}

extension MistakePass {
  /// What the penalty of a loss adds to a parameter's gradient: a number times the parameter; nil without one.
  func decay(of parameter: String) -> Expression? {
    guard let step = steps.first(where: { $0.name == parameter.gradientName }) else { return nil }
    return step.expression.terms.first { term in
      let others = term.names.filter { $0 != parameter }
      return term.contains(name: parameter)
        && others.allSatisfy { ($0 == .sampleCount || (shapes[$0]?.count ?? 2) == 1) }
        && !term.contains { if case .binary(.matrixProduct, _, _) = $0 { true } else { false } }
    }
  }
}
