import Differentiation
import Formulas
import LinearAlgebra
import Operations
import Testing

/// Formulas of a given shape, drawn from all operations that have a gradient.
private struct RandomFormula {
  var generator: RandomGenerator
  /// Values of the names in it.
  var leaves: [String: Tensor] = [:]

  init(seed: UInt64) { generator = RandomGenerator(seed: seed) }

  private mutating func pick<T>(_ items: [T]) -> T { items[generator.integer(below: items.count)] }

  private mutating func leaf(_ shape: Shape) -> String {
    // A name that is used again sums what comes back from each use.
    let known = leaves.filter { $0.value.shape == shape }.keys.sorted()
    if !known.isEmpty, generator.uniform() < 0.4 { return pick(known) }
    let name = "P\(leaves.count)"
    leaves[name] = generator.normal(shape: shape)
    return name
  }

  private static let functions = Operation.functionsOfOne.map(\.name).filter { $0 != "sign" }

  /// The text of a formula of this shape.
  mutating func text(_ shape: Shape, depth: Int) -> String {
    guard depth > 0 else { return leaf(shape) }
    func sizes(_ shape: Shape) -> String { shape.dimensions.map(String.init).joined(separator: ", ") }
    let (d, n) = (shape.dimensions, shape.rank)
    let next = depth - 1
    switch generator.integer(below: 18) {
    case 0, 1:
      let f = pick(Self.functions)
      let inner = text(shape, depth: next)
      switch f {
      case "log", "sqrt": return "\(f)((\(inner))**2 + 0.5)"
      case "exp": return "exp(tanh(\(inner)))"
      default: return "\(f)(\(inner))"
      }
    case 2:
      let other =
        n > 0 && generator.uniform() < 0.5 ? shape.reducing(axis: generator.integer(below: n)) : shape
      let (a, b) = (text(shape, depth: next), text(other, depth: next))
      return pick(["(\(a)) + (\(b))", "(\(a)) * (\(b))", "(\(b)) - (\(a))", "(\(a)) / ((\(b))**2 + 1)"])
    case 3: return "maximum(\(text(shape, depth: next)), \(text(shape, depth: next)))"
    case 4:
      return "where(\(text(shape, depth: 0)) > 0, \(text(shape, depth: next)), \(text(shape, depth: next)))"
    case 5: return "clip(\(text(shape, depth: next)), -0.5, 0.7)"
    case 6: return "((\(text(shape, depth: next)))**2 + 0.3)**(\(text(shape, depth: 0)))"
    case 7 where n >= 2:
      let k = 1 + generator.integer(below: 3)
      let left = Shape(d.dropLast() + [k])
      let right = generator.uniform() < 0.5 ? Shape([k, d[n - 1]]) : Shape(d.dropLast(2) + [k, d[n - 1]])
      return "(\(text(left, depth: next))) @ (\(text(right, depth: next)))"
    case 8 where n >= 1:
      let axis = generator.integer(below: n + 1)
      var wide = d
      wide.insert(2 + generator.integer(below: 2), at: axis)
      let f = pick(["sum", "mean", "max", "min", "var", "logsumexp"])
      return "\(f)(\(text(Shape(wide), depth: next)), axis=\(axis), keepdims=False)"
    case 9 where n >= 2:
      let f = pick(["softmax", "cumsum"])
      let axes = f == "softmax" && generator.uniform() < 0.3 ? "(0, 1)" : "\(generator.integer(below: n))"
      return "\(f)(\(text(shape, depth: next)), axis=\(axes))"
    case 10 where n >= 2: return "\(pick(["tril", "triu"]))(\(text(shape, depth: next)))"
    case 11 where n >= 1 && d[0] > 0:
      let rows = 1 + generator.integer(below: 3)
      let places = (0..<d[0]).map { _ in String(generator.integer(below: rows)) }.joined(separator: ", ")
      return "(\(text(Shape([rows] + d.dropFirst()), depth: next)))[[\(places)]]"
    case 12 where n >= 1 && d[n - 1] > 1:
      let parts = [Shape(d.dropLast() + [1]), Shape(d.dropLast() + [d[n - 1] - 1])]
      return "concat(\(text(parts[0], depth: next)), \(text(parts[1], depth: next)), axis=-1)"
    case 13 where n >= 1 && d[0] == 2:
      let part = Shape(Array(d.dropFirst()))
      return "stack(\(text(part, depth: next)), \(text(part, depth: next)))"
    case 14 where n >= 2:
      return "swapaxes(\(text(Shape(d.dropLast(2) + [d[n - 1], d[n - 2]]), depth: next)), -1, -2)"
    case 15 where n == 2:
      let k = 1 + generator.integer(below: 3)
      return
        "einsum(\"ik,jk,k->ij\", \(text([d[0], k], depth: next)), \(text([d[1], k], depth: next)), \(text([k], depth: 0)))"
    case 16 where n >= 1: return "reshape(\(text([shape.count], depth: next)), \(sizes(shape)))"
    case 17 where n >= 1:
      let wide = Shape([d[0] + 1] + d.dropFirst())
      return "(\(text(wide, depth: next)))[1:]"
    default: return leaf(shape)
    }
  }
}

@Suite struct RandomFormulaTests {
  /// The gradient along a direction, from the backward pass and from dual numbers, which share no rule; now and then
  /// against differences as well.
  @Test(arguments: 0..<20) func gradientsOfRandomFormulas(_ block: Int) throws {
    for number in 0..<50 {
      let seed = UInt64(block * 50 + number)
      var formula = RandomFormula(seed: seed)
      let shape: Shape = [[2, 3], [3], [2, 3, 2], [4, 1], []][number % 5]
      let text = formula.text(shape, depth: 3)
      var values = Bindings(formula.leaves)
      let expression = try Parser.parse(text).expression
      let value = try Evaluator(values).checkedValue(of: Parser.parse(text))
      #expect(value.shape == shape, "\(text)")
      var random = RandomGenerator(seed: seed &+ 7000)
      values.values["G"] = random.normal(shape: shape)
      let equation = Equation("L", .call("sum", "G" * expression))
      let names = formula.leaves.keys.sorted().filter { expression.contains(name: $0) }
      var shapes = values.values.mapValues(\.shape)
      shapes["L"] = .scalar
      let backward = try BackwardPass.derive(
        [equation], output: "L", targets: names,
        environment: ShapeEnvironment(shapes: shapes) { Diagnostic("\($0)") },
        settings: .init(isFused: false))
      var known = values
      for step in backward {
        known.values[step.name] = try Evaluator(known).checkedValue(
          of: Parser.parse(step.expression.description))
      }
      var directions: [String: Tensor] = [:]
      for name in names { directions[name] = random.normal(shape: formula.leaves[name]?.shape ?? []) }
      let reverse = names.reduce(0.0) { sum, name in
        zip(known.values[name.gradientName]?.elements ?? [.nan], directions[name]?.elements ?? []).reduce(sum)
        {
          $0 + $1.0 * $1.1
        }
      }
      for name in names {
        #expect(known.values[name.gradientName]?.shape == formula.leaves[name]?.shape, "\(text)")
      }
      let duals = names.reduce(into: [String: DualTensor]()) { result, name in
        if let base = formula.leaves[name] { result[name] = DualTensor(base, directions[name]) }
      }
      let forward = try ForwardMode(duals, over: values).dual(equation.expression).tangentOrZero.elements[0]
      let scale = max(1, abs(forward))
      #expect(abs(reverse - forward) <= 1e-9 * scale, "\(reverse) \(forward): \(text)")
      try sumAndJacobian(of: expression, value, text, number, values)
      guard number % 10 == 3 else { continue }
      func moved(_ h: Double) throws -> Double {
        var other = values
        for name in names {
          other.values[name] = formula.leaves[name]?.combined(with: directions[name] ?? Tensor(0)) {
            $0 + h * $1
          }
        }
        return try Evaluator(other).value(of: equation.expression).elements[0]
      }
      // Of two steps of different size one may pass a kink.
      let differences = try [1e-6, 1e-7].map { (try moved($0) - moved(-$0)) / (2 * $0) }
      #expect(differences.contains { abs($0 - forward) < 1e-3 * scale }, "\(differences) \(forward): \(text)")
    }
  }

  /// What `why` writes for an entry has its value, and a Jacobian row by row is the one column by column.
  private func sumAndJacobian(
    of expression: Expression, _ value: Tensor, _ text: String, _ number: Int, _ values: Bindings
  ) throws {
    if value.count > 0 {
      let position = number % value.count
      var expansion = IndexExpansion(values)
      let formula = try expansion.expand(expression, value.index(at: position).map { Index($0) })
      let sum = try IndexValues(values).value(formula)
      #expect(
        abs(sum - value.elements[position]) <= 1e-9 * max(1, abs(value.elements[position])), "\(text)")
    }
    guard let name = expression.names.first(where: { values.values[$0] != nil }) else { return }
    var known = values
    known.values["C"] = value
    let equations = [Equation("C", expression)]
    let columns = try Jacobian.byForwardMode(of: "C", by: name, equations: equations, environment: known)
    let rows = try Jacobian.byReverseMode(of: "C", by: name, equations: equations, environment: known)
    #expect(rows.shape == columns.shape)
    let scale = max(1, columns.elements.reduce(0) { max($0, abs($1)) })
    #expect(
      zip(rows.elements, columns.elements).allSatisfy { abs($0 - $1) <= 1e-9 * scale }, "∂/∂\(name) \(text)")
  }
}
