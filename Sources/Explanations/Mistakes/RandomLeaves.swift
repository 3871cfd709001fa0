import Formulas
import LinearAlgebra
import NeuralNetworks

/// Other numbers for a model's leaves, of the same kind: a one-hot target stays one-hot, labels stay labels,
/// positive numbers stay positive. For telling an equation from a coincidence.
package struct RandomLeaves {
  let model: Model
  let leaves: [String: Tensor]

  package init(_ model: Model, _ leaves: [String: Tensor]) {
    self.model = model
    self.leaves = leaves
  }

  /// Of the same shapes, or with another number of samples; nil when it is not known where the samples are.
  package func drawn(seed: Int, samples: Int? = nil) -> [String: Tensor]? {
    var generator = RandomGenerator(seed: UInt64(truncatingIfNeeded: seed &+ 7919))
    var result: [String: Tensor] = [:]
    let old = Program.sampleCount(model, leaves: leaves.mapValues(\.shape))
    let sampleLeaves = Program.sampleLeaves(model)
    for name in leaves.keys.sorted() {
      guard let value = leaves[name] else { continue }
      var shape = value.shape
      if let samples, let old, sampleLeaves.contains(name), shape.rank >= 2 {
        let axis = model.layout == .columns ? 1 : 0
        guard shape.dimensions[axis] == old else { return nil }
        var dimensions = shape.dimensions
        dimensions[axis] = samples
        shape = Shape(dimensions)
      }
      result[name] = draw(name, value, shape, &generator)
    }
    if samples != nil, old == nil { return nil }
    return result
  }

  private func draw(
    _ name: String, _ value: Tensor, _ shape: Shape, _ generator: inout RandomGenerator
  ) -> Tensor {
    let entries = value.elements
    if name == model.targetName, shape.rank == 2, entries.allSatisfy({ $0 == 0 || $0 == 1 }) {
      return isDistribution(value) ? oneHot(shape, &generator) : binary(shape, &generator)
    }
    if name == model.targetName, shape.rank == 2, isDistribution(value) {
      let scores = generator.normal(shape: shape)
      return scores.softmax(axis: classAxis)
    }
    if !model.parameters.contains(name), name != "X", entries.count > 0,
      entries.allSatisfy({ $0 == $0.rounded() && $0 >= 0 })
    {
      return Tensor(
        unchecked: shape, (0..<shape.count).map { _ in entries[generator.integer(below: entries.count)] })
    }
    if entries.count > 0, entries.allSatisfy({ $0 > 0 }) {
      return generator.uniform(shape: shape, 0.2, 1.7)
    }
    return generator.normal(shape: shape)
  }

  private var classAxis: Int { model.layout == .columns ? 0 : 1 }

  private func isDistribution(_ value: Tensor) -> Bool {
    value.rank == 2 && value.shape.dimensions[classAxis] > 1
      && value.sum(axis: classAxis).elements.allSatisfy { abs($0 - 1) < 1e-9 }
  }

  private func oneHot(_ shape: Shape, _ generator: inout RandomGenerator) -> Tensor {
    var entries = [Double](repeating: 0, count: shape.count)
    let samples = shape.dimensions[1 - classAxis]
    let classes = shape.dimensions[classAxis]
    for sample in 0..<samples {
      let label = generator.integer(below: classes)
      entries[classAxis == 1 ? sample * classes + label : label * samples + sample] = 1
    }
    return Tensor(unchecked: shape, entries)
  }

  private func binary(_ shape: Shape, _ generator: inout RandomGenerator) -> Tensor {
    Tensor(unchecked: shape, (0..<shape.count).map { _ in generator.uniform() < 0.5 ? 0 : 1 })
  }
}
