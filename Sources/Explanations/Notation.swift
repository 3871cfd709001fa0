import Formulas
import LinearAlgebra
import NeuralNetworks
import Operations

/// The same values in the symbols of another text, for printing and for reading. JSON and saved sessions keep the names
/// of the session.
package enum Notation: String, Sendable, CaseIterable {
  /// Z1, A1, S (Datta).
  case `default`
  /// net_1, out_1, delta_1 (*On a simple matrix based neural network model*).
  case netout
  /// x1 … x5 between the layers, weights counted from 0, loss e (Taura).
  case column
  /// Every formula entry by entry, with its sums written out (*Cross entropy, softmax …*, handwritten).
  case index

  package var summary: String {
    switch self {
    case .default: "Z1, A1, S, dZ1"
    case .netout: "net_1, out_1, delta_1, ∂L/∂w_1"
    case .column: "x, W0, x1 … y, t, e: every value between two functions is an x"
    case .index: "Z1[i,j] = Σ_k X[i,k]·W1[k,j] + b1[0,j]: every formula entry by entry"
    }
  }

  /// What the names of a model are called.
  /// - Parameter others: further names in use, which stay as they are.
  package func naming(of model: Model, roles: Roles, others: Set<String> = []) -> Naming {
    let values = model.leaves + model.equations.map(\.name)
    let names = others.union(values).union([.sampleCount, .learningRate])
    let losses: Set<String> = names.contains(.loss) ? [model.lossName] : [model.lossName, .loss]
    let layers = ModelLayers(model, roles)
    let target = roles.targets.count == 1 ? roles.targets.first : nil
    var symbols: [String: String] = [:]
    switch self {
    case .default, .index: return Naming(losses: losses, names: names)
    case .netout:
      for (i, layer) in layers.layers.enumerated() {
        symbols[layer.sum] = "net_\(i + 1)"
        layer.output.map { symbols[$0] = "out_\(i + 1)" }
        layer.weight.map { symbols[$0] = "w_\(i + 1)" }
        layer.bias.map { symbols[$0] = "b_\(i + 1)" }
      }
      layers.input.map { symbols[$0] = "x" }
      target.map { symbols[$0] = "y" }
    case .column:
      for (i, equation) in model.equations.dropLast().enumerated() { symbols[equation.name] = "x\(i + 1)" }
      for (i, layer) in layers.layers.enumerated() {
        layer.weight.map { symbols[$0] = "W\(i)" }
        layer.bias.map { symbols[$0] = "b\(i)" }
      }
      layers.input.map { symbols[$0] = "x" }
      target.map { symbols[$0] = "t" }
      roles.loss?.output.map { symbols[$0] = "y" }
      symbols[model.lossName] = "e"
    }
    // A gradient is called after its value; the sums' have a letter of their own in net/out.
    let plain = Naming(symbols: symbols, names: names)
    for name in values where symbols[name.gradientName] == nil {
      symbols[name.gradientName] = "∂\(plain.symbol(model.lossName))/∂\(plain.symbol(name))"
    }
    if self == .netout {
      for (i, layer) in layers.layers.enumerated() where plain.symbol(layer.sum) != layer.sum {
        symbols[layer.sum.gradientName] = "delta_\(i + 1)"
      }
    }
    // So is what an optimiser remembers.
    for name in model.parameters {
      guard let symbol = symbols[name] else { continue }
      for letter in Set(Optimizer.all.flatMap(\.memory)) {
        symbols[ChosenOptimizer.valueName(letter, of: name)] = ChosenOptimizer.valueName(letter, of: symbol)
      }
    }
    return Naming(symbols: symbols, losses: losses, names: names)
  }

  /// `Z1[i,j] = Σ_k …` for one equation, and the values that it reads outside of their extents, where they count as 0;
  /// nil where an entry has no formula of its own.
  /// - Parameter reserved: names that no index may have.
  package static func entry(
    of equation: Equation, shape: Shape, environment: any Environment, counting: SampleCounting?,
    named: [Expression: String], reserved: Set<String>
  ) -> (left: IndexFormula, right: IndexFormula, padded: [Expression])? {
    let letters = IndexExpansion.letters(["i", "j", "k", "l"], avoiding: reserved)
    guard shape.rank <= letters.count else { return nil }
    let index = zip(shape.dimensions, letters).map { extent, letter in
      extent == 1 ? Index(0) : Index.variable(letter)
    }
    var expander = IndexExpansion(
      environment, counting: counting, named: named,
      reserved: reserved.union(index.compactMap(\.onlyVariable)))
    guard let formula = try? expander.expand(equation.expression, index) else { return nil }
    let extents = zip(index, shape.dimensions).compactMap { index, extent in
      index.onlyVariable.map { ($0, extent) }
    }
    let shapes = ShapeInference(environment)
    var padded: [Expression] = []
    func visit(_ formula: IndexFormula, _ extents: [String: Int]) {
      var extents = extents
      if case .fold(_, let variables, _) = formula {
        for variable in variables { extents[variable.name] = variable.extent }
      }
      if case .entry(let value, let index) = formula, !padded.contains(value),
        let dimensions = try? shapes.shape(of: value).dimensions,
        zip(index, dimensions).contains(where: { !(0..<$1).contains($0.range(extents)) })
      {
        padded.append(value)
      }
      for child in formula.children { visit(child, extents) }
    }
    visit(formula, Dictionary(extents, uniquingKeysWith: { first, _ in first }))
    return (.entry(.name(equation.name), index), formula, padded)
  }
}

extension Index {
  /// From its smallest value to its largest, where its variables run below these extents.
  fileprivate func range(_ extents: [String: Int]) -> ClosedRange<Int> {
    factors.reduce(constant...constant) { range, factor in
      let reach = factor.number &* ((extents[factor.letter] ?? 1) - 1)
      return range.lowerBound &+ min(0, reach)...range.upperBound &+ max(0, reach)
    }
  }
}

extension Range<Int> {
  fileprivate func contains(_ other: ClosedRange<Int>) -> Bool {
    contains(other.lowerBound) && contains(other.upperBound)
  }
}
