import Commands
import Differentiation
import Formulas
import LinearAlgebra
import NeuralNetworks
import Reports
import Sessions
import TestSupport
import Testing

/// The gradient check of large parameters, where perturbed batches are stacked, against plain central differences.
@Suite struct StackedGradcheckTests {
  @Test(arguments: [
    "net 12 8:relu 6:tanh 5:softmax", "net 12 10:sigmoid 7:softmax", "net 9 9:leaky_relu 9 loss=half_mse",
    "net 20 6:relu 5:softmax loss=mse", "net 12 8:relu 3:sigmoid reduction=sum",
    "net 12 8:tanh 7:softmax layout=columns",
    "net 12 8:relu 5:softmax bias=off; fused off",
  ]) func agreesWithPlainDifferences(_ network: String) throws {
    var w = Workspace()
    for command in [network, "backward"] {
      for outcome in Interpreter.run(command, in: &w) { _ = try outcome.result.get() }
    }
    let session = w.session
    let environment = SessionEnvironment(session)
    let program = try session.readyProgram()
    let check = GradientCheck(forward: program.forward, loss: "L", environment: environment)
    for name in session.model.parameters {
      let gradient = try #require(environment.value(of: "d" + name))
      let result = try check.check(name, gradient: gradient, method: .central(step: nil))
      for entry in result.entries {
        func loss(_ x: Double) throws -> Double {
          var moved = session
          var value = try #require(session.leaves[name])
          value.replaceElement(at: entry.position, with: x)
          moved.setLeaf(name, value)
          try moved.run(to: program.forward.count)
          return try #require(moved.computed("L")?.elements.first)
        }
        let x = try #require(session.leaves[name]).elements[entry.position]
        let numeric = (try loss(x + 1e-5) - loss(x - 1e-5)) / 2e-5
        #expect(abs(numeric - entry.numeric) < 1e-8 * max(1, abs(numeric)), "\(name)[\(entry.position)]")
      }
    }
  }

  @Test func aKinkIsNamedInTheStackToo() throws {
    var w = Workspace()
    for command in [
      "net 12 8:relu 5:softmax", "set b1 = zeros(1, 8)", "set W1[:, 3] = zeros(12)", "gradcheck",
    ] {
      for outcome in Interpreter.run(command, in: &w) {
        let report = try outcome.result.get()
        if command == "gradcheck" {
          #expect(try #require(report.scalars.first { $0.name == "kinks" }).value == 13)
          #expect(report.texts.contains { $0.contains("moves Z1[0,3] across 0") })
        }
      }
    }
  }

  @Test func aSampleIsDrawnFromAllParameters() throws {
    var w = Workspace()
    var report = Report()
    for command in ["net 64 32:relu 10:softmax", "gradcheck sample=500 seed=1"] {
      for outcome in Interpreter.run(command, in: &w) { report = try outcome.result.get() }
    }
    #expect(report.scalars.first { $0.name == "entries" }?.value == 500)
    #expect(try #require(report.scalars.first { $0.name == "max_relative_error" }).value < 1e-6)
  }

  @Test func targetsCanBeCheckedToo() throws {
    var w = Workspace()
    let report = try Interpreter.run("gradcheck Y", in: &w)[0].result.get()
    #expect(try #require(report.scalars.first { $0.name == "max_relative_error" }).value < 1e-7)
  }
}
