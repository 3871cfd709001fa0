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
    guard roles.targets.contains(name), let loss = roles.loss,
      Operation.loss(loss.function)?.loss?.isClassification == true, let axis = roles.classAxis,
      let old = session.leaves[name]?.shape, old.rank == 2, axis < 2, old != value.shape
    else { return nil }
    let K = old.dimensions[axis]
    let isList = value.rank == 1 || (value.rank == 2 && min(value.shape.rows, value.shape.columns) == 1)
    guard isList, K > 1, value.count > 0,
      value.elements.allSatisfy({ $0 >= 0 && $0 < Double(K) && $0 == $0.rounded() })
    else { return nil }
    // As many numbers as classes may be the one row of one sample.
    guard value.count != K || samples(session, besides: name) == K else { return nil }
    var result = Tensor(repeating: 0, shape: axis == 1 ? [value.count, K] : [K, value.count])
    for (i, label) in value.elements.enumerated() {
      let k = Int(clamping: label)
      result.replaceElement(at: axis == 1 ? i * K + k : k * value.count + i, with: 1)
    }
    return result
  }

  /// How many samples the inputs hold.
  private static func samples(_ session: Session, besides name: String) -> Int? {
    for input in session.roles.inputs {
      guard let axis = session.roles.sampleAxes[input], let shape = session.leaves[input]?.shape,
        shape.dimensions.indices.contains(axis)
      else { continue }
      return shape.dimensions[axis]
    }
    return nil
  }
}
