import Differentiation
import Explanations
import Formulas
import LinearAlgebra
import Operations
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
    guard result.contains(where: \.isUndecided) else { return result }
    let usual = try moved(by: format, exact: result.map(\.exact))
    for i in result.indices where result[i].isUndecided && result[i].size > 0 {
      result[i].usual = usual[i] / result[i].size
    }
    return result
  }

  /// The largest difference of every step among passes in which every value is moved by a rounding of the format, up or down
  /// by chance (Monte Carlo arithmetic: Parker, "Monte Carlo Arithmetic" (1997)).
  private func moved(by format: NumberFormat, exact: [Tensor]) throws(Diagnostic) -> [Double] {
    let program = try readyProgram()
    let base = SessionEnvironment(self, showsHidden: true)
    var generator = RandomGenerator(seed: 97)
    func moved(_ value: Tensor) -> Tensor {
      // Labels and masks are exact in every format.
      value.isCounting
        ? value : value.map { $0 * (1 + (generator.uniform() < 0.5 ? -1 : 1) * format.roundoff) }
    }
    var largest = exact.map { _ in 0.0 }
    for _ in 0..<8 {
      var values: [String: Tensor] = [:]
      // In an order of their own: that of a dictionary is another one in the same session loaded again.
      for name in leaves.keys.sorted() { values[name] = leaves[name].map(moved) }
      for (i, step) in program.steps.enumerated() {
        try Interruption.check()
        let value = moved(try Evaluator(Overlay(values, over: base)).value(of: step.evaluated))
        largest[i] = max(largest[i], value.largestDifference(from: exact[i], whereFinite: true) ?? 0)
        values[step.name] = value
      }
    }
    return largest
  }
}

extension RoundedStep {
  /// Numbers may be lost inside of it.
  fileprivate var isSuspect: Bool {
    if case .beyond = explanation() { return true }
    return overflow != nil || underflow != nil
  }
}
