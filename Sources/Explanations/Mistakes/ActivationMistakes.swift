import Formulas
import LinearAlgebra
import Operations

// Mistakes about the derivative of an activation, A = f(Z): dZ = dA * f'(Z). f' is taken at the pre-activation Z of
// the same layer. relu'(A) equals relu'(Z), since A > 0 exactly where Z > 0; sigmoid'(A) does not equal sigmoid'(Z).

extension Mistake {
  static let missingActivationDerivative = Mistake(
    id: "missing-activation-derivative",
    explanation: "The derivative of the activation is missing: dZ is dA times f'(Z), entry by entry.",
    making: .inThePass { pass in
      let jacobians = pass.jacobianEdits { G, _, _ in [G] }
      return pass.activationEdits(everywhere: true) { _ in [(1, false)] } + jacobians + pass.unmasked
        + pass.underivedInTarget
    })

  static let activationForDerivative = Mistake(
    id: "activation-for-derivative",
    explanation:
      "A function's value, or what it is taken of, stands where its derivative belongs: dZ is dA times f'(Z), and not times A or Z.",
    making: .inThePass { pass in
      pass.activationEdits(everywhere: true) { site in [(site.value, false), (site.argument, false)] }
        + pass.unsigned
    })

  static let activationDerivativeAtWrongArgument = Mistake(
    id: "activation-derivative-at-wrong-argument",
    explanation:
      "The derivative of the activation was taken at the wrong value: f' belongs to Z, before the activation; only relu' is the same at A.",
    making: .inThePass { pass in
      pass.activationEdits(everywhere: true) { site in
        let f = site.function
        let u = site.argument
        let v = site.value
        var wrong: [(Expression, Bool)] = [
          (site.derivative(argument: v, value: .call(f, v)), false),
          // The formula in A, read with Z: Z * (1 - Z) for sigmoid.
          (site.derivative(argument: u, value: u), false),
        ]
        // A mask that counts 0 in, taken at A: for relu it always holds.
        if case .binary(.greater, let value, let threshold) = site.derivative(argument: v, value: v) {
          wrong.append((value >= threshold, true))
        }
        return wrong
      }
    })

  static let wrongLayerMask = Mistake(
    id: "wrong-layer-mask",
    explanation: "The derivative (for relu the mask Z > 0) is that of another layer or value.",
    making: .inThePass { pass in
      pass.activationEdits(everywhere: false) { site in
        var others = pass.sites.map(\.argument)
        others += pass.jacobianSteps.map(\.step.argument)
        others += pass.inputs.map { .name($0) }
        // The mask taken of the gradient that it is to mask.
        if case .name(let value) = site.value { others.append(.name(value.gradientName)) }
        others += pass.leading(to: site.argument)
        var seen: Set<Expression> = [site.argument, site.value]
        return others.filter { seen.insert($0).inserted }.map { other in
          let value = pass.sites.first { $0.argument == other && $0.function == site.function }?.value
          return (
            site.derivative(argument: other, value: value ?? .call(site.function, other)), false
          )
        }
      }
    })

  static let wrongGateDerivative = Mistake(
    id: "wrong-gate-derivative",
    explanation:
      "The derivative is not this activation's: sigmoid has A * (1 - A), tanh 1 - A**2, relu 1 where Z > 0 and 0 elsewhere, leaky_relu the slope there.",
    making: .inThePass { pass in
      let usual = [Operation.sigmoid, Operation.tanh, Operation.relu, Operation.leakyReLU]
      return pass.activationEdits(everywhere: true) { site in
        var wrong = usual.filter { $0.name != site.function.name }.compactMap { other in
          other.slope(at: site.argument, value: site.value)
        }
        // The half of it: the A of A * (1 - A), the square of 1 - A**2.
        if usual[..<2].contains(where: { $0.name == site.function.name }) { wrong.append(1 - site.value) }
        // A mask that lets everything through is no derivative: a formula without one misses it.
        return wrong.map { ($0, pass.isOne($0)) }
      }
    })

  static let activationForPreactivation = Mistake(
    id: "activation-for-preactivation",
    explanation:
      "The activation stands where the value before it belongs: f' is taken at Z, and A is what came out.",
    making: .inThePass { pass in
      pass.activationEdits(everywhere: true) { site in
        let there = Operation.of(site.function)?.slope(
          at: site.value, value: .call(site.function, site.value))
        return there.map { [($0, false)] } ?? []
      }
    })

  static let softmaxWrongAxis = Mistake(
    id: "softmax-wrong-axis",
    explanation:
      "softmax was taken along another axis: what is to sum to 1 are the shares of one sample, or of one query, and not those of one class or key.",
    making: .inThePass { pass in
      var result: [MistakeEdit] = []
      for (index, _, _) in pass.jacobianSteps where pass.upstream(of: [:]).contains(index) {
        guard pass.shapes[pass.steps[index].name]?.rank == 2 else { continue }
        let turned = pass.steps[index].expression.alongOtherAxis
        result.append(MistakeEdit([index: turned]))
        // Less the largest of each sample, and divided by the sum over the samples, or over everything.
        if case .call(let f, let arguments, let options) = pass.steps[index].expression, f.name == "softmax",
          let z = arguments.first
        {
          let axis = options.axis ?? -1
          let e = Expression.call(
            Function("exp"), [z - .call(Function("max"), [z], CallOptions(axis: axis))], .none)
          for other in [CallOptions(axis: axis == 0 ? 1 : 0), .none] {
            result.append(MistakeEdit([index: e / .call(Function("sum"), [e], other)]))
          }
        }
        var all = [index: turned]
        for step in pass.editable where step >= pass.forwardCount {
          let right = pass.steps[step].expression
          if right.alongOtherAxis != right { all[step] = right.alongOtherAxis }
        }
        if all.count > 1 { result.append(MistakeEdit(all)) }
      }
      return result
    })

  static let diagonalJacobian = Mistake(
    id: "diagonal-jacobian",
    explanation:
      "Only the diagonal of softmax's Jacobian was used: every output depends on every logit, so the -S_k S_j beside the diagonal count too.",
    making: .inThePass { pass in
      var result = pass.jacobianEdits { G, S, step in step.entrywise(S).map { G * $0 } }
      for step in pass.editable {
        if step >= pass.forwardCount, let other = pass.diagonal[pass.steps[step].name],
          other != pass.steps[step].expression, !pass.steps[step].expression.isContraction
        {
          result.append(MistakeEdit([step: other]))
        }
      }
      return result
    })

  static let sigmoidDerivativeOnSoftmax = Mistake(
    id: "sigmoid-derivative-on-softmax",
    explanation:
      "The derivative of the output's activation was multiplied on once more: with its cross-entropy it already gives the difference to the targets, and nothing is left to differentiate.",
    making: .inThePass { pass in
      guard pass.isBackward else { return [] }
      let softmax = pass.jacobianSteps.flatMap { _, S, step in
        step.entrywise(S).map { (logits: step.argument, derivative: $0) }
      }
      let sigmoid = pass.sites.filter(pass.isOneStepWithLoss).map {
        (logits: $0.argument, derivative: $0.derivative)
      }
      return (softmax + sigmoid).flatMap { logits, derivative -> [MistakeEdit] in
        guard case .name(let name) = logits else {
          // Logits without a name: the difference is a part of a formula.
          return pass.editable.filter { $0 >= pass.forwardCount }.flatMap { step in
            pass.steps[step].expression.rewritings { node in
              guard case .binary(.subtract, .name(let value), .name(let target)) = node,
                pass.targets.contains(target), pass.applies(to: logits, value)
              else { return [] }
              return [node * derivative]
            }.map { MistakeEdit([step: $0]) }
          }
        }
        let step = pass.editable.first { pass.steps[$0].name == name.gradientName }
        return step.map { [MistakeEdit([$0: pass.steps[$0].expression * derivative])] } ?? []
      }
    })
}

extension MistakePass {
  /// Whether a formula is 1 in every entry of this pass.
  fileprivate func isOne(_ formula: Expression) -> Bool {
    (try? Evaluator(Bindings(values)).value(of: formula))?.elements.allSatisfy { $0 == 1 } ?? false
  }

  /// A mask of `maximum(0, Z)`, which is no activation by name, left away.
  fileprivate var unmasked: [MistakeEdit] {
    guard isBackward else { return [] }
    func isMask(_ node: Expression) -> Bool {
      guard case .binary(let operation, _, _) = node, operation.isComparison, !node.isBranch else {
        return false
      }
      return !sites.contains { $0.derivative == node }
    }
    return editable.filter { $0 >= forwardCount }.flatMap { step in
      steps[step].expression.rewritings { node in
        switch node {
        case .binary(.multiply, let a, let b) where isMask(b): [a]
        case .binary(.multiply, let a, let b) where isMask(a): [b]
        default: []
        }
      }.map { MistakeEdit([step: $0]) }
    }
  }

  /// What an absolute value is taken of for its sign: the penalty of w**2/2 for that of |w|.
  fileprivate var unsigned: [MistakeEdit] {
    guard isBackward else { return [] }
    return editable.filter { $0 >= forwardCount }.flatMap { step in
      steps[step].expression.rewritings { node in
        if case .call(let f, let arguments, _) = node, f.name == "sign" { arguments } else { [] }
      }.map { MistakeEdit([step: $0]) }
    }
  }

  /// Gradients of pre-activations, in a line that reads several of them, each without its activation's derivative: dh for dq.
  fileprivate var underivedInTarget: [MistakeEdit] {
    guard isBackward else { return [] }
    let ones = Dictionary(sites.map { ($0.mark, Expression(1)) }, uniquingKeysWith: { first, _ in first })
    var known: [String: Expression] = [:]
    for step in editable where step < target {
      guard let template = marked[steps[step].name],
        template.contains({ if case .name(let n) = $0 { ones[n] != nil } else { false } })
      else { continue }
      known[steps[step].name] = template.substituting(ones).withoutFactorsOfOne
    }
    let right = steps[target].expression
    guard right.names.count(where: { known[$0] != nil }) > 1 else { return [] }
    return [MistakeEdit([target: right.substituting(known)])]
  }

  /// Values between the activation before and this argument: what is normalised, say.
  fileprivate func leading(to argument: Expression) -> [Expression] {
    let values = Set(sites.map(\.value))
    var needed = Set(argument.names)
    var result: [Expression] = []
    for step in steps[..<forwardCount].reversed() where needed.contains(step.name) {
      guard !values.contains(.name(step.name)) else { continue }
      result.append(.name(step.name))
      needed.formUnion(step.expression.names)
    }
    return result.filter { $0 != argument && shape(ifFitting: $0)?.isScalar == false }
  }

  /// Whether a value is a function of these logits.
  fileprivate func applies(to logits: Expression, _ value: String) -> Bool {
    steps[..<forwardCount].contains { $0.name == value && $0.expression.children.first == logits }
  }

  /// Whether the loss is the cross-entropy that belongs to an activation's value.
  fileprivate func isOneStepWithLoss(_ site: ActivationSite) -> Bool {
    steps[..<forwardCount].contains { step in
      guard case .call(let f, let arguments, _) = step.expression else { return false }
      return Operation.loss(f)?.loss?.fusion?.activation == site.function
        && arguments.contains(site.value)
    }
  }
}

extension JacobianStep {
  /// The derivative of the function of each entry alone that this one is taken for, at its value and at its argument.
  fileprivate func entrywise(_ value: Expression) -> [Expression] {
    [diagonal(value), .derivative(traits.diagonal, argument, .none)].compactMap { $0 }
  }
}

extension MistakePass {
  /// The steps rewritten so that the derivative of one activation (or of all) is another formula.
  func activationEdits(
    everywhere: Bool, _ wrong: (ActivationSite) -> [(formula: Expression, needsTypedNumbers: Bool)]
  ) -> [MistakeEdit] {
    guard isBackward else { return [] }
    let right = Dictionary(
      sites.map { ($0.mark, $0.derivative) }, uniquingKeysWith: { first, _ in first })
    let alternatives = sites.map { site in
      wrong(site).filter { formula, _ in
        guard let shape = shape(ifFitting: formula) else { return false }
        return shape.isScalar || shape == site.shape
      }
    }
    func edit(_ replaced: [String: Expression], _ needsTypedNumbers: Bool) -> MistakeEdit? {
      var changes: [Int: Expression] = [:]
      for step in editable {
        guard let template = marked[steps[step].name],
          template.contains({ if case .name(let n) = $0 { replaced[n] != nil } else { false } })
        else { continue }
        let merged = right.merging(replaced) { _, new in new }
        changes[step] = template.substituting(merged).withoutFactorsOfOne
      }
      return changes.isEmpty ? nil : MistakeEdit(changes, needsTypedNumbers: needsTypedNumbers)
    }
    var result: [MistakeEdit] = []
    for (site, formulas) in zip(sites, alternatives) {
      for (formula, needsTypedNumbers) in formulas {
        if let edit = edit([site.mark: formula], needsTypedNumbers) { result += withTargetAlone(edit) }
      }
    }
    if everywhere, sites.count > 1 {
      let kinds = alternatives.map(\.count).max() ?? 0
      for kind in 0..<kinds {
        var replaced: [String: Expression] = [:]
        var needsTypedNumbers = false
        for (site, formulas) in zip(sites, alternatives) where formulas.indices.contains(kind) {
          replaced[site.mark] = formulas[kind].formula
          needsTypedNumbers = needsTypedNumbers || formulas[kind].needsTypedNumbers
        }
        if replaced.count > 1, let edit = edit(replaced, needsTypedNumbers) {
          result += withTargetAlone(edit)
        }
      }
    }
    return result
  }

  /// Made wherever the derivative stands, and in the last line alone, behind right ones.
  private func withTargetAlone(_ edit: MistakeEdit) -> [MistakeEdit] {
    guard edit.changes.count > 1, let own = edit.changes[target] else { return [edit] }
    return [edit, MistakeEdit([target: own], needsTypedNumbers: edit.needsTypedNumbers)]
  }

  /// A contraction with softmax' Jacobian as it is written without one, S * (G - sum(G * S)), its sum another.
  func softmaxSteps(_ step: Int, _ other: (_ product: Expression, _ axis: Int) -> Expression) -> [Expression]
  {
    guard isBackward, steps[step].expression.isContraction, let (_, S, jacobian) = jacobianSteps.last,
      let index = jacobianSteps.last?.index,
      case .call(let f, _, let options) = steps[index].expression, f.name == Operation.softmax.name,
      shape(ifFitting: jacobian.argument)?.rank == 2, let G = steps[step].expression.children.first
    else { return [] }
    return [S * (G - other(G * S, (options.axis ?? -1) == 0 ? 0 : 1))]
  }

  /// Contractions with a Jacobian rewritten: from G of `contract(G, J)`, and the value of the step with that Jacobian.
  func jacobianEdits(_ wrong: (Expression, Expression, JacobianStep) -> [Expression]) -> [MistakeEdit] {
    guard isBackward, let (_, S, jacobian) = jacobianSteps.last else { return [] }
    return editable.filter { steps[$0].expression.isContraction }.flatMap { step in
      wrong(steps[step].expression.children[0], S, jacobian).map { MistakeEdit([step: $0]) }
    }
  }
}

extension Expression {
  /// What has a Jacobian for every sample, that Jacobian and its contractions along the other axis of a matrix.
  fileprivate var alongOtherAxis: Expression {
    func turned(_ options: CallOptions) -> CallOptions {
      var options = options
      options.axis = (options.axis ?? -1) == 0 ? 1 : 0
      return options
    }
    switch self {
    case .call(let f, let arguments, let options) where JacobianStep(self) != nil || isContraction:
      return .call(f, arguments, turned(options))
    case .derivative(let f, let z, let options) where Operation.of(f)?.jacobian != nil:
      return .derivative(f, z, turned(options))
    default: return mapChildren(\.alongOtherAxis)
    }
  }

  /// `dA1 * 1` is dA1.
  fileprivate var withoutFactorsOfOne: Expression {
    if case .binary(.multiply, let a, let b) = self {
      let (x, y) = (a.withoutFactorsOfOne, b.withoutFactorsOfOne)
      return y == 1 ? x : x == 1 ? y : x * y
    }
    return mapChildren(\.withoutFactorsOfOne)
  }
}
