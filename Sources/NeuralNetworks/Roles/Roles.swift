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
  /// `m`. Nil where only numbers meet and nobody has said how many samples they stand for.
  package var sampleCount: Int?
  /// How many axes every leaf and step has, as far as that is known.
  package let ranks: [String: Int]
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
    if let known, known.model == model, known.ranks == ranks {
      loss = known.loss
    } else {
      loss = LossReader(model) { ranks[$0] }.reading
    }
    let read = loss?.target.names ?? []
    targets = free.filter(read.contains)
    let choice = SampleChoice(unification, parameters: parameters, free: free, targets: targets, loss: loss)
    let symbol: Int? =
      switch model.samples {
      case nil: choice.symbol
      case .rows: choice.symbol(axis: 0)
      case .columns: choice.symbol(axis: 1)
      case .some(.none): nil
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
    // What only the loss reads weighs what was computed: it is no input of it.
    let computing = Set(model.equations.dropLast().flatMap(\.expression.names))
    let rest = free.filter { !read.contains($0) }
    let others = model.equations.count > 1 ? rest.filter(computing.contains) : rest
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
      sampleCount = given ?? (leaves.contains { (shapes[$0]?.rank ?? 0) > 0 } ? 1 : nil)
    }
  }

  // MARK: Batches

  /// Leaves of which a batch takes some samples. None where a parameter has a value for every sample.
  package var batched: [String] {
    guard !parameters.contains(where: { sampleAxes[$0] != nil }) else { return [] }
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

  /// The axis of the classes in the predictions, counted from the front: the loss's, or the one that no samples lie along.
  package var classAxis: Int? {
    guard let loss else { return nil }
    let rank = (loss.output ?? targets.first).flatMap { ranks[$0] } ?? 2
    if let axis = loss.classAxis { return axis < 0 ? axis + rank : axis }
    guard let target = targets.first, let samples = sampleAxes[loss.output ?? target] else {
      return rank == 0 ? nil : rank - 1
    }
    return rank == 2 ? 1 - samples : rank < 2 ? nil : 1
  }
}

/// The extent that counts samples.
private struct SampleChoice {
  private let unification: ExtentUnification
  private let parameters: [String]
  private let free: [String]
  private let targets: [String]
  private let loss: LossReading?

  init(
    _ unification: ExtentUnification, parameters: [String], free: [String], targets: [String],
    loss: LossReading?
  ) {
    self.unification = unification
    self.parameters = parameters
    self.free = free
    self.targets = targets
    self.loss = loss
  }

  /// The extent along an axis of the first input or target that has it.
  func symbol(axis: Int) -> Int? {
    free.lazy.compactMap { unification.symbols($0) }.first { $0.indices.contains(axis) && $0.count > 1 }?[
      axis]
      ?? (axis == 0 ? free.lazy.compactMap { unification.symbols($0)?.first }.first : nil)
  }

  /// What inputs and targets share and no parameter has; where the equations leave several, the axis that a loss or
  /// a softmax does not take for classes, and the longer one, since a layer of one unit is more usual than a batch of one.
  var symbol: Int? {
    if let counted = unification.countedSymbol, shared.contains(counted) { return counted }
    let trained = Set(parameters.flatMap { unification.symbols($0) ?? [] })
    let classes = unification.classSymbols.union(readClasses)
    let candidates = shared.filter { !trained.contains($0) }
    // Of a matrix alone: a vector whose entries are classes, or weights, is one sample.
    let ofMatrices = Set(free.compactMap { unification.symbols($0) }.filter { $0.count > 1 }.flatMap { $0 })
    let ofTargets =
      targets.isEmpty ? nil : longest(shared.filter { ofMatrices.contains($0) && !classes.contains($0) })
    if comparesParameter { return ofTargets }
    return longest(candidates.filter { !classes.contains($0) })
      ?? longest(candidates.filter(ofMatrices.contains)) ?? ofTargets
  }

  /// The predictions, or their logits, are trained themselves.
  private var comparesParameter: Bool {
    let compared = [loss?.predictions, loss?.logits].compactMap { $0 }
    return compared.contains { if case .name(let name) = $0 { parameters.contains(name) } else { false } }
  }

  /// Extents of inputs and targets, in the order of the leaves and their axes: those that both have, where there are both.
  private var shared: [Int] {
    // Beyond matrices samples lie along the first axis: images, sequences.
    func symbols(_ names: [String]) -> [Int] {
      names.compactMap { unification.symbols($0) }.flatMap { $0.count > 2 ? Array($0.prefix(1)) : $0 }
    }
    let inputs = free.filter { !targets.contains($0) }
    let all = symbols(free)
    let (a, b) = (Set(symbols(inputs)), Set(symbols(targets)))
    return a.isEmpty || b.isEmpty ? all : all.filter { a.contains($0) && b.contains($0) }
  }

  private var readClasses: Set<Int> {
    guard let loss, let axis = loss.classAxis, case .name(let target) = loss.target,
      let symbols = unification.symbols(target),
      symbols.indices.contains(axis < 0 ? symbols.count + axis : axis)
    else { return [] }
    return [symbols[axis < 0 ? symbols.count + axis : axis]]
  }

  private func longest(_ symbols: [Int]) -> Int? {
    symbols.first { unification.size($0) != 1 } ?? symbols.first
  }
}
