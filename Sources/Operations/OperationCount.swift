import Formulas
import LinearAlgebra
import Platform

/// How much arithmetic a formula takes when it is computed as it is written, counted in the definitions of its
/// operations: every part of a definition once for each value of the indices that it depends on, equal parts once, a sum
/// of n terms n additions. Nothing is timed and nothing is known of the machine.
package struct OperationCount: Sendable, Hashable {
  /// Multiplications and divisions.
  package var multiplications = 0
  /// Additions and subtractions.
  package var additions = 0
  /// Comparisons: masks, maxima.
  package var comparisons = 0
  /// Calls of exp, log, tanh and their kind.
  package var functions = 0

  package init(multiplications: Int = 0, additions: Int = 0, comparisons: Int = 0, functions: Int = 0) {
    self.multiplications = multiplications
    self.additions = additions
    self.comparisons = comparisons
    self.functions = functions
  }

  package var total: Int { multiplications &+ additions &+ comparisons &+ functions }

  /// Steps that run one after another: their counts add.
  package static func + (a: OperationCount, b: OperationCount) -> OperationCount {
    OperationCount(
      multiplications: a.multiplications &+ b.multiplications, additions: a.additions &+ b.additions,
      comparisons: a.comparisons &+ b.comparisons, functions: a.functions &+ b.functions)
  }

  package static func += (a: inout OperationCount, b: OperationCount) { a = a + b }

  /// Counts a formula whose names have shapes in `environment`. Rearranging entries (transpose, reshape, an index)
  /// costs nothing here.
  package static func of(_ expression: Expression, in environment: any Environment) throws(Diagnostic)
    -> OperationCount
  {
    if let written = expression.writtenOut, case .derivative(let f, let a, _) = expression {
      // f(u) is computed once, however often the slope is written with it.
      let value = Expression.call(f, [a], .none)
      let known = Overlay(
        ["%v": Tensor(repeating: 0, shape: try ShapeInference(environment).shape(of: a))], over: environment)
      let slope = try of(written.replacing(value, with: .name("%v")), in: known)
      return written.contains { $0 == value } ? slope + (try of(value, in: environment)) : slope
    }
    var result = OperationCount()
    guard let call = OperationCall(expression) else { return result }
    for (i, operand) in call.operands.enumerated() where call.operation.signature.operand(i)?.isSize != true {
      result += try of(operand, in: environment)
    }
    let application = try ShapeInference(environment).application(of: call).application
    switch application.body {
    case .expression(let template):
      let names = call.operands.indices.map { Expression.name("%\($0)") }
      var inner = Bindings([:])
      for (i, shape) in application.setting.shapes.enumerated() {
        inner.values["%\(i)"] = Tensor(repeating: 0, shape: shape)
      }
      return result + (try of(template.filled(call, application.setting.shapes, by: names), in: inner))
    case .formula:
      var counter = DefinitionCounter()
      return result + (try counter.count(application, call))
    case .move, .filled, .made: return result
    }
  }
}

/// Counts the parts of one definition.
private struct DefinitionCounter {
  private var counted: Set<IndexFormula> = []
  private var extents: [String: Int] = [:]
  private var total = OperationCount()

  mutating func count(_ application: Application, _ call: OperationCall) throws(Diagnostic) -> OperationCount
  {
    let operation = application.operation
    // A function of each entry alone is one call, or a comparison.
    if operation.slope != nil, let shape = application.setting.shapes.first {
      return operation.isComparison
        ? OperationCount(comparisons: shape.count) : OperationCount(functions: shape.count)
    }
    guard let definition = try operation.computedDefinition(application) else { return total }
    let letters = (0..<application.shape.rank).map { "@\($0)" }
    var extents: [String: Int] = [:]
    for (letter, extent) in zip(letters, application.shape.dimensions) { extents[letter] = extent }
    var number = 0
    let formula = application.entry(
      definition, at: letters.map { .variable($0) },
      fresh: { _, _, extent in
        number += 1
        extents["%\(number)"] = extent
        return .init(name: "%\(number)", extent: extent)
      }, local: { $0 })
    self.extents = extents
    var numbers: [String: Double] = [:]
    for (i, operand) in operation.signature.operands.enumerated() where call.operands.indices.contains(i) {
      if case .number(let value) = call.operands[i] { numbers[operand.name] = value }
    }
    if let formula { visit(formula.withNumbers(numbers)) }
    return total
  }

  /// How many values a part has: one for each of the indices that it depends on.
  private func times(_ variables: Set<String>) -> Int {
    variables.reduce(1) { $0 &* (extents[$1] ?? 1) }
  }

  /// A sum whose terms are 0 but where an index is what a list says: `Σ_k A[k,j]·(p[i] == k)` reads one entry, and the
  /// gradient adds one for each that was read. False for other sums.
  private mutating func visit(
    chosen body: IndexFormula, _ variables: [IndexFormula.Variable], _ free: Set<String>
  ) -> Bool {
    var chosen: Set<String> = []
    var rest: [IndexFormula] = []
    for factor in body.factors {
      if let index = factor.listedIndex, !chosen.contains(index) {
        chosen.insert(index)
      } else {
        rest.append(factor)
      }
    }
    guard !chosen.isEmpty else { return false }
    rest.forEach { visit($0) }
    let summed = Set(variables.map(\.name))
    let terms = times(free.union(summed)) / max(1, times(chosen))
    total.multiplications &+= terms &* max(0, rest.count - 1)
    if !summed.isSubset(of: chosen) { total.additions &+= terms }
    return true
  }

  private mutating func visit(_ formula: IndexFormula) {
    let free = formula.freeVariables
    // Equal parts under other letters are the same values: exp(Z[i,k]) above and below a fraction.
    guard counted.insert(formula.withCanonicalIndices).inserted else { return }
    if case .fold(.sum, let variables, let body) = formula, visit(chosen: body, variables, free) { return }
    formula.children.forEach { visit($0) }
    let n = times(free)
    switch formula {
    // -1 is a number, and nothing to compute.
    case .negative(.number): break
    case .negative: total.additions &+= n
    case .binary(let operation, _, let b):
      switch operation {
      case .add, .subtract: total.additions &+= n
      case .multiply, .divide, .matrixProduct: total.multiplications &+= n
      case .power:
        if case .number(let exponent) = b, let whole = Int(exactly: exponent), (1...16).contains(whole) {
          total.multiplications &+= n &* (whole - 1)
        } else {
          total.functions &+= n
        }
      case .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual: total.comparisons &+= n
      }
    case .call: total.functions &+= n
    case .choice(let kind, _): total.comparisons &+= kind == .clip ? 2 &* n : n
    case .fold(let kind, let variables, _):
      let terms = n &* variables.reduce(1) { $0 &* $1.extent }
      // From 0 on, as the sum is computed.
      if kind == .sum { total.additions &+= terms } else { total.comparisons &+= max(0, terms - n) }
    case .number, .entry, .delta, .position, .count, .letting, .local, .terms, .partial, .difference: break
    }
  }
}

extension Operation {
  /// Done with comparisons alone: relu, abs, sign.
  fileprivate var isComparison: Bool {
    guard let choice = cases.first, case .formula(let text) = choice.meaning,
      let known = try? parsed.definition(text, values: [argumentName], constants: [:])
    else { return false }
    return !known.formula.body.contains { if case .call = $0 { true } else { false } }
  }
}

extension IndexFormula {
  /// Operands that are numbers as the numbers that they are: A**2 is a product.
  fileprivate func withNumbers(_ numbers: [String: Double]) -> IndexFormula {
    if case .entry(.name(let name), _) = self, let value = numbers[name] { return .number(value) }
    return mapChildren { $0.withNumbers(numbers) }
  }

  /// What is multiplied.
  fileprivate var factors: [IndexFormula] {
    if case .binary(.multiply, let a, let b) = self { a.factors + b.factors } else { [self] }
  }

  /// `k` of `p[i] == k`.
  fileprivate var listedIndex: String? {
    guard case .binary(.equal, let a, let b) = self else { return nil }
    for (own, other) in [(a, b), (b, a)] {
      if case .position(let index) = own, let name = index.onlyVariable, !other.freeVariables.contains(name),
        other.contains({ if case .entry = $0 { true } else { false } })
      {
        return name
      }
    }
    return nil
  }

  /// Index variables renamed in the order in which they are met.
  fileprivate var withCanonicalIndices: IndexFormula {
    var names: [String: String] = [:]
    func visit(_ formula: IndexFormula) {
      for index in formula.ownIndices {
        for name in index.factors.letters where names[name] == nil { names[name] = "v\(names.count)" }
      }
      formula.children.forEach(visit)
    }
    visit(self)
    func renamed(_ formula: IndexFormula) -> IndexFormula {
      let inner = formula.mapChildren { renamed($0) }
      guard case .fold(let kind, let variables, let body) = inner else { return inner }
      return .fold(
        kind, variables.map { .init(name: names[$0.name] ?? $0.name, extent: $0.extent) }, body)
    }
    return renamed(
      mapIndices { index in
        Index(
          index.constant,
          IndexNumbers(index.factors.map { (names[$0.letter] ?? $0.letter, $0.number) }))
      })
  }
}
