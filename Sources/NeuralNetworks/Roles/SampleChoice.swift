import Formulas
import LinearAlgebra
import Operations

/// The extent that counts samples.
struct SampleChoice {
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

  /// The extent along the axis that a person says, of the first input or target that has it.
  func symbol(_ samples: Roles.Samples) -> Int? {
    leaf(samples).flatMap { unification.symbols($0.name)?[$0.axis] }
  }

  private func leaf(_ samples: Roles.Samples) -> (name: String, axis: Int)? {
    guard let axis = samples.axis else { return nil }
    func first(_ ranks: ClosedRange<Int>) -> String? {
      free.first { unification.symbols($0).map { ranks.contains($0.count) } == true }
    }
    return (first(2...Int.max) ?? (axis == 0 ? first(1...1) : nil)).map { ($0, axis) }
  }

  /// Why samples cannot lie as a person says: the equations make something else of that extent. Nil where they can.
  func objection(_ samples: Roles.Samples) -> Diagnostic? {
    let inferred = symbol
    guard let leaf = leaf(samples), let symbol = symbol(samples) else {
      guard samples == .none else { return Diagnostic("no input or target has \(samples.rawValue)") }
      guard let loss, loss.divisor == .samples, case .call(let f, let operands, var options) = loss.term,
        Operation.loss(f) != nil, let inferred, let count = unification.size(inferred), count != 1
      else { return nil }
      options.reduction = .sum
      return Diagnostic(
        "\(loss.term) is a mean over samples, and there are \(count) of them",
        hint: "as one sample it would be \(Expression.call(f, operands, options))")
    }
    guard symbol != inferred else { return nil }
    let place: Prose = "the \(samples.rawValue) of \(name: leaf.name)"
    if !comparesParameter, let met = axis(of: symbol, in: parameters) {
      return Diagnostic(
        "\(place) are no samples: the equations make them as many as the \(met.axis == 0 ? "rows" : "columns") of \(name: met.name), which is trained",
        hint: "'samples' alone says where samples lie")
    }
    guard classes.contains(symbol) else { return nil }
    return Diagnostic(
      "\(place) are no samples: along them lie the classes of one",
      hint: "'samples' alone says where samples lie")
  }

  private func axis(of symbol: Int, in names: [String]) -> (name: String, axis: Int)? {
    for name in names {
      if let axis = unification.symbols(name)?.firstIndex(of: symbol) { return (name, axis) }
    }
    return nil
  }

  /// What inputs and targets share and no parameter has; where the equations leave several, the axis that a loss or
  /// a softmax does not take for classes, and the longer one, since a layer of one unit is more usual than a batch of one.
  var symbol: Int? {
    if let counted = unification.countedSymbol, shared.contains(counted) { return counted }
    let trained = unification.withParts(of: Set(parameters.flatMap { unification.symbols($0) ?? [] }))
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
    // What has no value yet, and axes by an operation alone, tells only where nothing else does.
    let known = free.filter { !unification.guessed.contains($0) }
    let free = known.isEmpty ? free : known
    let inputs = free.filter { !targets.contains($0) }
    let all = symbols(free)
    let (a, b) = (Set(symbols(inputs)), Set(symbols(targets)))
    return a.isEmpty || b.isEmpty ? all : all.filter { a.contains($0) && b.contains($0) }
  }

  /// Extents along which a loss or a softmax runs.
  private var classes: Set<Int> { unification.classSymbols.union(readClasses) }

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
