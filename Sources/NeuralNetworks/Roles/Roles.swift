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
  package let sampleCount: Int?

  /// Leaves of which a batch takes some samples. None where a parameter has a value for every sample.
  package var batched: [String] {
    guard !parameters.contains(where: { sampleAxes[$0] != nil }) else { return [] }
    return (inputs + targets + constants).filter { sampleAxes[$0] != nil }
  }

  /// - Parameters:
  ///   - shapes: of the leaves that have a value.
  ///   - reading: the loss, if it is a known one.
  ///   - given: `m` as it was set, for a model whose leaves do not show it.
  package init(
    _ model: Model, shapes: [String: Shape], reading: LossReading?, samples: Samples? = nil, given: Int? = nil
  ) {
    let leaves = model.leaves
    parameters = model.parameters
    let free = leaves.filter { !model.parameters.contains($0) }
    let read = reading?.target.names ?? []
    targets = free.filter(read.contains)
    let unification = ExtentUnification(model.equations, shapes: shapes, open: Set(free))
    let choice = SampleChoice(
      unification, parameters: parameters, free: free, targets: targets, reading: reading)
    let symbol: Int? =
      switch samples {
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
    let others = free.filter { !read.contains($0) }
    let isFed: (String) -> Bool
    if others.contains(where: { axes[$0] != nil }) {
      isFed = { axes[$0] != nil }
    } else {
      // One sample: its inputs are what is longer than a number, or numbers where there is nothing else.
      let isScalar = { (name: String) in shapes[name]?.isScalar ?? false }
      let hasMatrix = others.contains { !isScalar($0) }
      isFed = { !hasMatrix || !isScalar($0) }
    }
    inputs = others.filter(isFed)
    constants = others.filter { !isFed($0) }
    if let symbol, let size = unification.size(symbol) {
      sampleCount = size
    } else if samples == Samples.none {
      sampleCount = 1
    } else {
      sampleCount = given ?? (leaves.contains { (shapes[$0]?.rank ?? 0) > 0 } ? 1 : nil)
    }
  }
}

/// The extent that counts samples.
private struct SampleChoice {
  private let unification: ExtentUnification
  private let parameters: [String]
  private let free: [String]
  private let targets: [String]
  private let reading: LossReading?

  init(
    _ unification: ExtentUnification, parameters: [String], free: [String], targets: [String],
    reading: LossReading?
  ) {
    self.unification = unification
    self.parameters = parameters
    self.free = free
    self.targets = targets
    self.reading = reading
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
    if let found = longest(candidates.filter { !classes.contains($0) }) { return found }
    // Of a matrix alone: a vector whose entries are classes, or weights, is one sample.
    let ofMatrices = Set(free.compactMap { unification.symbols($0) }.filter { $0.count > 1 }.flatMap { $0 })
    return longest(candidates.filter(ofMatrices.contains))
      ?? longest(shared.filter { ofMatrices.contains($0) && !classes.contains($0) })
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
    guard let reading, let axis = reading.classAxis, case .name(let target) = reading.target,
      let symbols = unification.symbols(target),
      symbols.indices.contains(axis < 0 ? symbols.count + axis : axis)
    else { return [] }
    return [symbols[axis < 0 ? symbols.count + axis : axis]]
  }

  private func longest(_ symbols: [Int]) -> Int? {
    symbols.first { unification.size($0) != 1 } ?? symbols.first
  }
}
