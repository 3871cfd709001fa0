import Formulas
import LinearAlgebra
import NeuralNetworks

/// Other numbers for a model's leaves, for telling a formula from a coincidence. Targets keep what makes them targets:
/// one-hot stays one-hot, zeros and ones stay such, classes that sum to 1 sum to 1 along the same axis. Positive
/// numbers stay positive.
package struct OtherLeaves {
  private let leaves: [String: Tensor]
  private let roles: Roles

  package init(_ leaves: [String: Tensor], _ roles: Roles) {
    self.leaves = leaves
    self.roles = roles
  }

  package enum Closeness: Sendable, CaseIterable {
    /// Anything, so that a forgotten mask shows.
    case free
    /// Entries as they are now, shuffled and a little larger or smaller; counts and labels as they are. Where a pass
    /// has no value far off: a logarithm of what must stay positive.
    case near
  }

  /// - Parameter shapes: of leaves that are to have another shape.
  package func drawn(
    seed: Int, shapes: [String: Shape] = [:], _ closeness: Closeness = .free
  ) -> [String: Tensor] {
    var generator = RandomGenerator(seed: UInt64(truncatingIfNeeded: seed &+ 7919))
    var result: [String: Tensor] = [:]
    for (name, value) in leaves.sorted(by: { $0.key < $1.key }) {
      result[name] = draw(name, value, shapes[name] ?? value.shape, closeness, &generator)
    }
    return result
  }

  private func draw(
    _ name: String, _ value: Tensor, _ shape: Shape, _ closeness: Closeness,
    _ generator: inout RandomGenerator
  ) -> Tensor {
    let entries = value.elements
    guard !entries.isEmpty, name != .sampleCount else { return value }
    // Where the loss is none that is known, whatever is not trained may be a target.
    let mayBeTarget = roles.targets.isEmpty ? !roles.parameters.contains(name) : roles.targets.contains(name)
    if mayBeTarget {
      let isBinary = entries.allSatisfy { $0 == 0 || $0 == 1 }
      if let axis = classAxis(name, value) {
        return isBinary
          ? oneHot(shape, axis, &generator) : generator.distributions(shape: shape, axis: axis)
      }
      if isBinary { return generator.uniform(shape: shape, 0, 1).map { $0 < 0.5 ? 0 : 1 } }
    }
    switch closeness {
    case .free:
      return entries.allSatisfy { $0 > 0 }
        ? generator.uniform(shape: shape, 0.2, 1.7) : generator.normal(shape: shape)
    case .near:
      let isCounting = value.isCounting && !roles.parameters.contains(name)
      return Tensor(repeating: 0, shape: shape).map { _ in
        let entry = entries[generator.integer(below: entries.count)]
        return isCounting ? entry : entry * generator.uniform(0.7, 1.3)
      }
    }
  }

  /// The axis along which several classes sum to 1; where more than one does, not that of the samples.
  private func classAxis(_ name: String, _ value: Tensor) -> Int? {
    guard value.rank > 0, value.elements.allSatisfy({ $0 >= 0 }) else { return nil }
    let axes = (0..<value.rank).reversed().filter { axis in
      value.shape.dimensions[axis] > 1 && value.sum(axis: axis).elements.allSatisfy { abs($0 - 1) < 1e-9 }
    }
    return axes.first { $0 != roles.sampleAxes[name] } ?? axes.first
  }

  /// A single 1 along an axis.
  private func oneHot(_ shape: Shape, _ axis: Int, _ generator: inout RandomGenerator) -> Tensor {
    var result = Tensor(repeating: 0, shape: shape)
    let classes = shape.dimensions[axis]
    let stride = shape.dimensions[(axis + 1)...].reduce(1, *)
    for outer in 0..<shape.dimensions[..<axis].reduce(1, *) {
      for inner in 0..<stride {
        let label = generator.integer(below: classes)
        result.replaceElement(at: (outer * classes + label) * stride + inner, with: 1)
      }
    }
    return result
  }
}
