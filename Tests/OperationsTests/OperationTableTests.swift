import Differentiation
import Formulas
import LinearAlgebra
import Operations
import TestSupport
import Testing

/// One test for every operation there will ever be: what stands beside a definition agrees with it.
@Suite struct OperationTableTests {
  static let seeds: [UInt64] = [1, 2]

  /// The outermost operation of a case at its values.
  private func applied(_ item: OperationCase, _ values: [String: Tensor]) throws -> (
    Application, [Tensor], Expression
  ) {
    let expression = try Parser.parse(item.text).expression
    let call = try #require(OperationCall(expression))
    let application = try ShapeInference(Bindings(values)).application(of: call).application
    var operands: [Tensor] = []
    for operand in call.operands { operands.append(try Evaluator(Bindings(values)).value(of: operand)) }
    return (application, operands, expression)
  }

  @Test func everyOperationHasACase() throws {
    var seen: Set<String> = []
    func visit(_ expression: Expression) {
      if let call = OperationCall(expression) { seen.insert(call.operation.name) }
      if case .derivative(let f, _, _) = expression { seen.insert(f.name) }
      expression.children.forEach(visit)
    }
    for item in OperationCase.all { visit(try Parser.parse(item.text).expression) }
    #expect(Operation.all.map(\.name).filter { !seen.contains($0) } == [])
    #expect(Set(Operation.all.map(\.name)).count == Operation.all.count)
    for operation in Operation.all { #expect(Operation.named(operation.name) === operation) }
  }

  /// What a backward pass writes is differentiated again: a Hessian asks for the gradients of gradients.
  @Test func everyOperationHasARule() {
    #expect(Operation.all.filter { $0.rule == nil }.map(\.name) == [])
  }

  /// Kernels, where there are any, against nested loops over the definition.
  @Test(arguments: OperationCase.all, seeds) func valuesAgreeWithTheDefinition(
    _ item: OperationCase, _ seed: UInt64
  ) throws {
    let values = item.values(seed)
    let (application, operands, expression) = try applied(item, values)
    let value = try Evaluator(Bindings(values)).value(of: expression)
    switch application.body {
    case .formula:
      for computed in [true, false] {
        let elements: [Double] = try application.reference(computed: computed) { i, index in
          operands[i].position(of: index).map { operands[i].elements[$0] }
        }
        let reference = Tensor(unchecked: application.shape, elements)
        #expect(reference.shape == value.shape, "\(reference.shape) \(value.shape)")
        #expect(difference(reference, value) < 1e-12, "\(item)")
      }
    case .move(let move):
      let positions = try #require(move.positions(application.setting.shapes))
      let moved = positions.map { operand, position in
        operand < 0 ? 0 : operands[operand].elements[position]
      }
      #expect(move.shape == value.shape)
      #expect(moved == value.elements)
    case .filled(let number): #expect(value.elements.allSatisfy { $0 == number })
    case .expression, .made: break
    }
  }

  /// The function of one number, which bounds and slopes are computed from, against the value of the whole operation and
  /// against differences of itself.
  @Test(arguments: Operation.functionsOfOne.map(\.name))
  func theFunctionOfOneNumberIsTheSame(_ name: String) throws {
    let function = try #require(Operation.named(name)?.scalarFunction)
    let points = [-2.3, -0.7, -0.2, 0.4, 1.1, 2.6].filter { $0 > 0 || !["log", "sqrt"].contains(name) }
    for x in points {
      let value = try Evaluator(Bindings(["A": Tensor(x)])).value(
        of: .call(Function(name), [.name("A")], .none))
      #expect(abs(function.value(x) - (value.scalarValue ?? .nan)) < 1e-12, "\(name)(\(x))")
      let slope = (function.value(x + 1e-5) - function.value(x - 1e-5)) / 2e-5
      #expect(abs(function.derivative(x) - slope) < 1e-7, "\(name)'(\(x))")
    }
    #expect(function.value(.nan).isNaN)
  }

  @Test func aLogarithmSaysWhatIsWrong() throws {
    let trouble = try #require(Operation.named("log")?.scalarFunction?.trouble)
    #expect(trouble(0) == "log(0) is minus infinity")
    #expect(trouble(-1) == "log of a negative number")
    #expect(trouble(2) == nil)
  }

  /// A mean inside of a sum is read once, not again for every term: 4 + 4 entries and not 4 + 16.
  @Test func repeatedSumsAreReadOnce() throws {
    let setting = Operation.Setting(shapes: [[2, 2]], sizes: [nil])
    let application = try Operation.variance.application(at: setting)
    var reads = 0
    let result: [Double] = try application.reference { _, index in
      reads += 1
      return Double(index[0] * 2 + index[1])
    }
    // NumPy: np.var([0, 1, 2, 3])
    #expect(result == [1.25] && reads <= 12)
  }

  /// What `why` writes for an entry has the entry's value.
  @Test(arguments: OperationCase.all) func entriesHaveTheirValues(_ item: OperationCase) throws {
    let values = item.values(4)
    let expression = try Parser.parse(item.text).expression
    let value = try Evaluator(Bindings(values)).value(of: expression)
    for position in 0..<min(value.count, 12) {
      var expansion = IndexExpansion(Bindings(values))
      let formula = try expansion.expand(expression, value.index(at: position).map { Index($0) })
      let number = try IndexValues(Bindings(values)).value(formula)
      #expect(
        abs(number - value.elements[position]) <= 1e-12 * max(1, abs(number)), "\(IndexText().text(formula))")
    }
  }

  /// Rules against the definition in dual numbers, and dual numbers against differences.
  @Test(arguments: OperationCase.all, seeds) func gradientsAgree(_ item: OperationCase, _ seed: UInt64) throws
  {
    var values = item.values(seed)
    let inner = try Parser.parse(item.text).expression
    guard let call = OperationCall(inner), call.operation.rule != nil else { return }
    let shape = try ShapeInference(Bindings(values)).shape(of: inner)
    var generator = RandomGenerator(seed: seed &+ 100)
    values["G_"] = generator.normal(shape: shape)
    let equation = Equation("L", .call("sum", "G_" * inner))
    let names = inner.names
    var shapes = values.mapValues(\.shape)
    shapes["L"] = .scalar
    let backward = try BackwardPass.derive(
      [equation], output: "L", targets: names,
      environment: ShapeEnvironment(shapes: shapes) { Diagnostic("there is no \($0)") },
      settings: .init(isFused: false))
    var known = Bindings(values)
    for step in backward {
      // As printed, read back.
      let text = step.text.split(separator: "=", maxSplits: 1)[1]
      known.values[step.name] = try Evaluator(known).checkedValue(of: Parser.parse(String(text)))
    }
    for name in names {
      let base = try #require(values[name])
      let gradient = try #require(known.values[name.gradientName])
      #expect(gradient.shape == base.shape)
      for position in 0..<min(base.count, 12) {
        var direction = Tensor(repeating: 0, shape: base.shape)
        direction.replaceElement(at: position, with: 1)
        let dual = try ForwardMode([name: DualTensor(base, direction)], over: Bindings(values)).dual(
          equation.expression
        ).tangentOrZero.elements[0]
        #expect(abs(gradient.elements[position] - dual) <= 1e-11 * max(1, abs(dual)), "d\(name)[\(position)]")
        func moved(_ h: Double) throws -> Double {
          var other = values
          other[name]?.replaceElement(at: position, with: base.elements[position] + h)
          return try Evaluator(Bindings(other)).value(of: equation.expression).elements[0]
        }
        let numeric = (try moved(1e-5) - moved(-1e-5)) / 2e-5
        #expect(abs(numeric - dual) < 1e-6 * max(1, abs(dual)), "\(name)[\(position)]: \(numeric) \(dual)")
      }
    }
  }

  private func difference(_ a: Tensor, _ b: Tensor) -> Double {
    zip(a.elements, b.elements).map { $0 == $1 || ($0.isNaN && $1.isNaN) ? 0 : abs($0 - $1) }.reduce(0) {
      max($0, $1.isNaN ? .infinity : $1)
    }
  }
}
