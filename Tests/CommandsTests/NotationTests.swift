import Commands
import Explanations
import Formulas
import Rendering
import Reports
import Sessions
import Testing

@Suite struct NotationTests {
  /// What the last of some commands prints, line by line, without the blanks before.
  private func printed(_ commands: String...) throws -> [String] {
    var workspace = Workspace()
    var last = Report()
    for command in commands {
      for outcome in Interpreter.run(command, in: &workspace) { last = try outcome.result.get() }
    }
    return TextRenderer().render(last).split(separator: "\n").map { String($0.drop { $0 == " " }) }
  }

  @Test(arguments: [
    ("netout", "delta_2 = (out_2 - y) / m"), ("netout", "∂L/∂w_1 = x.T @ delta_1"),
    ("netout", "∂L/∂out_1 = delta_2 @ w_2.T"),
    ("column", "∂e/∂x3 = (y - t) / m"), ("column", "x3 = x2 @ W1 + b1"),
    ("index", "dW1[i,j] = Σ_k X[k,i]·dZ1[k,j]"), ("index", "Z1[i,j] = Σ_k X[i,k]·W1[k,j] + b1[0,j]"),
    ("default", "dZ2 = (S - Y) / m"),
  ]) func equationsInTheSymbolsOfTheSources(_ notation: String, _ expected: String) throws {
    #expect(try printed("notation \(notation)").contains(expected))
  }

  @Test func jsonKeepsTheNamesOfTheSession() throws {
    var workspace = Workspace()
    for command in ["notation netout", "backward"] {
      for outcome in Interpreter.run(command, in: &workspace) { _ = try outcome.result.get() }
    }
    let report = try Interpreter.run("show dW1 Z1", in: &workspace)[0].result.get()
    #expect(report.tensors.map(\.name) == ["dW1", "Z1"])
    let lines = TextRenderer().render(report).split(separator: "\n")
    #expect(lines.contains("∂L/∂w_1 (2×4) = x.T @ delta_1"))
    #expect(lines.contains("net_1 (3×4) = x @ w_1 + b_1"))
  }

  /// The names of layers follow the equations, whatever these call them.
  @Test func layersAreFoundByStructure() throws {
    let model = "model H = inputs @ theta1 + c; G = tanh(H); O = G @ K; C = half_mse(wanted, O)"
    #expect(
      try printed("notation netout", model, "param c K", "param theta1 = randn(2, 3)", "equations") == [
        "net_1 = x @ w_1 + b_1", "out_1 = tanh(net_1)", "net_2 = out_1 @ w_2", "C = half_mse(y, net_2)",
      ])
  }
}
