import Formulas
import LinearAlgebra

extension Application {
  /// The result by definition, entry by entry in nested loops: slow, and what every kernel must agree with.
  /// - Parameter entry: an entry of an operand; nil outside of it.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Dual)
  package func reference<Scalar: IndexScalar>(
    _ type: Scalar.Type = Scalar.self, computed: Bool = true,
    _ entry: @escaping (_ operand: Int, _ index: [Int]) -> Scalar?
  ) throws(Diagnostic) -> [Scalar] {
    guard case .formula(let plain) = body else {
      throw Diagnostic("\(operation.name) has no formula for an entry")
    }
    let definition = computed ? try operation.computedDefinition(self) ?? plain : plain
    var used: Set<String> = []
    func fresh(_ letter: String, _: Int?, _ extent: Int) -> IndexFormula.Variable {
      var name = letter
      while !used.insert(name).inserted { name += "'" }
      return .init(name: name, extent: extent)
    }
    let letters = (0..<shape.rank).map { "@\($0)" }
    guard
      let formula = self.entry(
        definition, at: letters.map { .variable($0) }, fresh: fresh, local: { $0 })
    else { throw Self.misfit(operation, setting) }
    let ordered = formula.withRepeatedFoldsFirst
    let names = operation.signature.operands.map(\.name)
    let evaluator = IndexEvaluator<Scalar>(entry: { expression, index in
      guard case .name(let name) = expression, let i = names.firstIndex(of: name) else { return nil }
      return entry(i, index)
    })
    var result: [Scalar] = []
    result.reserveCapacity(shape.count)
    var indices: IndexNumbers = [:]
    let variables = zip(letters, shape.dimensions).map { IndexFormula.Variable(name: $0, extent: $1) }
    try IndexEvaluator<Scalar>.each(variables, &indices) { (indices) throws(Diagnostic) in
      result.append(try evaluator.value(ordered, indices))
    }
    return result
  }

  /// The result by definition from the operands' values.
  package func reference(_ operands: [Tensor]) throws(Diagnostic) -> Tensor {
    let elements: [Double] = try reference { operand, index in
      guard operands.indices.contains(operand) else { return nil }
      return operands[operand].position(of: index).map { operands[operand].elements[$0] }
    }
    return Tensor(unchecked: shape, elements)
  }

  /// The result by definition in float32, each intermediate rounded; nil where nothing is computed.
  func single(_ operands: [Tensor]) throws(Diagnostic) -> Tensor? {
    // What is gathered is taken from its place.
    guard case .formula(let definition) = body, definition.body.computes, operation !== Operation.gather
    else {
      return nil
    }
    let elements: [Float] = try reference { operand, index in
      guard operands.indices.contains(operand) else { return nil }
      return operands[operand].position(of: index).map { Float(operands[operand].elements[$0]) }
    }
    return Tensor(unchecked: shape, elements.map { Double($0) })
  }
}

extension Float: IndexScalar {
  package var value: Double { Double(self) }
  package func raised(to exponent: Float) -> Float {
    exponent == 2 ? self * self : Float(Double(self).raised(to: Double(exponent)))
  }
  package func applying(_ function: ScalarFunction) -> Float { Float(function.value(Double(self))) }
}

extension IndexFormula {
  /// Whether more is done than taking entries from their places.
  fileprivate var computes: Bool {
    switch self {
    case .call, .choice, .terms: true
    case .binary(.multiply, .delta, let a), .binary(.multiply, let a, .delta): a.computes
    case .binary, .negative: true
    case .fold(let kind, _, _): kind == .sum
    default: children.contains(where: \.computes)
    }
  }
}

extension IndexFormula {
  /// What a sum adds up in every turn alike, worked out once before it: a variance reads its mean N times, and not N² entries.
  fileprivate var withRepeatedFoldsFirst: IndexFormula {
    let inner = mapChildren(\.withRepeatedFoldsFirst)
    guard case .fold(let kind, let variables, let body) = inner else { return inner }
    var found: [(name: String, value: IndexFormula)] = []
    func visit(_ formula: IndexFormula) -> IndexFormula {
      guard case .fold = formula else { return formula.mapChildren(visit) }
      // What is named inside of the sum has no value before it.
      let isNamed = formula.contains { if case .local = $0 { true } else { false } }
      guard !isNamed, formula.freeVariables.isDisjoint(with: variables.map(\.name)) else { return formula }
      let name = "before \(variables.map(\.name).joined(separator: ",")) \(found.count)"
      found.append((name, formula))
      return .local(name)
    }
    let rest = visit(body)
    return found.reduce(.fold(kind, variables, rest)) { .letting($1.name, $1.value, $0) }
  }
}
