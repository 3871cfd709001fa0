import Formulas
import LinearAlgebra
import NeuralNetworks
import Operations

/// A mistake of the table made in one backward step, to be found again.
package struct Plant: Sendable, Hashable {
  /// The step that it is made in.
  package let step: String
  package let wrong: Expression
  /// Every id under which it goes: mistakes that give the same numbers here are one.
  package let ids: [String]
  /// How far the step's value is off, of its largest entry.
  package let effect: Double

  /// Every mistake that changes a step of a model visibly and keeps its shape.
  package static func all(
    model: Model, leaves: [String: Tensor], steps: [String], learningRate: Double, isFused: Bool,
    mayFuse: Bool
  ) throws(Diagnostic) -> [Plant] {
    var result: [Plant] = []
    for step in steps {
      guard
        let pass = try MistakePass.own(
          to: step, model: model, leaves: leaves, learningRate: learningRate, isFused: isFused,
          mayFuse: mayFuse), pass.isBackward
      else { continue }
      result += plants(pass, step)
    }
    return result
  }

  private static func plants(_ pass: MistakePass, _ step: String) -> [Plant] {
    let right = pass.rightValue
    var kinds: [(value: Tensor, wrong: Expression, ids: [String])] = []
    for mistake in Mistake.all {
      for edit in mistake.edits(in: pass) where !edit.needsTypedNumbers && edit.changes.count == 1 {
        // What cannot be computed is no mistake that could be planted.
        guard let wrong = edit.changes[pass.target], let value = try? pass.value(with: edit.changes),
          value.shape == right.shape, value.isFinite, !value.isClose(to: right)
        else { continue }
        if let known = kinds.firstIndex(where: { $0.value.isClose(to: value) }) {
          if !kinds[known].ids.contains(mistake.id) { kinds[known].ids.append(mistake.id) }
        } else {
          kinds.append((value, wrong, [mistake.id]))
        }
      }
    }
    return kinds.compactMap { kind in
      let gap = kind.value.largestDifference(from: right) ?? 0
      let effect = gap / Swift.max(right.largestMagnitude, 1e-300)
      return effect > 0.02
        ? Plant(step: step, wrong: kind.wrong, ids: kind.ids, effect: Swift.min(effect, 1e9)) : nil
    }
  }
}
