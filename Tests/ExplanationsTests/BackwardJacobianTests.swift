import Commands
import Differentiation
import Explanations
import Formulas
import LinearAlgebra
import NeuralNetworks
import Operations
import Sessions
import Testing

/// Jacobians of the steps of a backward pass, which hold names that a pass of their own would give too.
@Suite struct BackwardJacobianTests {
  /// da = dL/dp · b = 2ab·b = 2ab², so that ∂da/∂b = 4ab.
  @Test func theNamesOfAPathAreItsOwn() {
    let lines = ["model p = a*b; L = p**2", "param a = 2", "param b = 3", "f", "b", "jacobian da b"]
    var workspace = Workspace()
    var last: [String] = []
    for line in lines { for outcome in Interpreter.run(line, in: &workspace) { last = text(outcome.result) } }
    #expect(last.contains("∂da/∂b = 24"))
  }

  @Test func unfusedStepsDependOnWhatTheySoftmaxOf() throws {
    // dZ2 = (S - Y) / m either way, so that ∂dZ2/∂Z2 is J / m.
    let blocks = try #require(tensors(outcome("fused off", "f", "b", "jacobian dZ2 Z2"))["blocks"])
    let J = try #require(tensors(outcome("fused off", "f", "jacobian softmax"))["J"])
    #expect(difference(blocks, J.map { $0 / 4 }) < 1e-14)
    #expect(
      text(outcome("fused off", "f", "b", "jacobian J Z2")).contains { $0.hasPrefix("Sparse: 324 of 432") })
  }

  /// Rows by the backward rules, columns by dual numbers and differences of the path itself along one direction.
  @Test func rowsColumnsAndDifferencesAgree() throws {
    var (compared, withRows, withDifferences, withFormula) = (0, 0, 0, 0)
    for session in sessions() {
      let program = try session.readyProgram()
      let environment = SessionEnvironment(session)
      let names = program.steps.map(\.name)
      for (position, output) in names.enumerated() where position >= program.forward.count - 1 {
        for input in names[..<position] + session.model.parameters {
          guard let A = environment.shape(of: output), let base = environment.value(of: input),
            A.count * base.count <= 150
          else { continue }
          let path = Jacobian.path(from: input, to: output, program.steps)
          guard !path.isEmpty else { continue }
          let label = "\(output) by \(input) in \(path.map(\.text).joined(separator: "; "))"
          let columns = try Jacobian.byForwardMode(
            of: output, by: input, equations: path, environment: environment)
          guard columns.isFinite else { continue }
          compared += 1
          if let rows = try? Jacobian.byReverseMode(
            of: output, by: input, equations: path, environment: environment), rows.isFinite
          {
            withRows += 1
            #expect(difference(rows, columns) < 1e-9 * scale(columns), "\(label)")
          }
          if path.count == 1, let step = path.first,
            let value = try JacobianFormula(
              of: step, by: input, environment: environment, counting: program.counting,
              named: [:])?.value(), value.isFinite
          {
            withFormula += 1
            #expect(difference(value, columns) < 1e-9 * scale(columns), "\(label)")
          }
          guard compared % 5 == 0 else { continue }
          func moved(_ h: Double) throws -> Tensor {
            let direction = base.shape.count > 0 ? direction(base.shape).map { $0 * h } : base
            var overlay = Overlay([input: try #require(base.combined(with: direction, +))], over: environment)
            for equation in path {
              overlay.values[equation.name] = try Evaluator(overlay).value(of: equation.expression)
            }
            return try #require(overlay.values[output])
          }
          let (h, here) = (1e-5, try moved(0))
          let (above, below) = (try moved(h), try moved(-h))
          let turn = direction(base.shape).elements
          for i in 0..<A.count {
            let exact = (0..<base.count).reduce(0.0) { $0 + columns.elements[i * base.count + $1] * turn[$1] }
            let right = (above.elements[i] - here.elements[i]) / h
            let left = (here.elements[i] - below.elements[i]) / h
            // At a kink the two sides differ.
            guard abs(right - left) < 1e-2 * max(1, abs(exact)) else { continue }
            withDifferences += 1
            #expect(abs((right + left) / 2 - exact) < 1e-4 * max(1, scale(columns)), "\(label)")
          }
        }
      }
    }
    #expect(compared > 500)
    #expect(withRows * 10 > compared * 6)
    #expect(withDifferences > 500)
    #expect(withFormula > 100)
  }

  private func direction(_ shape: Shape) -> Tensor {
    var random = RandomGenerator(seed: 5)
    return random.normal(shape: shape)
  }

  private func scale(_ a: Tensor) -> Double { a.elements.reduce(1) { max($0, abs($1)) } }

  private func difference(_ a: Tensor, _ b: Tensor) -> Double {
    guard a.shape == b.shape else { return .infinity }
    return zip(a.elements, b.elements).reduce(0) { max($0, abs($1.0 - $1.1)) }
  }
}
