import Differentiation
import Formulas
import LinearAlgebra
import NeuralNetworks
import Operations
import TestSupport
import Testing

@Suite struct RandomModelTests {
  /// Largest |a − b| relative to max(1, |a|).
  private func distance(_ a: Tensor, _ b: Tensor) -> Double {
    guard a.shape == b.shape else { return .infinity }
    return zip(a.elements, b.elements).map { abs($0 - $1) / max(1, abs($0)) }.max() ?? 0
  }

  @Test(arguments: 0..<200) func derivedGradientsAgreeWithForwardMode(_ seed: Int) throws {
    let random = RandomModel(seed: UInt64(seed))
    let program = try program(random, isFused: seed % 2 == 0)
    let values = try run(program, random.leaves)
    for name in random.model.parameters + ["X"] {
      guard let gradient = values.values[name.gradientName], let base = random.leaves[name] else {
        Issue.record("no gradient of \(name) in \(random.text)")
        continue
      }
      var expected = base
      for position in 0..<base.count {
        var direction = Tensor(repeating: 0, shape: base.shape)
        direction.replaceElement(at: position, with: 1)
        var forward = ForwardMode([name: DualTensor(base, direction)], over: Bindings(random.leaves))
        try forward.run(random.model.equations)
        expected.replaceElement(
          at: position, with: forward.value(of: "L")?.tangentOrZero.elements.first ?? .nan)
      }
      #expect(distance(gradient, expected) < 1e-10, "\(name) in \(random.text)")
    }
  }

  /// Backward equations derived for one batch hold for another, a batch of one among them: `m` stands where samples are
  /// counted, and nowhere else.
  @Test(arguments: 0..<120) func whatIsDerivedForOneBatchHoldsForAnother(_ seed: Int) throws {
    let random = RandomModel(seed: UInt64(seed))
    let program = try program(random, isFused: seed % 2 == 0)
    let axis = random.isColumns ? 1 : 0
    let samples = [1, 2, 5, 6][seed % 4]
    var generator = RandomGenerator(seed: UInt64(seed) &+ 500)
    var leaves = random.leaves
    for name in ["X", "Y", "G"] {
      guard let old = leaves[name] else { continue }
      var dimensions = old.shape.dimensions
      dimensions[axis] = samples
      // Distributions over the classes, which the shortcut needs.
      let drawn = generator.uniform(shape: Shape(dimensions), 0.1, 0.9)
      leaves[name] = name == "Y" ? drawn.softmax(axis: 1 - axis) : drawn
    }
    var values = Bindings(leaves)
    values.values["m"] = Tensor(Double(samples))
    for step in program.steps { values.values[step.name] = try Evaluator(values).value(of: step.evaluated) }
    for name in random.model.parameters {
      let base = try #require(leaves[name])
      let gradient = try #require(values.values[name.gradientName])
      for position in 0..<min(4, base.count) {
        var direction = Tensor(repeating: 0, shape: base.shape)
        direction.replaceElement(at: position, with: 1)
        var forward = ForwardMode([name: DualTensor(base, direction)], over: values)
        try forward.run(random.model.equations)
        let expected = forward.value(of: "L")?.tangentOrZero.elements.first ?? .nan
        #expect(
          abs(gradient.elements[position] - expected) < 1e-10 * max(1, abs(expected)),
          "\(name) at \(samples) samples in \(random.text)")
      }
    }
  }

  @Test(arguments: 0..<200) func printedEquationsGiveTheSameValues(_ seed: Int) throws {
    let random = RandomModel(seed: UInt64(seed))
    let program = try program(random, isFused: seed % 2 == 0)
    let values = try run(program, random.leaves)
    var plain = Bindings(random.leaves)
    if let m = program.sampleCount { plain.values["m"] = Tensor(Double(m)) }
    for step in program.steps {
      let typed = try Parser.parse(step.evaluated.description)
      #expect(typed.expression == step.evaluated)
      plain.values[step.name] = try Evaluator(plain).checkedValue(of: typed)
      #expect(plain.values[step.name] == values.values[step.name], "\(step.text)")
    }
  }

  @Test(arguments: 0..<60) func jacobiansByRowsAndByColumnsAgree(_ seed: Int) throws {
    let random = RandomModel(seed: UInt64(1000 + seed))
    let program = try program(random)
    let values = try run(program, random.leaves)
    let names = program.forward.map(\.name)
    for output in names.dropLast() {
      for input in names + random.model.parameters {
        guard !Jacobian.path(from: input, to: output, program.forward).isEmpty else { continue }
        let columns = try Jacobian.byForwardMode(
          of: output, by: input, equations: program.forward, environment: values)
        let rows = try Jacobian.byReverseMode(
          of: output, by: input, equations: program.forward, environment: values)
        #expect(distance(rows, columns) < 1e-10, "\(output) by \(input) in \(random.text)")
      }
    }
  }
}
