import Formulas
import LinearAlgebra
import NeuralNetworks
import Operations
import Sessions

/// Labels given to a target that has an entry for every class.
enum LabelTargets {
  /// A 1 at the class of each sample, in the layout of the target that was there; nil where the value is none of labels
  /// for this loss.
  static func oneHot(_ name: String, _ value: Tensor, _ session: Session) -> Tensor? {
    let roles = session.roles
    guard roles.targets.contains(name), !roles.takesClassNumbers, let loss = roles.loss,
      Operation.loss(loss.function)?.loss?.isClassification == true,
      let axis = roles.lossAxis,
      // As many classes as there are predictions for; what another network left says nothing of them.
      let old = AssignedValue.compared(name, session)
        ?? (session.inherited.contains(name) ? nil : session.leaves[name]?.shape),
      old.rank == 2, axis < 2, old != value.shape
    else { return nil }
    let K = old.dimensions[axis]
    let isList = value.rank == 1 || (value.rank == 2 && value.shape.dimensions[axis] == 1)
    guard isList, K > 1, value.count > 0,
      value.elements.allSatisfy({ $0 >= 0 && $0 < Double(K) && $0 == $0.rounded() })
    else { return nil }
    // As many numbers as classes may be the one row of one sample.
    guard value.count != K || samples(session, axis) == K else { return nil }
    var result = Tensor(repeating: 0, shape: axis == 1 ? [value.count, K] : [K, value.count])
    for (i, label) in value.elements.enumerated() {
      let k = Int(clamping: label)
      result.replaceElement(at: axis == 1 ? i * K + k : k * value.count + i, with: 1)
    }
    return result
  }

  /// How many samples the inputs hold, which lie along the axis that is not the classes'.
  private static func samples(_ session: Session, _ classAxis: Int) -> Int? {
    session.roles.inputs.lazy.compactMap { session.leaves[$0]?.shape }.first { $0.rank == 2 }?.dimensions[
      1 - classAxis]
  }
}
