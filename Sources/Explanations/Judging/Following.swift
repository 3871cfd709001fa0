import Formulas
import LinearAlgebra
import Operations
import Platform

/// What is made of a step's value by equations that are none of the pass: a parameter behind its update, of its gradient.
package struct Following: Sendable {
  /// In order; the last one is what is asked for. A name on the right that an earlier one gives is that one's value.
  package let equations: [Equation]

  package init(_ equations: [Equation]) { self.equations = equations }

  /// All of it as one formula of what was there before.
  package var formula: Expression {
    var known: [String: Expression] = [:]
    for equation in equations { known[equation.name] = equation.expression.substituting(known) }
    return equations.last.flatMap { known[$0.name] } ?? 0
  }

  /// With another value of the step, and other equations where a mistake is made in these; nil where that has no value.
  func value(
    of step: String, _ whole: Tensor, in pass: MistakePass, over scene: any Environment,
    by other: Following? = nil
  ) -> Tensor? {
    let values = pass.values.merging([step: whole]) { $1 }
    return try? Evaluator(Overlay(values, over: scene)).value(of: (other ?? self).formula)
  }
}

extension Judge {
  /// The learning rate with which typed numbers, or a formula, would be the right step; nil for no step of this kind.
  func otherRate(_ given: GivenValue) -> Double? {
    guard question.following != nil, let old = question.before.flatMap({ try? scene.evaluated($0) }),
      old.shape == right.shape, given.value.shape == right.shape
    else { return nil }
    let steps = zip(old.elements, right.elements).map { $0 - $1 }
    let own = zip(old.elements, given.value.elements).map { $0 - $1 }
    guard let largest = steps.indices.max(by: { abs(steps[$0]) < abs(steps[$1]) }), steps[largest] != 0 else {
      return nil
    }
    let exact = own[largest] / steps[largest] * scene.learningRate
    // Typed numbers are rounded, and rates are round.
    guard exact > 0, exact.isFinite else { return nil }
    return (0...3).lazy.map { digits in
      let unit = pow(10, Double(digits) - floor(log10(exact)))
      return (exact * unit).rounded() / unit
    }.first { rate in
      guard rate > 0, rate != scene.learningRate else { return false }
      let factor = rate / scene.learningRate
      return given.isCertainly(
        Tensor(unchecked: right.shape, zip(old.elements, steps).map { $0 - factor * $1 }))
    }
  }
}
