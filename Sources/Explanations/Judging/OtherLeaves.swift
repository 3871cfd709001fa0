import Formulas
import LinearAlgebra
import NeuralNetworks
import Operations

/// Other numbers for a model's leaves, for telling a formula from a coincidence. Targets, and whatever else is compared,
/// masked or picked with, keep what makes them such: one-hot stays one-hot, zeros and ones stay such, classes that sum to 1
/// sum to 1 along the same axis. A parameter, and an operand of a product of matrices, may be anything. Positive numbers
/// stay positive.
package struct OtherLeaves {
  private let leaves: [String: Tensor]
  private let roles: Roles
  /// Names that stand in a product of matrices or a convolution, turned round or joined to others at most.
  private let multiplied: Set<String>

  package init(_ leaves: [String: Tensor], _ roles: Roles, _ model: Model) {
    self.leaves = leaves
    self.roles = roles
    var multiplied: Set<String> = []
    for equation in model.equations {
      equation.expression.visit { node in
        switch node {
        case .binary(.matrixProduct, let a, let b): multiplied.formUnion(a.carried + b.carried)
        case .call(let f, let arguments, _) where Operation.of(f) === Operation.conv2d:
          multiplied.formUnion(arguments.flatMap(\.carried))
        default: break
        }
      }
    }
    self.multiplied = multiplied
  }

  package enum Closeness: Sendable {
    /// Anything, so that a forgotten mask shows.
    case free
    /// Weights as small as wide layers want them: free ones make logits of which the loss cuts off the logarithm.
    case tame
    /// Entries as they are now, shuffled and a little larger or smaller; counts and labels as they are. Where a pass
    /// has no value far off: a logarithm of what must stay positive.
    case near
    /// What is 0, 1 or -1, and a distribution, keeps its place: what whoever works with one pass by hand puts in as such; whole
    /// numbers too where they are labels. The rest is free.
    case sameData(labels: Bool)
    /// The same, and the rest so near that no unit is switched on or off.
    case samePass(labels: Bool)

    /// In the order in which they are tried until the pass has a value.
    package static let general: [Closeness] = [.free, .tame, .near]
    package static let ofData: [Closeness] = [.sameData(labels: false), .sameData(labels: true)]
    package static let ofPass: [Closeness] = [.samePass(labels: false), .samePass(labels: true)]
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
    if shape == value.shape {
      switch closeness {
      case .sameData(let labels): return keeping(name, value, isNear: false, labels, &generator)
      case .samePass(let labels): return keeping(name, value, isNear: true, labels, &generator)
      case .free, .tame, .near: break
      }
    }
    let isTarget = roles.targets.contains(name)
    // Where the loss is none that is known, whatever is not trained may be a target.
    let mayBeTarget =
      roles.targets.isEmpty
      ? !roles.parameters.contains(name)
      : isTarget || !roles.parameters.contains(name) && !multiplied.contains(name)
    if mayBeTarget {
      // A number that is 1, or a first state of zeros, is no mask.
      let isBinary =
        entries.allSatisfy { $0 == 0 || $0 == 1 }
        && (isTarget || roles.targets.isEmpty || Set(entries).count == 2)
      if let axis = classAxis(name, value) {
        return isBinary
          ? oneHot(shape, axis, &generator) : generator.distributions(shape: shape, axis: axis)
      }
      if isBinary { return mask(shape, like: value, &generator) }
    }
    switch closeness {
    case .free, .tame, .sameData, .samePass:
      let drawn =
        entries.allSatisfy { $0 > 0 }
        ? generator.uniform(shape: shape, 0.2, 1.7) : generator.normal(shape: shape)
      guard case .tame = closeness, shape.rank > 1, roles.parameters.contains(name) else { return drawn }
      let scale = 1 / Double(shape.dimensions.max() ?? 1).squareRoot()
      return drawn.map { $0 * scale }
    case .near:
      let isCounting = value.isCounting && !roles.parameters.contains(name)
      return Tensor(repeating: 0, shape: shape).map { _ in
        let entry = entries[generator.integer(below: entries.count)]
        return isCounting ? entry : entry * generator.uniform(0.7, 1.3)
      }
    }
  }

  /// Other numbers in the places of those that are no data.
  private func keeping(
    _ name: String, _ value: Tensor, isNear: Bool, _ keepsLabels: Bool, _ generator: inout RandomGenerator
  ) -> Tensor {
    let isTrained = roles.parameters.contains(name)
    if !isTrained, keepsLabels && value.isCounting || classAxis(name, value) != nil { return value }
    let isPositive = value.elements.allSatisfy { $0 > 0 }
    return value.map { entry in
      let moved = entry * (1 + 1e-4 * generator.uniform(-1, 1))
      let other = isPositive ? generator.uniform(0.2, 1.7) : generator.normal()
      let isData = !isTrained && (entry == 0 || abs(entry) == 1)
      return isData ? entry : isNear ? moved : other
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

  /// Zeros and ones. A mask that leaves something in every row, and in every column, does so there as well: a query that may
  /// look at nothing is none.
  private func mask(_ shape: Shape, like value: Tensor, _ generator: inout RandomGenerator) -> Tensor {
    var result = generator.uniform(shape: shape, 0, 1).map { $0 < 0.5 ? 0 : 1 }
    guard value.rank == 2, shape.rank == 2 else { return result }
    for axis in 0..<2 where value.sum(axis: axis).elements.allSatisfy({ $0 > 0 }) {
      let sums = result.sum(axis: axis).elements
      for (line, sum) in sums.enumerated() where sum == 0 {
        let place = generator.integer(below: shape.dimensions[axis])
        let at = axis == 0 ? place * shape.columns + line : line * shape.columns + place
        result.replaceElement(at: at, with: 1)
      }
    }
    return result
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

extension Expression {
  /// The names whose entries a formula hands on as they are.
  fileprivate var carried: [String] {
    switch self {
    case .name(let name): [name]
    case .transpose(let a), .index(let a, _): a.carried
    case .list(let items): items.flatMap(\.carried)
    case .call(let f, let arguments, _) where Operation.carrying.contains { $0 === Operation.of(f) }:
      arguments.flatMap(\.carried)
    case .number, .negative, .binary, .call, .derivative: []
    }
  }
}

extension Operation {
  fileprivate static let carrying = [concat, stack, reshape, flatten, swapaxes]
}
