import Commands
import LinearAlgebra
import Reports
import Sessions
import Testing

@Suite struct CompareTests {
  private func report(_ commands: [String]) throws -> Report {
    var workspace = Workspace()
    var last = Report()
    for command in commands {
      for outcome in Interpreter.run(command, in: &workspace) { last = try outcome.result.get() }
    }
    return last
  }

  @Test(arguments: 0..<20) func theFullContractionAndTheShortcutAgree(_ seed: Int) throws {
    let last = try report([
      "model S = softmax(Z); L = cross_entropy(Y, S)", "param Z = 3 * randn(5, 7, seed=\(seed))",
      "set Y = onehot([0, 6, 3, 3, 1], 7)", "compare softmax",
    ])
    let difference = try #require(last.scalars.first { $0.name == "max_difference" })
    #expect(difference.value < 1e-15)
  }

  /// What is in the way of the shortcut is said as it is.
  @Test(arguments: [
    ("model Z = X @ W1; S = softmax(Z); L = -sum(Y*log(S + 1e-9))/m", "S is a softmax"),
    ("net 2 4:sigmoid 1:sigmoid", "yes and no"), ("net 2 3:linear", "no cross-entropy"),
  ])
  func whatIsMissingIsSaid(_ model: String, _ words: String) throws {
    var workspace = Workspace()
    _ = Interpreter.run(model, in: &workspace)
    _ = Interpreter.run("init", in: &workspace)
    guard case .failure(let diagnostic)? = Interpreter.run("compare softmax", in: &workspace).last?.result
    else {
      Issue.record("compared")
      return
    }
    #expect(diagnostic.message.text().contains(words))
  }

  @Test func underflowIsNamedAndTheShortcutIsRight() throws {
    let last = try report([
      "model S = softmax(Z); L = cross_entropy(Y, S)", "param Z = [[1000, 0, -1000]]", "set Y = [[0, 1, 0]]",
      "compare softmax",
    ])
    let fused = last.tensors.first { $0.name == "fused" }
    #expect(fused?.value.elements == [1, -1, 0])
    #expect(last.texts.contains { $0.contains("S[0,1] underflowed to 0") })
  }

  @Test func targetsThatDoNotSumToOneDoNotTakeTheShortcut() throws {
    var workspace = Workspace()
    for command in ["set Y = [[1, 1, 0], [0, 0, 0], [0, 1, 0], [0, 0, 1]]", "backward"] {
      for outcome in Interpreter.run(command, in: &workspace) { _ = try outcome.result.get() }
    }
    let gradcheck = try Interpreter.run("gradcheck", in: &workspace)[0].result.get()
    #expect(try #require(gradcheck.scalars.first { $0.name == "max_relative_error" }).value < 1e-7)
  }
}

extension Report {
  var tensors: [TensorBlock] { blocks.compactMap { if case .tensor(let block) = $0 { block } else { nil } } }
  var texts: [String] {
    blocks.compactMap {
      switch $0 {
      case .text(let text, _), .paragraph(let text, _): text.text()
      default: nil
      }
    }
  }
}
