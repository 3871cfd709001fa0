import Formulas
import LinearAlgebra
import Operations

// Mistakes about normalised values N = (Z - μ) / sqrt(v + ε), where μ and v are made of Z.
// Source: Ioffe and Szegedy, "Batch Normalization" (2015), section 3.

extension Mistake {
  static let statisticsHeldConstant = Mistake(
    id: "statistics-held-constant",
    explanation:
      "A mean or variance was held fixed: it is made of the values that it normalises, and a gradient goes back through it too.",
    making: .inThePass { pass in
      var changes: [Int: Expression] = [:]
      for step in pass.editable where step >= pass.forwardCount {
        let equation = pass.steps[step]
        guard let shape = pass.shapes[equation.name] else { continue }
        let terms = equation.expression.signedTerms
        let kept = terms.filter { !pass.comesThroughStatistics($0, of: shape) }
        guard !kept.isEmpty, kept.count < terms.count else { continue }
        changes[step] = kept.dropFirst().reduce(kept[0]) { $0 + $1 }
      }
      guard !changes.isEmpty else { return [] }
      guard let own = changes[pass.target] else { return [MistakeEdit(changes)] }
      // Some average over what was normalised, or over the samples, besides.
      return [MistakeEdit(changes)]
        + pass.normalisedCounts(pass.target).map { count in
          MistakeEdit(changes.merging([pass.target: own / count]) { _, new in new })
        }
    })

  static let unnormalisedInGamma = Mistake(
    id: "unnormalised-in-gamma",
    explanation:
      "The scale's gradient meets the normalised values, which it multiplied on the way forward, and not what was normalised.",
    making: .inOneEquation { pass, step, right in
      guard step == pass.target, pass.isParameterGradient(step) else { return [] }
      return right.rewritings { node in
        switch node {
        case .binary(.multiply, let a, .name(let name)):
          pass.beforeNormalising(name).map { a * $0 } + (pass.beforeNormalising(name).isEmpty ? [] : [a])
        case .binary(.multiply, .name(let name), let b): pass.beforeNormalising(name).map { $0 * b }
        case .binary(.divide, let a, let s) where pass.isRoot(s): [a]
        default: []
        }
      }
    })

  static let epsilonPlacement = Mistake(
    id: "epsilon-placement",
    explanation:
      "The small number stands on the other side of the root, or is left out: sqrt(v + ε), sqrt(v) + ε and sqrt(v) are not the same.",
    making: .inThePass { pass in
      pass.upstream(of: [:]).flatMap { step -> [MistakeEdit] in
        let right = pass.steps[step].expression
        return [right.withOtherEpsilon, right.withoutEpsilon].filter { $0 != right }.map {
          MistakeEdit([step: $0])
        }
      }
    },
    updating: { _, equations in
      [
        equations.map { Equation($0.name, $0.expression.withOtherEpsilon) },
        equations.map { Equation($0.name, $0.expression.withoutEpsilon) },
      ]
    })
}

extension Expression {
  /// The terms of a sum and of a difference.
  fileprivate var signedTerms: [Expression] {
    switch self {
    case .binary(.add, let a, let b): a.signedTerms + b.signedTerms
    case .binary(.subtract, let a, let b): a.signedTerms + [.negative(b)]
    default: [self]
    }
  }

  /// Every `sqrt(v + ε)` as `sqrt(v) + ε`, and the other way round.
  var withOtherEpsilon: Expression {
    rewritingAll { node in
      switch node {
      case .call(let f, let arguments, let options) where f.name == "sqrt":
        guard case .binary(.add, let v, let epsilon)? = arguments.first, epsilon.isSmall else { return nil }
        return .call(f, [v], options) + epsilon
      case .binary(.add, .call(let f, let arguments, let options), let epsilon)
      where f.name == "sqrt" && epsilon.isSmall:
        return arguments.first.map { .call(f, [$0 + epsilon], options) }
      default: return nil
      }
    }
  }

  /// Every root and power without the small number below or beside it.
  var withoutEpsilon: Expression {
    rewritingAll { node in
      switch node {
      case .call(let f, let arguments, let options) where f.name == "sqrt":
        guard case .binary(.add, let v, let epsilon)? = arguments.first, epsilon.isSmall else { return nil }
        return .call(f, [v], options)
      case .binary(.power, .binary(.add, let v, let epsilon), let exponent) where epsilon.isSmall:
        return .binary(.power, v, exponent)
      case .binary(.add, let root, let epsilon) where epsilon.isSmall:
        if case .call(let f, _, _) = root, f.name == "sqrt" { return root }
        return nil
      default: return nil
      }
    }
  }

  private var isSmall: Bool {
    if case .number(let number) = self { number > 0 && number <= 0.02 } else { false }
  }
}

extension MistakePass {
  /// A root, or a value that is one.
  fileprivate func isRoot(_ expression: Expression) -> Bool {
    switch expression {
    case .call(let f, _, _): f.name == "sqrt"
    case .name(let name):
      steps[..<forwardCount].first { $0.name == name }.map { isRoot($0.expression) } ?? false
    default: false
    }
  }

  /// What a value of the same shape was before it was divided by a root: its numerator, and what that is made of.
  fileprivate func beforeNormalising(_ name: String) -> [Expression] {
    guard let equation = steps[..<forwardCount].first(where: { $0.name == name }),
      case .binary(.divide, let numerator, let s) = equation.expression, isRoot(s)
    else { return [] }
    var result = [numerator]
    var inner = numerator
    if case .name(let name) = inner, let step = steps[..<forwardCount].first(where: { $0.name == name }) {
      inner = step.expression
    }
    if case .binary(.subtract, let z, _) = inner { result.append(z) }
    return result
  }
}

extension MistakePass {
  /// How many entries one mean is made of, and how many samples there are: a pass whose input is trained may have none, and
  /// normalises over its rows all the same.
  fileprivate func normalisedCounts(_ step: Int) -> [Expression] {
    guard let shape = shapes[steps[step].name] else { return [] }
    let mean = steps[..<forwardCount].compactMap { shapes[$0.name] }.first {
      $0 != shape && $0.rank == shape.rank && $0.count > 0 && $0.broadcast(with: shape) == shape
    }
    let count = mean.map { shape.count / $0.count }
    let samples = sampleCount.map { _ in [Expression.name(.sampleCount)] } ?? []
    guard let count, count != sampleCount else { return samples }
    return samples + [.number(Double(count))]
  }

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
