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
  /// - Throws: why there is no right value to compare with: none of the numbers tried has a pass.
  init(
    _ question: Question, in scene: any AnswerScene, seed: Int, shapes: [String: Shape] = [:]
  ) throws(Diagnostic) {
    var reason = Diagnostic("\(question.title) is not finite there")
    for closeness in OtherLeaves.Closeness.allCases {
      let leaves = OtherLeaves(scene.leaves, scene.roles, scene.model).drawn(
        seed: seed, shapes: shapes, closeness)
      do throws(Diagnostic) {
        let there = try scene.with(leaves: leaves)
        let right = try there.evaluated(question.right)
        guard right.isFinite else { continue }
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
  /// What rounding may do to the value that is asked for, see `Agreement`.
  func noise(of question: Question) throws(Diagnostic) -> Double {
    var formula = question.right
    if let step = question.step, let equation = equation(of: step) {
      formula = formula.substituting([step: equation.evaluated])
    }
    return try Agreement.noise(of: formula, in: self)
  }
}
