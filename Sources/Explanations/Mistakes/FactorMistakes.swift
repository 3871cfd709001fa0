import Formulas
import LinearAlgebra
import Operations

// Constant factors: the 2 of a square, the scale of a score, the count that a mean divides by.

extension Mistake {
  static let missingFactor = Mistake(
    id: "missing-factor",
    explanation:
      "A constant factor of the derivative is missing: the 2 of a square is one, and a mean keeps it.",
    making: .inOneEquation { pass, step, right in
      guard pass.isBackward else { return [] }
      let halves = pass.isSquared ? pass.scaledBesideLoss(step, right, [0.5]) : []
      return halves
        + right.rewritings { node in
          // 2 / 30 was put together to 1 / 15.
          if pass.isFoldedMean(node) { return [node / 2] }
          if case .binary(.divide, let a, .number(let c)) = node, abs(c) != 1, c != 0,
            pass.counts(in: 1 / .number(c)).isEmpty
          {
            return [a]
          }
          // Counts that a mean divides by have mistakes of their own.
          guard let (c, a) = node.numberAndFactor, abs(c) != 1, c != 0, a != .sampleCount else { return [] }
          // Of 4 one of the two 2 may be there.
          return [c < 0 ? .negative(a) : a] + (c.isEven && abs(c) != 2 ? [.number(c / 2) * a] : [])
        }
    })

  static let extraFactor = Mistake(
    id: "extra-factor",
    explanation:
      "A constant factor is there that the loss does not have: 2 belongs to a square, 1/2 takes it away.",
    making: .inOneEquation { pass, step, right in
      guard pass.isBackward else {
        return step == pass.target && pass.steps[step].name == pass.model.lossName
          ? [2 * right, right / 2] : []
      }
      // Half of a square's derivative lacks its 2.
      return pass.scaledBesideLoss(step, right, pass.isSquared ? [2] : [2, 0.5])
    })

  static let missingScale = Mistake(
    id: "missing-scale",
    explanation:
      "The division by a square root is missing, or its root is: what was scaled on the way forward is scaled on the way back, by the same.",
    making: .inOneEquation { pass, step, right in
      right.rewritings { node in
        guard case .binary(.divide, let a, let scale) = node else { return [] }
        switch scale {
        case .call(let f, let arguments, _) where f.name == "sqrt": return [a] + arguments.map { a / $0 }
        // The root as a number, below scores.
        case .number(let c) where c > 1:
          let square = (c * c).rounded()
          let others = abs(c * c - square) < 1e-9 * square && c != square ? [a, a / .number(square)] : [a]
          if case .binary(.matrixProduct, _, _) = a { return others }
          return step >= pass.forwardCount && pass.scalesProducts(by: c) ? others : []
        default: return []
        }
      }
    })

  static let meanOverClasses = Mistake(
    id: "mean-over-classes",
    explanation:
      "It was divided by another count: a mean over the samples has m of them, one over all entries m times the classes, one along an axis what lies there.",
    making: .inOneEquation { pass, step, right in
      let alongAxes = step >= pass.forwardCount ? pass.alongOtherAxes(right) : []
      guard let classes = pass.classCount else { return alongAxes }
      let K = Expression.number(Double(classes))
      // The loss itself with its count visible.
      let counted = pass.isBackward ? right : right.rewritingAll { pass.writtenOut($0, classes) }
      func counting(_ other: Expression, for count: (Expression) -> Bool) -> Expression {
        counted.rewritingAll { node in
          guard case .binary(.divide, let a, let own) = node, count(own) else { return nil }
          return a / other
        }
      }
      let isOfEntries = { (count: Expression) in
        count == .sampleCount * K || count == K * .sampleCount
          || count == .number(Double(classes * (pass.sampleCount ?? 0)))
      }
      return [
        counting(.sampleCount * K) { $0 == .sampleCount }, counting(K) { $0 == .sampleCount },
        counting(.sampleCount, for: isOfEntries),
      ].filter { $0 != right && $0 != counted } + alongAxes
    })

  static let meanForSum = Mistake(
    id: "mean-for-sum",
    explanation:
      "It was divided by m where nothing is averaged: a loss that is a sum over the samples, or a penalty on the weights, has no 1/m.",
    making: .inOneEquation { pass, step, right in
      guard pass.isBackward, pass.sampleCount ?? 1 > 1, step >= pass.forwardCount else { return [] }
      guard pass.isBesideLoss(step) else { return pass.scaledPenalties(step, right) { $0 / .sampleCount } }
      let isGradient = pass.steps[step].name.gradientOf != nil
      return isGradient && pass.countsBehind(step).isEmpty && !pass.isDividedLater(step)
        ? [right / .sampleCount] : []
    })
}

extension Expression {
  /// Of a product with a number on one side.
  fileprivate var numberAndFactor: (Double, Expression)? {
    switch self {
    case .binary(.multiply, .number(let c), let a): (c, a)
    case .binary(.multiply, let a, .number(let c)): (c, a)
    default: nil
    }
  }
}

extension Double {
  fileprivate var isEven: Bool { self != 0 && truncatingRemainder(dividingBy: 2) == 0 }
}

extension MistakePass {
  /// Whether a step is the first of the way back: it reads no other gradient, or the loss's alone.
  func isBesideLoss(_ step: Int) -> Bool {
    let computed = Set(steps[forwardCount..<steps.count].map(\.name)).subtracting([
      model.lossName.gradientName
    ])
    return step >= forwardCount && !steps[step].expression.names.contains(where: computed.contains)
  }

  /// Whether the loss, or a single number that it is made of, squares something: its derivative has a 2.
  var isSquared: Bool {
    steps[..<forwardCount].contains { step in
      shapes[step.name]?.isScalar == true
        && step.expression.contains { node in
          switch node {
          case .binary(.power, _, 2): true
          case .binary(.multiply, let a, let b): a == b
          // E.T @ E, of which the diagonal or the sum is taken.
          case .binary(.matrixProduct, let a, let b): a == .transpose(b) || b == .transpose(a)
          case .call(let f, _, _): Operation.loss(f)?.loss.map { !$0.isClassification } ?? false
          default: false
          }
        }
    }
  }

  /// A step with another factor, where the loss is differentiated: there it comes in, and further on it would be another slip.
  func scaledBesideLoss(_ step: Int, _ right: Expression, _ factors: [Double]) -> [Expression] {
    guard step >= forwardCount else { return [] }
    guard isBesideLoss(step) else {
      return factors.flatMap { factor in scaledPenalties(step, right) { .number(factor) * $0 } }
    }
    // Half of what has a 2 lacks it, and that is seen there.
    let hasTwo = right.contains { $0.numberAndFactor?.0.isEven ?? false || isFoldedMean($0) }
    return factors.filter { $0 > 1 || !hasTwo }.map { $0 == 2 ? 2 * right : right / 2 }
  }

  /// A parameter's gradient with one term changed that no other gradient is in: what makes weights small.
  func scaledPenalties(_ step: Int, _ right: Expression, _ change: (Expression) -> Expression) -> [Expression]
  {
    let terms = right.terms
    guard terms.count > 1, isParameterGradient(step) else { return [] }
    return terms.indices.filter { !terms[$0].names.contains { $0.gradientOf != nil } }.map { at in
      let others = terms.enumerated().map { $0 == at ? change($1) : $1 }
      return others.dropFirst().reduce(others[0]) { $0 + $1 }
    }
  }

  /// A call of a mean loss as the sum that it is, divided by its count; nil for what is none.
  func writtenOut(_ node: Expression, _ classes: Int) -> Expression? {
    guard case .call(let f, let arguments, var options) = node, let traits = Operation.loss(f)?.loss else {
      return nil
    }
    let count: Expression
    switch traits.averaging(options) {
    case .none: return nil
    case .samples: count = .sampleCount
    case .entries: count = .sampleCount * .number(Double(classes))
    }
    options.reduction = .sum
    return .call(f, arguments, options) / count
  }

  /// Divided by how many there are along the other axis of what the forward pass takes a mean of.
  func alongOtherAxes(_ right: Expression) -> [Expression] {
    var others: [Double: Set<Int>] = [:]
    for step in steps[..<forwardCount] {
      step.expression.visit { node in
        guard case .call(let f, let arguments, let options) = node, f.name == Operation.mean.name,
          options.axis != nil, let whole = arguments.first.flatMap({ shape(ifFitting: $0) }),
          let part = shape(ifFitting: node), part.count > 0
        else { return }
        let own = whole.count / part.count
        others[Double(own), default: []].formUnion(whole.dimensions.filter { $0 != own && $0 > 1 })
      }
    }
    guard !others.isEmpty else { return [] }
    let m = sampleCount ?? 0
    return right.rewritings { node in
      guard case .binary(.divide, let a, let count) = node else { return [] }
      let own: Double?
      switch count {
      case .sampleCount: own = Double(m)
      case .number(let number): own = number
      default: own = nil
      }
      return own.flatMap { others[$0] }.map { counts in
        counts.sorted().map { a / ($0 == m ? .sampleCount : .number(Double($0))) }
      } ?? []
    }
  }

  /// Whether a product of matrices is divided by a number on the way forward.
  func scalesProducts(by c: Double) -> Bool {
    steps[..<forwardCount].contains { step in
      step.expression.contains { node in
        if case .binary(.divide, .binary(.matrixProduct, _, _), .number(c)) = node { true } else { false }
      }
    }
  }

  /// A division by half of the entries that the loss compares: their mean, and the 2 of a square.
  func isFoldedMean(_ node: Expression) -> Bool {
    guard case .binary(.divide, _, .number(let c)) = node, let classes = classCount, let m = sampleCount
    else { return false }
    return 2 * c == Double(classes * m)
  }

  /// The entries of a sample in what the loss compares.
  var classCount: Int? {
    guard let m = sampleCount, m > 0 else { return nil }
    // Through the numbers that the loss is put together of; a penalty compares nothing.
    var open = [model.lossName]
    var sizes: [Int] = []
    while let name = open.popLast() {
      guard let equation = model.equations.last(where: { $0.name == name }) else { continue }
      for name in equation.expression.names where !model.parameters.contains(name) {
        guard let shape = shapes[name] else { continue }
        if shape.rank > 0 { sizes.append(shape.count) } else { open.append(name) }
      }
    }
    return sizes.max().flatMap { $0 > m && $0 % m == 0 ? $0 / m : nil }
  }
}
