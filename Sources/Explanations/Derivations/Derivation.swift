import Differentiation
import Formulas
import LinearAlgebra
import Operations

/// A derivation as data: what is differentiated, and lines of which each equals the one above it. Every line can be
/// evaluated, and is before it is printed.
package struct Derivation: Sendable {
  package struct Line: Sendable {
    package var formula: IndexFormula
    /// Why it equals the line above.
    package var reason: Prose

    package init(_ formula: IndexFormula, _ reason: Prose) {
      self.formula = formula
      self.reason = reason
    }
  }

  /// One run of equal lines, for every choice of its free indices for which the conditions hold.
  package struct Chain: Sendable {
    package var free: [IndexFormula.Variable] = []
    package var conditions: [IndexFormula] = []
    package var left: IndexFormula
    package var lines: [Line] = []
    /// An independent value of the same thing: an entry of a Jacobian from forward mode.
    package var reference: IndexFormula?

    package init(_ left: IndexFormula, _ lines: [Line] = []) {
      self.left = left
      self.lines = lines
    }
  }

  package var title: Prose
  package var source: String?
  package var definitions: [IndexDefinition] = []
  package var chains: [Chain] = []
  package var tensors: [String: Tensor] = [:]
  /// Indices that are the same everywhere and not printed.
  package var hidden: Set<String> = []
  /// Said before the lines: what the letters mean.
  package var remarks: [Prose] = []
  /// Said behind the lines.
  package var conclusion: [Prose] = []
  /// Gradients that are products of matrices, whose order and transposes are to be explained.
  package var products: [(name: String, product: Expression)] = []

  package init(_ title: Prose, source: String? = nil) {
    self.title = title
    self.source = source
  }

  package func text(_ formula: IndexFormula) -> Prose { "\(formula, hiding: hidden)" }

  /// `Y[c] = 1 and k ≠ c`
  package func condition(_ chain: Chain) -> Prose? {
    let texts = chain.conditions.map { condition -> Prose in
      if case .binary(.equal, let a, let b) = condition { "\(text(a)) = \(text(b))" } else { text(condition) }
    }
    return texts.isEmpty ? nil : texts.joined(separator: " and ")
  }
}

/// A derivation with the numbers of every line.
package struct CheckedDerivation: Sendable {
  package struct Chain: Sendable {
    /// The left side and each line, at every choice of indices that was evaluated.
    package var values: [[Double]]
    /// Largest difference of each line to the one above it.
    package var differences: [Double]
    /// Largest difference of the last line to forward mode.
    package var referenceDifference: Double?
    /// Choices of indices that were evaluated, and how many there are.
    package var evaluated: Int
    package var total: Int
    package var isRight: Bool
  }

  package let derivation: Derivation
  package let chains: [Chain]
  /// Largest difference between a definition and the value of that name.
  package let definitionDifference: Double

  /// Sums of more terms than this are evaluated at fewer entries.
  static let termBudget = 6_000

  package var largestDifference: Double {
    chains.flatMap(\.differences).reduce(definitionDifference, Self.larger)
  }

  package var referenceDifference: Double? {
    let all = chains.compactMap(\.referenceDifference)
    return all.isEmpty ? nil : all.reduce(0, Self.larger)
  }

  package var isRight: Bool { definitionDifference < 1e-9 && chains.allSatisfy(\.isRight) }

  package init(_ derivation: Derivation, budget: Int = CheckedDerivation.termBudget) throws(Diagnostic) {
    self.derivation = derivation
    let evaluator = DerivationEvaluator(derivation)
    var chains: [Chain] = []
    for chain in derivation.chains { chains.append(try Self.check(chain, derivation, evaluator, budget)) }
    self.chains = chains
    var worst = 0.0
    for definition in derivation.definitions {
      guard let stored = derivation.tensors[definition.name] else { continue }
      let variables = zip(definition.index, stored.shape.dimensions).compactMap { index, extent in
        index.onlyVariable.map { IndexFormula.Variable(name: $0, extent: extent) }
      }
      for indices in try Self.choices(variables, limit: 64, where: { _ in true }).kept {
        let value = try evaluator.value(definition.left, indices)
        let other = try evaluator.value(definition.body, indices)
        worst = Self.larger(worst, abs(value - other) / max(1, abs(value)))
      }
    }
    definitionDifference = worst
  }

  /// The larger of two; nan stays nan.
  package static func larger(_ a: Double, _ b: Double) -> Double { a.isNaN || b.isNaN ? .nan : max(a, b) }

  private static func check(
    _ chain: Derivation.Chain, _ derivation: Derivation, _ evaluator: DerivationEvaluator, _ budget: Int
  ) throws(Diagnostic) -> Chain {
    let formulas = [chain.left] + chain.lines.map(\.formula)
    let terms = formulas.map { $0.termCount(derivation.definitions) }.max() ?? 1
    let (kept, total) = try choices(
      chain.free, limit: max(terms > 10_000 ? 1 : 3, budget / max(1, terms))
    ) { (indices) throws(Diagnostic) in
      for condition in chain.conditions where try evaluator.value(condition, indices) == 0 { return false }
      return true
    }
    var values: [[Double]] = []
    for formula in formulas {
      var own: [Double] = []
      for indices in kept { own.append(try evaluator.value(formula, indices)) }
      values.append(own)
    }
    var isRight = true
    func compare(_ a: [Double], _ b: [Double]) -> Double {
      var worst = 0.0
      for (x, y) in zip(a, b) {
        let difference = abs(x - y)
        worst = larger(worst, difference)
        // Written so that nan is not agreement.
        if !(difference <= 1e-9 * max(1, abs(x), abs(y))) { isRight = false }
      }
      return worst
    }
    let differences = values.indices.dropFirst().map { compare(values[$0 - 1], values[$0]) }
    var against: Double?
    if let reference = chain.reference, let last = values.last {
      var own: [Double] = []
      for indices in kept { own.append(try evaluator.value(reference, indices)) }
      against = compare(last, own)
    }
    return Chain(
      values: values, differences: differences, referenceDifference: against, evaluated: kept.count,
      total: total, isRight: isRight)
  }

  /// All choices of the free indices that pass, or an even selection of them.
  private static func choices(
    _ free: [IndexFormula.Variable], limit: Int, where isKept: (IndexNumbers) throws(Diagnostic) -> Bool
  ) throws(Diagnostic) -> (kept: [IndexNumbers], total: Int) {
    let shape = Shape(free.map { max(0, $0.extent) })
    guard let count = shape.checkedCount, count > 0 else { return ([], 0) }
    // Enough to find those that pass without walking through millions.
    var passing: [IndexNumbers] = []
    for position in stride(from: 0, to: count, by: max(1, count / 50_000)) {
      let choice = IndexNumbers(free.map(\.name), shape.index(at: position))
      if try isKept(choice) { passing.append(choice) }
    }
    guard passing.count > limit else { return (passing, passing.count) }
    return ((0..<limit).map { passing[$0 * passing.count / limit] }, passing.count)
  }
}

/// Index formula → number, derivatives that are still to be worked out in dual numbers through the definitions, which no
/// line of a derivation does by itself.
struct DerivationEvaluator {
  private let tensors: [String: Tensor]
  private let definitions: [String: IndexDefinition]
  /// What each definition reads, through the others.
  private let read: [String: Set<String>]
  private let values: IndexValues

  init(_ derivation: Derivation) {
    tensors = derivation.tensors
    let definitions = Dictionary(
      derivation.definitions.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    self.definitions = definitions
    var read: [String: Set<String>] = [:]
    func visit(_ name: String) -> Set<String> {
      if let known = read[name] { return known }
      guard let own = definitions[name]?.body.valueNames else { return [] }
      read[name] = own
      let all = own.reduce(into: own) { $0.formUnion(visit($1)) }
      read[name] = all
      return all
    }
    definitions.keys.forEach { _ = visit($0) }
    self.read = read
    values = IndexValues(Bindings(derivation.tensors))
  }

  func value(_ formula: IndexFormula, _ indices: IndexNumbers) throws(Diagnostic) -> Double {
    let evaluator = IndexEvaluator<Double>(
      entry: { (expression, index) throws(Diagnostic) in
        if case .name(let name) = expression, tensors[name] == nil,
          let definition = definitions[name]
        {
          return try value(definition.body, definition.indices(index))
        }
        let tensor = try values.tensor(expression)
        return tensor.position(of: index).map { tensor.elements[$0] }
      },
      derivative: { (formula, indices) throws(Diagnostic) in try derivative(formula, indices) })
    return try evaluator.value(formula, indices)
  }

  /// All entries of a definition.
  func tensor(_ definition: IndexDefinition, _ extents: [Int]) throws(Diagnostic) -> Tensor {
    let shape = Shape(extents)
    var elements: [Double] = []
    for position in 0..<shape.count {
      elements.append(try value(definition.body, definition.indices(shape.index(at: position))))
    }
    return Tensor(unchecked: shape, elements)
  }

  private func derivative(_ formula: IndexFormula, _ indices: IndexNumbers) throws(Diagnostic) -> Double {
    func position(_ index: [Index]) -> [Int] { index.map { $0.value(indices) ?? -1 } }
    switch formula {
    case .partial(let a, let name, let index):
      return try dual(a, indices, name, position(index), step: 0).tangent
    case .difference(let a, let name, let index, let h):
      let above = try dual(a, indices, name, position(index), step: h).value
      return (above - (try dual(a, indices, name, position(index), step: -h).value)) / (2 * h)
    default: return .nan
    }
  }

  /// With one entry varied: by a unit of dual numbers, or by a step.
  private func dual(
    _ formula: IndexFormula, _ indices: IndexNumbers, _ seed: String, _ place: [Int], step: Double
  ) throws(Diagnostic) -> Dual {
    let evaluator = IndexEvaluator<Dual>(entry: { (expression, index) throws(Diagnostic) in
      guard case .name(let name) = expression else {
        throw Diagnostic("\(expression) has no formula for an entry")
      }
      let tensor = tensors[name]
      if let tensor, tensor.position(of: index) == nil { return nil }
      if name != seed, let definition = definitions[name],
        tensor == nil || read[name]?.contains(seed) == true
      {
        return try dual(definition.body, definition.indices(index), seed, place, step: step)
      }
      guard let tensor, let at = tensor.position(of: index) else { return Dual(.nan) }
      let value = tensor.elements[at]
      return name == seed && index == place ? Dual(value + step, 1) : Dual(value)
    })
    return try evaluator.value(formula, indices)
  }
}

extension IndexDefinition {
  fileprivate func indices(_ values: [Int]) -> IndexNumbers {
    var result: IndexNumbers = [:]
    for (letter, value) in zip(index, values) { if let name = letter.onlyVariable { result[name] = value } }
    return result
  }
}

extension IndexFormula {
  /// How many terms are added up for one choice of the free indices, definitions under a derivative included.
  fileprivate func termCount(_ definitions: [IndexDefinition], depth: Int = 0) -> Int {
    var result = children.map { $0.termCount(definitions, depth: depth) }.max() ?? 1
    if case .fold(_, let variables, _) = self {
      for variable in variables {
        let (product, overflow) = result.multipliedReportingOverflow(by: max(1, variable.extent))
        result = overflow ? Int.max : product
      }
    }
    if case .entry(.name(let name), _) = self, depth < 4,
      let own = definitions.first(where: { $0.name == name })
    {
      result = own.body.termCount(definitions, depth: depth + 1)
    }
    return result
  }
}
