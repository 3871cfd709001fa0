import Commands
import Differentiation
import Formulas
import LinearAlgebra
import NeuralNetworks
import Operations
import Reports
import Sessions
import Testing

@Suite struct GradcheckTests {
  static func scalar(_ name: String, _ commands: [String]) throws -> Double? {
    var workspace = Workspace()
    var last = Report()
    for command in commands {
      for outcome in Interpreter.run(command, in: &workspace) { last = try outcome.result.get() }
    }
    return last.scalars.first { $0.name == name }?.value
  }

  /// Every activation with every loss that takes it, both layouts.
  static let networks: [String] = {
    var result = ["net 2 4:relu 3:softmax"]
    for layout in ["rows", "columns"] {
      for hidden in Activations.names where hidden != "softmax" {
        for (output, losses) in [
          ("softmax", ["cross_entropy", "mse", "half_mse", "sse", "half_sse"]),
          ("sigmoid", ["binary_cross_entropy", "mse", "half_mse", "sse", "half_sse"]),
          ("linear", ["mse", "half_sse"]),
          ("tanh", ["half_mse"]),
        ] {
          for loss in losses {
            result.append("net 4 8:\(hidden) 8:\(hidden) 5:\(output) loss=\(loss) layout=\(layout) seed=3")
          }
        }
      }
    }
    return result
  }()

  @Test(arguments: networks) func centralDifferencesAgree(_ network: String) throws {
    let error = try #require(try Self.scalar("max_relative_error", [network, "gradcheck"]))
    #expect(error < 1e-7, "\(network)")
  }

  @Test(arguments: networks) func forwardModeAgrees(_ network: String) throws {
    for fused in ["on", "off"] {
      let error = try #require(
        try Self.scalar("max_relative_error", [network, "fused \(fused)", "gradcheck method=forward"]))
      #expect(error < 1e-12, "\(network)")
    }
  }

  /// The gradient is 1.05e-5; the mistake is as large in relation to it as in any other.
  @Test func aWrongSignOfASmallGradientIsTwice() {
    let unequal = GradientCheck.relativeError(1.05e-5, -1.05e-5, floor: 0.029)
    #expect(abs(unequal - 2) < 1e-12)
    // What rounding makes is no error.
    #expect(GradientCheck.relativeError(1e-17, 0, floor: 0.029) < 1e-14)
    #expect(GradientCheck.relativeError(2e-10, 0, floor: 0.029) < 1e-8)
  }

  @Test func aWrongRuleIsCaughtAndNamed() throws {
    // A matrix product whose right operand gets twice what it should.
    let rule = try #require(Operation.matrixProduct.rule)
    let planted = RuleTable.standard.replacing(
      Operation.matrixProduct.name,
      with: Rule("planted") { (node, dC, i) throws(Diagnostic) in
        let right = try rule.backward(node, dC, i)
        return i == 1 ? right.map { Cotangent(2 * $0.expression, $0.shape) } : right
      })
    let session = Session.initial
    let program = try Program(
      session.model, leaves: session.leaves.mapValues(\.shape), isFused: true, rules: planted
    ) {
      Diagnostic("there is no \($0)")
    }
    var values = Bindings(session.leaves)
    values.values["m"] = Tensor(3)
    for step in program.steps { values.values[step.name] = try Evaluator(values).value(of: step.evaluated) }
    let check = GradientCheck(forward: program.forward, loss: "L", environment: values)
    for (name, isWrong) in [("W1", true), ("b1", false), ("W2", true), ("b2", false)] {
      let result = try check.check(
        name, gradient: #require(values.values["d" + name]), method: .central(step: nil))
      #expect((result.maximalError > 1e-3) == isWrong, "\(name)")
      let worst = try #require(result.worst)
      if isWrong { #expect(abs(worst.analytic - 2 * worst.numeric) < 1e-8) }
    }
  }

  @Test func anEntryOnAKinkIsReportedAsOne() throws {
    // Z1[0,0] = 1·0 + 0 = 0: relu has no derivative there.
    let commands = [
      "net 1 1:relu 1", "set X = [[1]]", "set Y = [[1]]", "set W1 = [[0]]", "set b1 = [[0]]",
      "set W2 = [[1]]",
    ]
    for method in ["central", "forward"] {
      #expect(try Self.scalar("kinks", commands + ["gradcheck method=\(method)"]) == 2)
    }
    #expect(try Self.scalar("kinks", ["gradcheck"]) == 0)
  }

  @Test func theSweepFallsWithHSquaredAndRisesAgain() throws {
    var workspace = Workspace()
    let report = try Interpreter.run("gradcheck sweep", in: &workspace)[0].result.get()
    let errors = Dictionary(uniqueKeysWithValues: report.scalars)
    let large = try #require(errors["error_1e-2"])
    let smaller = try #require(errors["error_1e-3"])
    let tiny = try #require(errors["error_1e-12"])
    let best = try #require(errors["error_1e-5"])
    #expect((50...200).contains(large / smaller))
    #expect(tiny > 1000 * best)
  }
}
