import Formulas
import LinearAlgebra
import Operations

/// ∂A/∂B for two values of a list of equations: shape of A followed by shape of B.
package enum Jacobian {
  /// One direction of B at a time through dual numbers: column by column.
  package static func byForwardMode(
    of output: String, by input: String, equations: [Equation], environment: any Environment
  ) throws(Diagnostic) -> Tensor {
    guard let base = environment.value(of: input) else { throw environment.missing(input) }
    let path = Jacobian.path(from: input, to: output, equations)
    var columns: [[Double]] = []
    var shape = Shape.scalar
    for position in 0..<base.count {
      var direction = Tensor(repeating: 0, shape: base.shape)
      direction.replaceElement(at: position, with: 1)
      var forward = ForwardMode([input: DualTensor(base, direction)], over: environment)
      try forward.run(path)
      let result = try forward.dual(.name(output))
      shape = result.value.shape
      columns.append(result.tangentOrZero.elements)
    }
    let result = Shape(shape.dimensions + base.shape.dimensions)
    guard result.checkedCount != nil else { throw tooLarge(result) }
    var elements = [Double](repeating: 0, count: result.count)
    for (j, column) in columns.enumerated() {
      for (i, value) in column.enumerated() { elements[i * base.count + j] = value }
    }
    return Tensor(unchecked: result, elements)
  }

  /// One entry of A at a time through the backward rules: row by row.
  /// - Parameter position: a flat position in A, to get its row alone.
  package static func byReverseMode(
    of output: String, by input: String, equations: [Equation], environment: any Environment,
    settings: BackwardPass.Settings = .init(), at position: Int? = nil
  ) throws(Diagnostic) -> Tensor {
    guard let base = environment.value(of: input) else { throw environment.missing(input) }
    guard let value = environment.value(of: output) else { throw environment.missing(output) }
    let path = Jacobian.path(from: input, to: output, equations)
    // A path may hold steps of the backward pass, and the gradients of this pass must not take their names:
    // every variable of the path goes by a name that nobody can type.
    let own = Set(path.map(\.name) + [input])
    let renamed = Dictionary(uniqueKeysWithValues: own.map { ($0, "\u{2202}" + $0) })
    let substitution = renamed.mapValues(Expression.name)
    let variables = Overlay(
      Dictionary(
        uniqueKeysWithValues: renamed.compactMap { name, new in
          environment.value(of: name).map { (new, $0) }
        }), over: environment)
    let (last, leaf) = ("\u{2202}" + output, "\u{2202}" + input)
    let seed = last.gradientName
    let backward = try BackwardPass.derive(
      path.map { Equation(renamed[$0.name] ?? $0.name, $0.expression.substituting(substitution)) },
      output: last,
      seed: .name(seed), targets: [leaf], environment: variables, settings: settings)
    let result = Shape((position == nil ? value.shape.dimensions : []) + base.shape.dimensions)
    guard result.checkedCount != nil else { throw tooLarge(result) }
    var elements: [Double] = []
    elements.reserveCapacity(result.count)
    for position in position.map({ $0..<$0 + 1 }) ?? 0..<value.count {
      var unit = Tensor(repeating: 0, shape: value.shape)
      unit.replaceElement(at: position, with: 1)
      var overlay = variables
      overlay.values[seed] = unit
      for equation in backward {
        overlay.values[equation.name] = try Evaluator(overlay).value(of: equation.expression)
      }
      elements += (overlay.values[leaf.gradientName] ?? Tensor(repeating: 0, shape: base.shape)).elements
    }
    return Tensor(unchecked: result, elements)
  }

  /// The equations between two values, those that the output needs and the input reaches, with the input free.
  package static func path(from input: String, to output: String, _ equations: [Equation]) -> [Equation] {
    var reached: Set<String> = [input]
    var result: [Equation] = []
    for equation in equations where equation.name != input {
      guard equation.expression.names.contains(where: reached.contains) else { continue }
      reached.insert(equation.name)
      var plain = equation
      plain.computedAs = nil
      result.append(plain)
      if equation.name == output { break }
    }
    guard let last = result.last, last.name == output else { return [] }
    return result.leading(to: output)
  }

  package static func tooLarge(_ shape: Shape) -> Diagnostic {
    Diagnostic(
      "this Jacobian would be \(shape): too large to write down",
      hint: "backpropagation never builds it; ask for one entry with [i, j]")
  }
}

extension [Equation] {
  /// The equations whose values the computation of a name reads, that of the name among them; in their order.
  package func leading(to name: String) -> [Equation] {
    var needed: Set<String> = [name]
    return reversed().filter { equation in
      guard needed.contains(equation.name) else { return false }
      needed.formUnion(equation.evaluated.names)
      return true
    }.reversed()
  }
}
