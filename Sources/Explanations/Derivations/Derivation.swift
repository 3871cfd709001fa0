import Formulas
import LinearAlgebra
import Operations

/// A derivation as data: what is differentiated, and lines of which each equals the one above it. Every line can be
/// evaluated, and is before it is printed.
package struct Derivation: Sendable {
  package enum Formula: Sendable, Hashable {
    case index(IndexExpression)
    case matrix(Expression)
    /// f′ at every entry of a value by forward mode: the left side of an elementwise derivation.
    case slope(Function, Expression)
  }

  package struct Line: Sendable {
    package var formula: Formula
    /// Why it equals the line above.
    package var reason: String

    package init(_ formula: IndexExpression, _ reason: String) {
      self.formula = .index(formula)
      self.reason = reason
    }

    package init(_ formula: Expression, _ reason: String) {
      self.formula = .matrix(formula)
      self.reason = reason
    }
  }

  /// One run of equal lines, for every choice of its free indices for which the condition holds.
  package struct Chain: Sendable {
    package var free: [String]
    package var condition: IndexCondition?
    package var left: Formula
    package var lines: [Line]
    /// An independent value of the same thing: an entry of a Jacobian from forward mode.
    package var reference: IndexExpression?

    package init(
      _ free: [String], if condition: IndexCondition? = nil, _ left: Formula, _ lines: [Line],
      reference: IndexExpression? = nil
    ) {
      self.free = free
      self.condition = condition
      self.left = left
      self.lines = lines
      self.reference = reference
    }
  }

  package var title: String
  package var source: String?
  package var definitions: [DerivationDefinition] = []
  package var chains: [Chain] = []
  package var tensors: [String: Tensor] = [:]
  package var extents: [String: Int] = [:]
  /// Indices that are the same everywhere and not printed.
  package var hidden: Set<String> = []
  /// Said before the lines: what the letters mean.
  package var remarks: [String] = []
  /// Said behind the lines.
  package var conclusion: [String] = []

  package init(_ title: String, source: String? = nil) {
    self.title = title
    self.source = source
  }

  package var printer: IndexPrinter { IndexPrinter(hiding: hidden) }

  package func text(_ formula: Formula) -> String {
    switch formula {
    case .index(let expression): printer.text(expression)
    case .matrix(let expression): expression.description
    case .slope(let f, let u): "\(f.name)'(\(u))"
    }
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
  /// Largest difference between a definition and the session's own value of that name.
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
    let evaluator = DerivationEvaluator(
      tensors: derivation.tensors, definitions: derivation.definitions, extents: derivation.extents)
    var chains: [Chain] = []
    for chain in derivation.chains {
      chains.append(try Self.check(chain, derivation, evaluator, budget))
    }
    self.chains = chains
    var worst = 0.0
    for definition in derivation.definitions where derivation.tensors[definition.name] != nil {
      let choices = Self.choices(definition.indices, derivation.extents, limit: 64) { _ in true }
      for bindings in choices.kept {
        let stored = evaluator.value(definition.left, bindings)
        let scale = max(1, abs(stored))
        worst = Self.larger(worst, abs(stored - evaluator.value(definition.body, bindings)) / scale)
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
    var values: [[Double]] = []
    var reference: [Double]?
    var (evaluated, total) = (0, 0)
    if case .index = chain.left {
      let definitions = Dictionary(
        derivation.definitions.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
      let terms =
        formulas.map { formula in
          guard case .index(let expression) = formula else { return 1 }
          return expression.terms(derivation.extents, definitions)
        }.max() ?? 1
      let (kept, all) = choices(
        chain.free, derivation.extents, limit: max(terms > 10_000 ? 1 : 3, budget / max(1, terms))
      ) {
        bindings in
        chain.condition.map { evaluator.isTrue($0, bindings) } ?? true
      }
      (evaluated, total) = (kept.count, all)
      for formula in formulas {
        guard case .index(let expression) = formula else { continue }
        values.append(kept.map { evaluator.value(expression, $0) })
      }
      reference = chain.reference.map { entry in kept.map { evaluator.value(entry, $0) } }
    } else {
      let environment = Bindings(derivation.tensors)
      for formula in formulas {
        let value: Tensor
        switch formula {
        case .index: continue
        case .matrix(let expression): value = try Evaluator(environment).value(of: expression)
        case .slope(let f, let u):
          let slope = Operation.of(f)?.scalarFunction?.derivative
          value = try Evaluator(environment).value(of: u).map { slope?($0) ?? .nan }
        }
        values.append(value.elements)
      }
      let count = values.map(\.count).max() ?? 0
      values = values.map { $0.count == 1 ? Array(repeating: $0[0], count: count) : $0 }
      (evaluated, total) = (count, count)
      reference = values.first
    }
    var differences: [Double] = []
    var isRight = values.allSatisfy { $0.count == evaluated }
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
    for i in values.indices.dropFirst() { differences.append(compare(values[i - 1], values[i])) }
    let against = reference.flatMap { reference in values.last.map { compare($0, reference) } }
    return Chain(
      values: values, differences: differences, referenceDifference: against, evaluated: evaluated,
      total: total, isRight: isRight)
  }

  /// All choices of the free indices that pass, or an even selection of them.
  private static func choices(
    _ free: [String], _ extents: [String: Int], limit: Int, _ isKept: (DerivationEvaluator.Bindings) -> Bool
  ) -> (kept: [DerivationEvaluator.Bindings], total: Int) {
    let sizes = free.map { max(0, extents[$0] ?? 0) }
    guard let count = Shape(sizes).checkedCount, count > 0 else { return ([], 0) }
    func bindings(_ position: Int) -> DerivationEvaluator.Bindings {
      var rest = position
      var result: DerivationEvaluator.Bindings = []
      for (name, size) in zip(free, sizes).reversed() {
        result.append((name, rest % size))
        rest /= size
      }
      return result.reversed()
    }
    // Enough to find those that pass without walking through millions.
    let stride = max(1, count / 50_000)
    var passing: [DerivationEvaluator.Bindings] = []
    for position in Swift.stride(from: 0, to: count, by: stride) {
      let choice = bindings(position)
      if isKept(choice) { passing.append(choice) }
    }
    guard passing.count > limit else { return (passing, passing.count) }
    return ((0..<limit).map { passing[$0 * passing.count / limit] }, passing.count)
  }
}
