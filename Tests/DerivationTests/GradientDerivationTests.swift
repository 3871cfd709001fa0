import Commands
import Differentiation
import Explanations
import Formulas
import LinearAlgebra
import NeuralNetworks
import Operations
import Sessions
import Testing

@Suite struct GradientDerivationTests {
  private func derive(
    _ target: String, _ session: Session, rules: RuleTable = .standard
  ) throws -> GradientDerivation {
    let session = try session.completed(forward: false)
    let program = try session.readyProgram()
    let other = try Program(
      session.model, leaves: session.leaves.mapValues(\.shape), isFused: session.isFused, rules: rules,
      missing: { Diagnostic("there is no \($0)") })
    return try GradientDerivation(
      of: target, loss: session.model.lossName, forward: program.forward, backward: other.backward,
      environment: Overlay([:], over: SessionEnvironment(session)))
  }

  @Test(arguments: networks) func everyGradientAgreesWithForwardMode(_ network: String) throws {
    for fused in ["fused on", "fused off"] {
      var workspace = try randomized(network, seed: 21)
      _ = try report(fused, in: &workspace)
      let session = try workspace.session.completed(forward: false)
      for equation in try session.readyProgram().backward where equation.name.gradientOf != nil {
        let derivation = try derive(String(equation.name.dropFirst()), session)
        #expect(derivation.isRight, "\(network): \(equation.text)")
        #expect(derivation.largestDifference < 1e-10, "\(network): \(equation.text)")
        #expect(derivation.steps.last?.equation.name == equation.name)
        #expect(derivation.steps.allSatisfy { $0.difference != nil || $0.equation.name == "J" })
      }
    }
  }

  static let models = [
    // A skip connection, a shared weight, a penalty, an upstream gradient, a scalar expression.
    "model Z1 = X @ W1; A1 = tanh(Z1); Z2 = A1 @ W2; Z3 = Z2 + A1; L = mean(Z3**2); param W1 = randn(2, 3, seed=1); param W2 = randn(3, 3, seed=2)",
    "model H1 = tanh(X @ W); H2 = tanh(H1 @ W); L = sum(H2**2); param W = randn(2, 2, seed=3)",
    "model Z1 = X @ W1; S = softmax(Z1); L = cross_entropy(Y, S) + 0.05 * sum(W1**2); param W1 = randn(2, 3, seed=4)",
    "model Z1 = U @ V; L = sum(G * Z1); param U = randn(3, 2, seed=5); param V = randn(2, 4, seed=6); param G = randn(3, 4, seed=7)",
    "model c = a + b; d = a * b + b**3; e = c - d; L = e**2; param a = -4; param b = 2",
    "model P = w2 * x**2 + w1 * x + w0; L = mean((P - t)**2); param w2 = 0.5; param w1 = -1; param w0 = 2; param x = randn(5, 1, seed=8); param t = randn(5, 1, seed=9)",
  ]

  @Test(arguments: models) func anyModel(_ model: String) throws {
    var workspace = Workspace()
    let parts = model.split(separator: "; param").map(String.init)
    _ = try report(parts[0], in: &workspace)
    for part in parts.dropFirst() { _ = try report("param" + part, in: &workspace) }
    let session = try workspace.session.completed(forward: false)
    for name in session.model.parameters {
      let derivation = try derive(name, session)
      #expect(derivation.isRight, "\(model): \(name)")
      #expect(derivation.largestDifference < 1e-10, "\(model): \(name)")
      #expect(!derivation.paths.isEmpty)
      _ = try report("derive d\(name)", in: &workspace)
    }
  }

  @Test func aVariableThatIsUsedTwiceSumsTwoPaths() throws {
    var workspace = Workspace()
    for command in [
      "model Z1 = X @ W1; A1 = tanh(Z1); Z2 = A1 @ W2; Z3 = Z2 + A1; L = mean(Z3**2)",
      "param W1 = randn(2, 3, seed=1)", "param W2 = randn(3, 3, seed=2)",
    ] { _ = try report(command, in: &workspace) }
    let derivation = try derive("W1", workspace.session)
    #expect(
      Set(derivation.paths.map { $0.text() }) == [
        "∂L/∂Z3 · ∂Z3/∂Z2 · ∂Z2/∂A1 · ∂A1/∂Z1 · ∂Z1/∂W1", "∂L/∂Z3 · ∂Z3/∂A1 · ∂A1/∂Z1 · ∂Z1/∂W1",
      ])
  }

  @Test func theChainOfAnOrdinaryNetwork() throws {
    let derivation = try derive("W1", Workspace().session)
    #expect(derivation.paths == ["∂L/∂Z2 · ∂Z2/∂A1 · ∂A1/∂Z1 · ∂Z1/∂W1"])
    #expect(derivation.steps.map(\.equation.text).last == "dW1 = X.T @ dZ1")
    #expect(derivation.steps.map(\.shapes).last == "(2×5) = (4×2).T @ (4×5)")
    #expect(derivation.fit?.fitting.count == 1)
    #expect(derivation.fit?.candidates.count == 8)
    #expect(derivation.indexForm?.isRight == true)
  }

  /// The way on which a value enters the loss itself is one of its terms, not the whole.
  @Test func aPenaltyIsATermOfItsOwn() throws {
    var workspace = Workspace()
    let commands = [
      "model Z1 = X @ W1; S = softmax(Z1); L = cross_entropy(Y, S) + 0.05 * sum(W1**2)",
      "param W1 = randn(2, 3, seed=4)",
    ]
    for command in commands { _ = try report(command, in: &workspace) }
    let derivation = try derive("W1", workspace.session)
    #expect(derivation.isRight)
    #expect(derivation.paths.contains("∂(0.05 * sum(W1**2))/∂W1"), "\(derivation.paths)")
    let text = text(try report("derive dW1", in: &workspace))
    #expect(!text.contains("∂L/∂W1 = ∂L/∂W1") && !text.contains("+ ∂L/∂W1\n"), "\(text)")
  }

  /// What must have which shape is the product that is written, not always the gradient.
  @Test func aTransposedProductHasTheOtherShape() throws {
    var workspace = Workspace()
    let commands = [
      "model z = w.T @ x + b; L = sum(z**2)", "param w = [[1], [2], [3]]", "set x = [[1, 2], [0, 1], [3, 1]]",
      "param b = 0.5",
    ]
    for command in commands { _ = try report(command, in: &workspace) }
    let text = text(try report("derive dw", in: &workspace))
    #expect(!text.contains("dw must be 1×3"), "\(text)")
    #expect(text.contains("1×3, like w.T") || text.contains("dw must be 3×1, like w"), "\(text)")
  }

  /// Square matrices: every order and transposition meets, one is right.
  @Test func shapesDoNotDecideForSquareMatrices() throws {
    var workspace = try workspace(
      "net 3 3:tanh 3:softmax seed=2", "set X = randn(3, 3, seed=4)", "set Y = eye(3)")
    let derivation = try derive("W1", workspace.session)
    #expect(derivation.fit?.fitting.count == 8)
    #expect(derivation.fit?.candidates.filter { $0.verdict == .right }.count == 1)
    let text = text(try report("derive dW1", in: &workspace))
    #expect(text.contains("Shapes alone do not decide"))
    #expect(text.contains("δ(j,q)"))
  }

  /// A rule with a mistake in it makes lines that forward mode does not confirm.
  @Test func aWrongRuleIsCaught() throws {
    let rules = RuleTable.standard.replacing(
      RuleTable.elementwise, with: Rule("planted: f' left out") { _, dC, _ in dC })
    let wrong = try derive("W1", Workspace().session, rules: rules)
    #expect(!wrong.isRight)
    #expect(wrong.largestDifference > 1e-3)
    let right = try derive("W2", Workspace().session, rules: rules)
    #expect(right.isRight)
  }

  /// A rule is found by its title: what shares one says the same.
  @Test func rulesOfOneTitleSayTheSame() {
    var statements: [String: String] = [:]
    for operation in Operation.all {
      let statement = operation.rule == nil ? "" : operation.statement
      #expect(statements.updateValue(statement, forKey: operation.title) ?? statement == statement)
    }
  }

  /// The sign of a number is a step: a product with it has the sign as its whole gradient.
  @Test func aStepPassesNothingBack() throws {
    var workspace = Workspace()
    for line in ["model A = sign(P) * P; L = sum(A)", "set P = [[1, -2], [3, 4]]", "backward"] {
      _ = Interpreter.run(line, in: &workspace)
    }
    let equation = try #require(
      workspace.session.readyProgram().backward.first { $0.name == "dP" })
    #expect(equation.expression.description == "dA * sign(P)")
    #expect(SessionEnvironment(workspace.session).value(of: "dP") == Tensor(rows: [[1, -1], [1, 1]]))
  }

  /// Every rule that a backward equation can name has words to say.
  @Test func everyRuleHasAStatement() throws {
    for operation in Operation.all { #expect(RuleStatements.statement(of: operation.title) != nil) }
    for network in networks {
      for fused in ["fused on", "fused off"] {
        let session = try workspace(network, fused).session
        for rule in try session.readyProgram().backward.flatMap(\.rules) {
          #expect(RuleStatements.statement(of: rule) != nil, "\(rule)")
        }
      }
    }
  }
}
