import Formulas
import LinearAlgebra
import Operations

// Mistakes about masks of zeros and ones: where they stand, that they come back, and what they are divided by.

extension Mistake {
  static let maskAfterSoftmax = Mistake(
    id: "mask-after-softmax",
    explanation:
      "The mask was put on the probabilities: it belongs on the scores, so that those that are left still sum to 1.",
    making: .inThePass { pass in
      pass.jacobianSteps.compactMap { index, _, step in
        guard pass.upstream(of: [:]).contains(index),
          case .call(let f, _, let options) = pass.steps[index].expression
        else { return nil }
        var scores = step.argument
        if case .name(let name) = scores, let at = pass.steps.firstIndex(where: { $0.name == name }) {
          scores = pass.steps[at].expression
        }
        guard let (inner, mask) = pass.masked(scores) else { return nil }
        return MistakeEdit([index: .call(f, [inner], options) * mask])
      }
    })

  static let maskForgotten = Mistake(
    id: "mask-forgotten",
    explanation:
      "The mask is missing: what may not be seen gets -infinity before softmax, and what is dropped a 0.",
    making: .inOneEquation { pass, _, right in
      guard !pass.isBackward else { return [] }
      return right.rewritings { node in
        if let (inner, _) = pass.masked(node) { return [inner] }
        return switch node {
        case .binary(.multiply, let a, let b) where pass.isMask(b): [a]
        case .binary(.multiply, let a, let b) where pass.isMask(a): [b]
        default: []
        }
      }
    })

  static let maskForgottenInBackward = Mistake(
    id: "mask-forgotten-in-backward",
    explanation:
      "The mask is missing on the way back: where it held a value at 0, or the other branch was taken, no gradient passes.",
    making: .inOneEquation { pass, step, right in
      guard pass.isBackward, step >= pass.forwardCount else { return [] }
      return right.rewritings { node in
        switch node {
        case .binary(.multiply, let a, let b) where pass.isMask(b) || b.isBranch: [a]
        case .binary(.multiply, let a, let b) where pass.isMask(a) || a.isBranch: [b]
        // One branch everywhere.
        case .binary(.add, let a, let b) where a.withoutBranch != a && b.withoutBranch != b:
          [a.withoutBranch, b.withoutBranch]
        case .call(let f, let arguments, _) where f.name == "where" && arguments.count == 3:
          arguments[2] == 0 ? [arguments[1]] : []
        default: []
        }
      }
    })

  static let dropoutNotScaled = Mistake(
    id: "dropout-not-scaled",
    explanation:
      "The division by the share that is kept is missing: without it a layer gives less in training than afterwards.",
    making: .inThePass { pass in
      func unscaled(_ right: Expression) -> Expression {
        right.rewritingAll { node in
          guard case .binary(.divide, let a, let q) = node, pass.isPlainNumber(q),
            a.contains({ pass.isMask($0) }),
            !a.contains({ if case .binary(.matrixProduct, _, _) = $0 { true } else { false } })
          else { return nil }
          return a
        }
      }
      var everywhere: [Int: Expression] = [:]
      var result: [MistakeEdit] = []
      for step in pass.upstream(of: [:]) where step <= pass.target {
        let right = pass.steps[step].expression
        let changed = unscaled(right)
        guard changed != right else { continue }
        everywhere[step] = changed
        if !pass.isBackward || step >= pass.forwardCount { result.append(MistakeEdit([step: changed])) }
      }
      if everywhere.count > 1 {
        result.append(MistakeEdit(everywhere))
        let back = everywhere.filter { $0.key >= pass.forwardCount }
        if back.count > 1, back.count < everywhere.count { result.append(MistakeEdit(back)) }
      }
      return result
    })
}

extension Expression {
  /// Where `where` took one of its branches, as a backward equation writes it.
  var isBranch: Bool {
    switch self {
    case .binary(.equal, .name, 0), .binary(.notEqual, .name, 0): false
    case .binary(.equal, _, 0), .binary(.notEqual, _, 0): true
    default: false
    }
  }

  /// A product without the branch among its factors.
  fileprivate var withoutBranch: Expression {
    switch self {
    case .binary(.multiply, let a, let b) where a.isBranch: b
    case .binary(.multiply, let a, let b) where b.isBranch: a
    case .binary(.multiply, let a, let b):
      .binary(.multiply, a.withoutBranch, a.withoutBranch == a ? b.withoutBranch : b)
    case .binary(.divide, let a, let b): .binary(.divide, a.withoutBranch, b)
    case .negative(let a): .negative(a.withoutBranch)
    default: self
    }
  }
}

extension MistakePass {
  /// A drawn or given mask: zeros and ones, and no target; or the comparison of one with 0.
  func isMask(_ expression: Expression) -> Bool {
    switch expression {
    case .name(let name):
      guard let value = values[name], value.count > 1, name.gradientOf == nil, !targets.contains(name),
        !model.parameters.contains(name)
      else { return false }
      return value.elements.contains(0) && value.elements.contains(1)
        && value.elements.allSatisfy { $0 == 0 || $0 == 1 }
    case .binary(.notEqual, let a, 0): return isMask(a)
    default: return false
    }
  }

  /// One number that counts no samples.
  func isPlainNumber(_ expression: Expression) -> Bool {
    switch expression {
    case .number: true
    case .name(let name): name != .sampleCount && (values[name]?.count ?? 0) == 1
    case .binary(.subtract, let a, let b): isPlainNumber(a) && isPlainNumber(b)
    default: false
    }
  }

  /// Scores without their mask, and the mask as zeros and ones: of `where(M, Z, -inf)` and `Z + M` with M of 0 and -inf.
  func masked(_ scores: Expression) -> (inner: Expression, mask: Expression)? {
    func isFar(_ expression: Expression) -> Bool {
      guard let value = try? Evaluator(Bindings(values)).value(of: expression) else { return false }
      return value.elements.allSatisfy { $0 == 0 || $0 <= -100 } && value.elements.contains { $0 <= -100 }
    }
    switch scores {
    case .call(let f, let arguments, _) where f.name == "where" && arguments.count == 3:
      if isFar(arguments[2]) { return (arguments[1], .binary(.notEqual, arguments[0], 0)) }
      return isFar(arguments[1]) ? (arguments[2], .binary(.equal, arguments[0], 0)) : nil
    case .binary(.add, let a, let b):
      if isFar(b) { return (a, .binary(.greater, b, -1)) }
      return isFar(a) ? (b, .binary(.greater, a, -1)) : nil
    default: return nil
    }
  }
}
