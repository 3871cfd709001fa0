import Formulas
import LinearAlgebra
import Operations

/// What the leaves of a model are, and where its samples lie. Both follow from the equations.
package struct Roles: Sendable, Equatable {
  /// How a person says that samples lie, where the equations leave it open or are to be read otherwise.
  package enum Samples: String, Sendable, CaseIterable {
    case rows, columns
    /// Everything is one sample: m = 1.
    case none

    var axis: Int? {
      switch self {
      case .rows: 0
      case .columns: 1
      case .none: nil
      }
    }
  }

  /// The loss, if it is a known one.
  package let loss: LossReading?
  /// Leaves that the loss compares predictions with.
  package let targets: [String]
  /// What is trained, in the order of the equations.
  package let parameters: [String]
  /// Leaves that the model is a function of.
  package let inputs: [String]
  /// Other leaves: numbers and matrices that are neither trained nor fed.
  package let constants: [String]
  /// The axis of a leaf or step along which its samples lie; a name without one is not here.
  package let sampleAxes: [String: Int]
  /// The first step that has an entry for every pair of samples, as the scores of attention have: what a sample gets depends
  /// on the others.
  package let pairing: String?
  /// `m`. Nil where only numbers meet and nobody has said how many samples they stand for.
  package var sampleCount: Int?
  /// How many axes every leaf and step has, as far as that is known.
  package let ranks: [String: Int]
  /// How long the axes of every leaf and step are, as far as that is known.
  private let sizes: [String: [Int?]]
  /// What losses that are added to it compare with.
  private let otherTargets: Set<String>
  /// What the loss was read from.
  private let model: Model

  /// - Parameters:
  ///   - shapes: of the leaves that have a value.
  ///   - given: `m` as it was set, for a model whose leaves do not show it.
  ///   - known: roles of the same session before, from which the reading of the loss is taken where it is the same.
  package init(_ model: Model, shapes: [String: Shape], given: Int? = nil, known: Roles? = nil) {
    self.model = model
    let leaves = model.leaves
    parameters = model.parameters
    let trained = Set(model.parameters)
    let free = leaves.filter { !trained.contains($0) }
    let unification = ExtentUnification(model.equations, shapes: shapes, open: Set(free))
    let ranks = unification.extents.mapValues(\.count)
    self.ranks = ranks
    let sizes = unification.extents.mapValues { $0.map { unification.size($0.symbol) } }
    self.sizes = sizes
    let found: LossReading?
    var beside: Set<String> = []
    if let known, known.model == model, known.ranks == ranks, !known.takesClassNumbers || known.sizes == sizes
    {
      (found, beside) = (known.loss, known.otherTargets)
    } else {
      let extents = { (formula: Expression) -> [Int?]? in
        var copy = unification
        return copy.visit(formula)?.map { copy.size($0.symbol) }
      }
      let reader = LossReader(model, extents: extents) { ranks[$0] }
      found = reader.reading
      beside = found.map(reader.targets(beside:)) ?? []
    }
    otherTargets = beside
    // A spread is no loss: what is compared with a function of itself, and of nothing else, is what the model is of.
    let isSpread = trained.isEmpty && free.allSatisfy { found?.target.names.contains($0) == true }
    loss = isSpread ? nil : found
    let read = loss.map { beside.union($0.target.names) } ?? []
    targets = free.filter(read.contains)
    let choice = SampleChoice(unification, parameters: parameters, free: free, targets: targets, loss: loss)
    let symbol: Int? =
      switch model.samples {
      case nil: choice.symbol
      case .some(let samples): choice.symbol(samples)
      }
    var axes: [String: Int] = [:]
    if let symbol {
      for name in leaves + model.equations.map(\.name) {
        axes[name] = unification.extents[name]?.firstIndex {
          !$0.isBroadcast && unification.root($0.symbol) == symbol
        }
      }
    }
    sampleAxes = axes
    pairing = symbol.flatMap { symbol in
      model.equations.first { equation in
        let own = unification.extents[equation.name] ?? []
        return own.count { !$0.isBroadcast && unification.root($0.symbol) == symbol } > 1
      }?.name
    }
    // What only the loss reads weighs what was computed: it is no input of it.
    let computing = Set(model.equations.dropLast().flatMap(\.expression.names))
    let rest = free.filter { !read.contains($0) }
    // Of a circuit of numbers the last equation is a value like the others: f = q * z.
    let isCircuit = trained.isEmpty && loss == nil && rest.allSatisfy { ranks[$0] == 0 }
    let isLoss = model.equations.count > 1 && !isCircuit
    let others = isLoss ? rest.filter(computing.contains) : rest
    let isFed: (String) -> Bool
    if others.contains(where: { axes[$0] != nil }) {
      isFed = { axes[$0] != nil }
    } else {
      // One sample: its inputs are what is longer than a number, or numbers where there is nothing else.
      let isNumber = { (name: String) in ranks[name] == 0 }
      let hasMatrix = others.contains { !isNumber($0) }
      isFed = { !hasMatrix || !isNumber($0) }
    }
    inputs = others.filter(isFed)
    constants = rest.filter { !others.contains($0) || !isFed($0) }
    if let symbol, let size = unification.size(symbol) {
      sampleCount = size
    } else if model.samples == Samples.none {
      sampleCount = 1
    } else {
      // Numbers alone are one sample, unless the equations count samples by a name.
      let isCounting = model.equations.contains { $0.expression.contains(name: .sampleCount) }
      sampleCount = given ?? (isCounting && !leaves.contains { (shapes[$0]?.rank ?? 0) > 0 } ? nil : 1)
    }
  }

  /// Why samples cannot lie as a person says; nil when they can.
  package func objection(to samples: Samples, shapes: [String: Shape]) -> Diagnostic? {
    let free = model.leaves.filter { !parameters.contains($0) }
    let unification = ExtentUnification(model.equations, shapes: shapes, open: Set(free))
    return SampleChoice(unification, parameters: parameters, free: free, targets: targets, loss: loss)
      .objection(samples)
  }

  // MARK: Batches

  /// Leaves of which a batch takes some samples. None where a parameter has a value for every sample, and where samples read
  /// each other: fewer of them are another function.
  package var batched: [String] {
    guard pairing == nil, !parameters.contains(where: { sampleAxes[$0] != nil }) else { return [] }
    return (inputs + targets + constants).filter { sampleAxes[$0] != nil }
  }

  /// The leaves that rows of a data set are put into: an input, and the target. Where the loss is none that is known,
  /// what it alone reads for every sample is taken for the target.
  package var fed: (input: String, target: String)? {
    guard let input = inputs.first(where: { sampleAxes[$0] != nil }) ?? inputs.first else { return nil }
    let others = (constants + inputs.reversed()).filter { $0 != input }
    guard let target = targets.first ?? others.first(where: { sampleAxes[$0] != nil }) else { return nil }
    return (input, target)
  }

  /// The same, as `net` calls them where the model has none.
  package var feeding: (input: String, target: String) {
    fed ?? (.input, .target)
  }

  /// The same leaves in a batch of another size.
  package func sized(_ samples: Int) -> Roles {
    var result = self
    if !batched.isEmpty { result.sampleCount = samples }
    return result
  }

  /// The shape of a leaf that holds so many samples.
  package func shape(_ shape: Shape, of name: String, samples m: Int) -> Shape {
    guard let axis = sampleAxes[name], shape.dimensions.indices.contains(axis) else { return shape }
    var dimensions = shape.dimensions
    dimensions[axis] = m
    return Shape(dimensions)
  }

  // MARK: Classes

  /// A target holds the number of a class for every sample, not an entry for every class.
  package var takesClassNumbers: Bool {
    loss?.target.contains {
      if case .call(let f, _, _) = $0 { Operation.of(f) === Operation.onehot } else { false }
    } ?? false
  }

  /// The axis of the classes in the predictions, counted from the front: the one that no samples lie along, or where
  /// nothing shows samples the one that the loss takes for classes. Nil where every entry is yes or no.
  package var classAxis: Int? {
    guard loss != nil else { return nil }
    guard let samples = comparedSamples else {
      return lossAxis ?? (comparedRank == 0 ? nil : comparedRank - 1)
    }
    return comparedRank == 2 ? 1 - samples : comparedRank < 2 ? nil : lossAxis ?? 1
  }

  /// The axis along which the loss, and the activation before it, takes classes.
  package var lossAxis: Int? {
    loss?.classAxis.map { $0 < 0 ? $0 + comparedRank : $0 }
  }

  /// The loss takes for classes of a sample what are samples of a class: `softmax(W @ X)`, its axis forgotten.
  package var takesSamplesForClasses: Bool { lossAxis != nil && lossAxis == comparedSamples }

  /// A name that stands for what the loss compares.
  private var compared: String? {
    for case .name(let name)? in [loss?.predictions, loss?.logits, loss?.target] { return name }
    return nil
  }

  /// How many entries the loss compares, as factors: the samples, and a number for every other axis. Nil where one is not
  /// known.
  func comparedCounts(along axis: Int? = nil) -> (hasSamples: Bool, others: Int)? {
    guard let sizes = compared.flatMap({ sizes[$0] }) else { return nil }
    var result = (hasSamples: false, others: 1)
    for (position, size) in sizes.enumerated() where axis == nil || axis == position {
      if position == comparedSamples {
        result.hasSamples = true
      } else {
        guard let size else { return nil }
        result.others *= size
      }
    }
    return result
  }

  private var comparedRank: Int { compared.flatMap { ranks[$0] } ?? 2 }
  private var comparedSamples: Int? { compared.flatMap { sampleAxes[$0] } }
}
