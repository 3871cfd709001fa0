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
    #expect(lines.contains("∂L/∂w_1 (2×5) = x.T @ delta_1"))
    #expect(lines.contains("net_1 (4×5) = x @ w_1 + b_1"))
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

/// What is shown can be typed.
@Suite struct NotationReadingTests {
  private func printed(_ commands: String...) throws -> String {
    var workspace = Workspace()
    var text = ""
    for command in commands {
      for outcome in Interpreter.run(command, in: &workspace) {
        text = TextRenderer(width: 120).render(try outcome.result.get())
      }
    }
    return text
  }

  private func failure(_ commands: String...) -> String {
    var workspace = Workspace()
    for command in commands {
      for outcome in Interpreter.run(command, in: &workspace) {
        if case .failure(let reason) = outcome.result {
          return TextRenderer(width: 120).render(reason, prompt: nil)
        }
      }
    }
    return ""
  }

  @Test(arguments: [
    ("show net_1", "net_1 (4×5) = x @ w_1 + b_1"),
    ("net_1", "net_1 (4×5) = x @ w_1 + b_1"),
    ("show ∂L/∂w_1", "∂L/∂w_1 (2×5) = x.T @ delta_1"),
    ("show dW1", "∂L/∂w_1 (2×5) = x.T @ delta_1"),
    ("derive delta_1", "from L to delta_1 = ∂L/∂net_1"),
    ("jacobian net_2 out_1", "∂net_2/∂out_1: net_2 (4×3) by out_1 (4×5)"),
    ("jacobian Z2 A1", "∂net_2/∂out_1: net_2 (4×3) by out_1 (4×5)"),
    ("why delta_1[0,1]", "delta_1 (4×5) = "),
    ("why ∂L/∂w_1[0,2]", "∂L/∂w_1[0,2] = "),
    ("check ∂L/∂w_2 = out_1.T @ delta_2", "∂L/∂w_2 is right in all 15 entries"),
    ("set b_1 = [0, 0, 0, 0, 0]", "b_1 (1×5)  [parameter]"),
    ("gradcheck w_1", "∂L/∂w_1"),
    ("update w_1", "w_1 (2×5) = w_1 - lr * ∂L/∂w_1"),
  ]) func netOut(_ command: String, _ line: String) throws {
    let text = try printed("notation netout", "backward", command)
    #expect(text.contains(line), "\(text)")
  }

  /// `W1` is the matrix that is labelled W1: the second one.
  @Test(arguments: [
    ("show x1", "x1 (4×5) = x @ W0 + b0"), ("show W0", "W0 (2×5)"), ("show W1", "W1 (5×3)"),
    ("show dW1", "∂e/∂W1 (5×3) = x2.T @ ∂e/∂x3"), ("e", "e = 1.0409"), ("until ∂e/∂x3", "∂e/∂x3 (4×3)"),
  ]) func column(_ command: String, _ line: String) throws {
    let text = try printed("notation column", "backward", command)
    #expect(text.contains(line), "\(text)")
  }

  @Test(arguments: [
    ("dL/dW1[0,2]", "dW1[0,2] = 0.1644"), ("why dL/dW1[0,2]", "dW1[0,2] = "),
    ("X.T @ dL/dZ1", "X.T @ dZ1 (2×5)"),
    ("derive ∂L/∂W1", "from L to dW1"), ("dW1[0, 2]", "dW1[0,2] = 0.1644"),
  ]) func gradientsAreOneName(_ command: String, _ line: String) throws {
    let text = try printed("backward", command)
    #expect(text.contains(line), "\(text)")
  }

  @Test func aLossMayBeCalledJ() throws {
    let text = try printed(
      "model Z = X @ W; J = sum(Z**2)", "param W = [[1], [2]]", "set X = [[3, 4]]", "backward", "dJ/dW[0,0]")
    #expect(text == "dW[0,0] = 66\n")
  }

  /// A name of the student's own is not taken for a symbol, and no index goes by a name in use.
  @Test func namesInUseKeepTheirMeaning() throws {
    #expect(try printed("let t = 5", "notation column", "t") == "t = 5  [yours]\n")
    let text = try printed("let k = 5", "notation index")
    #expect(text.contains("Z1[i,j] = Σ_l X[i,l]·W1[l,j] + b1[0,j]"), "\(text)")
  }

  @Test func wordsAreNeverRewritten() throws {
    let plain = try printed("derive softmax")
    let column = try printed("notation column", "derive softmax")
    #expect(plain.split(separator: "\n").last == column.split(separator: "\n").last)
  }

  @Test(arguments: [
    ("z1", "did you mean Z1?"), ("show z1", "did you mean Z1?"), ("show l", "did you mean L?"),
    ("until dw1", "did you mean dW1?"), ("set w1 = 3", "did you mean W1?"), ("why s[0,1]", "did you mean S?"),
  ]) func anotherCaseIsSuggestedFirst(_ command: String, _ hint: String) {
    #expect(failure(command).contains(hint), "\(failure(command))")
  }

  @Test func suggestionsAreInTheNotation() {
    #expect(failure("notation netout", "forward", "show net1").contains("did you mean net_1?"))
    #expect(failure("∂Z2/∂W1").contains("'jacobian Z2 W1' shows it"))
  }

  @Test func aSavedSessionIsReadInTheNotationItWasMadeIn() throws {
    var workspace = Workspace()
    for command in ["notation column", "set W0[0,0] = 7"] {
      for outcome in Interpreter.run(command, in: &workspace) { _ = try outcome.result.get() }
    }
    let text = SessionScript.text(workspace.session)
    _ = try Script.run(text, file: "saved", in: &workspace)
    #expect(workspace.session.leaves["W1"]?[0, 0] == 7)
    #expect(workspace.session.settings.notation == .column)
  }
}

/// J is softmax's Jacobian, and J_S where the model has a J of its own.
@Suite struct NamedJacobianTests {
  @Test func aLossCalledJOverASoftmax() throws {
    var workspace = Workspace()
    func run(_ line: String) throws -> Report {
      try #require(Interpreter.run(line, in: &workspace).last).result.get()
    }
    _ = try run("model Z = X @ W; S = softmax(Z); J = cross_entropy(Y, S)")
    _ = try run("param W = zeros(2, 3)")
    // Equal classes: log 3.
    let loss = try #require(try run("forward").tensors.last)
    #expect(loss.name == "J" && abs((loss.value.scalarValue ?? 0) - 1.0986122886681098) < 1e-12)
    for line in ["backward", "fused off", "forward", "backward"] { _ = try run(line) }
    #expect(try run("J_S").tensors.first?.value.shape == [4, 3, 3])
    #expect(try run("dJ/dW").tensors.first?.value.shape == [2, 3])
    #expect(
      try run("gradcheck").scalars.last { $0.name == "max_relative_error" }.map { $0.value < 1e-6 } == true)
  }
}
