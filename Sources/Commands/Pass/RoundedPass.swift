import Differentiation
import Explanations
import Formulas
import LinearAlgebra
import Sessions

extension Session {
  /// Every step of a pass that was run in float64, computed in another format beside it, with a bound of the difference.
  func rounded(in format: NumberFormat) throws(Diagnostic) -> [RoundedStep] {
    let program = try readyProgram()
    let rounded = try recomputed(in: format)
    var bound = RoundingBound(format, over: SessionEnvironment(self, showsHidden: true))
    var result: [RoundedStep] = []
    for (equation, (exact, value)) in zip(program.steps, zip(trace, rounded.trace)) {
      try bound.run(equation)
      try Interruption.check()
      var step = RoundedStep(
        equation.name, exact: exact, value: value, bound: bound.error(of: equation.name), format: format)
      if step.isSuspect {
        step.lost = LostPart(
          in: equation.evaluated, exact: SessionEnvironment(self, showsHidden: true),
          rounded: SessionEnvironment(rounded, showsHidden: true))
      }
      result.append(step)
    }
    return result
  }
}

extension RoundedStep {
  /// Numbers may be lost inside of it.
  fileprivate var isSuspect: Bool {
    if case .beyond = explanation() { return true }
    return overflow != nil || underflow != nil
  }
}
