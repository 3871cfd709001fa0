import Formulas
import LinearAlgebra

/// The same question at other numbers.
struct Trial {
  let scene: any AnswerScene
  let right: Tensor

  init(_ scene: any AnswerScene, right: Tensor) {
    self.scene = scene
    self.right = right
  }

  /// - Parameters:
  ///   - shapes: of leaves that have another shape there.
  ///   - closenesses: how its numbers may be drawn, in the order of preference.
  /// - Throws: why there is no right value to compare with: none of the numbers tried has a pass.
  init(
    _ question: Question, in scene: any AnswerScene, seed: Int, shapes: [String: Shape] = [:],
    _ closenesses: [OtherLeaves.Closeness] = OtherLeaves.Closeness.general
  ) throws(Diagnostic) {
    var reason = Diagnostic("\(question.title) is not finite there")
    for closeness in closenesses {
      let leaves = OtherLeaves(scene.leaves, scene.roles, scene.model).drawn(
        seed: seed, shapes: shapes, closeness)
      do throws(Diagnostic) {
        let there = try scene.with(leaves: leaves)
        let right = try there.evaluated(question.right)
        guard there.mayBeJudged(right), !there.isCutOff else { continue }
        self.scene = there
        self.right = right
        return
      } catch {
        reason = error
      }
    }
    throw reason
  }

  enum Outcome {
    case right
    case wrong(GivenValue)
    /// The answer has no value there.
    case failed(Diagnostic)

    var isRight: Bool { if case .right = self { true } else { false } }
  }

  func outcome(_ formula: Expression, _ question: Question) -> Outcome {
    do throws(Diagnostic) {
      let given = GivenValue(try scene.evaluated(formula), formula: formula)
      guard var fitted = given.fitted(to: right.shape) else { return .wrong(given) }
      if fitted.matches(right) { return .right }
      fitted.noise = try scene.noise(of: question)
      return fitted.matches(right) ? .right : .wrong(fitted)
    } catch {
      return .failed(error)
    }
  }
}

extension AnswerScene {
  /// Whether something can be equal to it: nan is equal to nothing, and infinity only where the equations write it, as for a
  /// masked score; elsewhere something has overflowed.
  func mayBeJudged(_ value: Tensor) -> Bool {
    value.isFinite
      || value.elements.allSatisfy { !$0.isNaN }
        && model.equations.contains { $0.expression.contains { $0 == .number(.infinity) } }
  }

  /// Whether a value of the pass is another one by the formula that defines it than by the one that computes it: a
  /// logarithm was cut off. There a right formula need not be equal.
  var isCutOff: Bool {
    model.equations.contains { equation in
      guard let own = self.equation(of: equation.name), own.computedAs != nil, own.planted == nil,
        let value = value(of: equation.name), let defined = try? evaluated(own.expression)
      else { return false }
      return !GivenValue(value, formula: own.expression).matches(defined)
    }
  }

  /// What rounding may do to the value that is asked for, see `Agreement`.
  func noise(of question: Question) throws(Diagnostic) -> Double {
    var formula = question.right
    if let step = question.step, let equation = equation(of: step) {
      formula = formula.substituting([step: equation.evaluated])
    }
    return try Agreement.noise(of: formula, in: self)
  }
}
