import Commands
import LinearAlgebra
import Reports
import Sessions
import Testing

/// Faults that were met once, each with the line that showed it.
@Suite struct MetFaultsTests {
  private func failure(_ commands: [String]) -> String? {
    var w = Workspace()
    for command in commands {
      for outcome in Interpreter.run(command, in: &w) {
        if case .failure(let diagnostic) = outcome.result { return diagnostic.message.text() }
      }
    }
    return nil
  }

  @Test func anEmptyBatchDoesNotEndTheGradientCheck() {
    for method in ["central", "forward"] {
      _ = failure(["set X = zeros(0, 2)", "set Y = zeros(0, 3)", "gradcheck method=\(method)", "update"])
    }
  }

  @Test func aStepCannotHaveTheNameOfAGradient() {
    #expect(failure(["model Z = X @ W1; dZ = Z * 2; L = sum(dZ)"])?.contains("the gradient of Z") == true)
  }

  @Test func aGradientWrittenAsAFractionIsTheGradient() throws {
    var w = Workspace()
    _ = Interpreter.run("backward", in: &w)
    let fraction = try Interpreter.run("dL/dW1", in: &w)[0].result.get()
    #expect(fraction.tensors.first?.value == w.session.computed("dW1"))
  }

  @Test func kinksAreNotCountedAsAgreement() throws {
    var w = Workspace()
    var report = Report()
    for command in ["set b1 = zeros(1, 5)", "set X = zeros(4, 2)", "gradcheck b1"] {
      report = try Interpreter.run(command, in: &w)[0].result.get()
    }
    #expect(report.scalars.first { $0.name == "entries" }?.value == 0)
    #expect(report.texts.contains { $0.contains("nothing could be compared") })
  }
}
