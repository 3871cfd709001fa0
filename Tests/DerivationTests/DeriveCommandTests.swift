import Commands
import Explanations
import Formulas
import LinearAlgebra
import Rendering
import Sessions
import Testing

@Suite struct DeriveCommandTests {
  @Test func itLeavesTheSessionAlone() throws {
    var workspace = Workspace()
    _ = try report("derive dW1", in: &workspace)
    #expect(workspace.session.cursor == 0)
    #expect(workspace.past.isEmpty)
  }

  @Test func aGradientReadsLikeABlackboard() throws {
    var workspace = Workspace()
    let text = text(try report("derive dW2", in: &workspace))
    for line in [
      "  ∂L/∂W2 = ∂L/∂Z2 · ∂Z2/∂W2",
      "dZ2 = (S - Y) / m              from L = cross_entropy(Y, S)",
      "  (5×3) = (4×5).T @ (4×3)      matrix product [C = A @ B: dB = A.T @ dC]",
      "  fits: A1.T @ dZ2 = (5×4)(4×3) = 5×3",
      "  = Σ_i dZ2[i,q]·A1[i,p]              δ leaves j = q",
    ] { #expect(text.contains(line + "\n"), "\(line)\n\(text)") }
    #expect(text.contains("checked: every line equals forward-mode differentiation to "))
  }

  @Test func jsonHasEveryLineAsATensor() throws {
    var workspace = Workspace()
    let report = try report("derive dW1", in: &workspace)
    let json = JSONRenderer().render(command: "derive dW1", report, text: text(report))
    for name in ["dZ2", "dA1", "dZ1", "dW1"] { #expect(json.contains("{\"name\":\"\(name)\"")) }
    #expect(json.contains("\"max_difference\":"))
    let value = try #require(report.scalars.first { $0.name == "max_difference" }?.value)
    #expect(value < 1e-14)
  }

  @Test func gradientsThatAreNoStep() throws {
    var workspace = Workspace()
    for name in ["dS", "dY", "dL", "L", "W1", "S", "dX", "dYhat", "J", "db2"] {
      let text = text(try report("derive \(name)", in: &workspace))
      #expect(text.contains("checked"), "\(name)")
      #expect(!text.contains("do not agree"), "\(name)")
    }
  }

  /// Values that overflow cannot be checked, and it is not claimed that they were.
  @Test func overflowIsSaid() throws {
    var workspace = try workspace(
      "set X = [[1e200, 1], [1, 1], [2, 2], [3, 1]]", "set W1 = 1e200 * ones(2, 5)")
    let text = text(try report("derive dW1", in: &workspace))
      .split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(text.contains("cannot be checked here"))
    #expect(!text.contains("checked: every line"))
  }

  @Test func mistakesAreNamed() {
    for (command, message) in [
      ("derive", "derive what?"), ("derive dW9", "there is no 'dW9'"),
      ("derive softmax quotent", "softmax has no route 'quotent'"),
      ("derive dW1 quotient", "only a function has routes"), ("derive 3", "there is no '3'"),
      ("derive randn", "there is no derivation of randn"),
      ("derive softmax index index", "one route at a time"),
    ] {
      var workspace = Workspace()
      for outcome in Interpreter.run(command, in: &workspace) {
        switch outcome.result {
        case .success: Issue.record("\(command) worked")
        case .failure(let diagnostic):
          #expect(diagnostic.message.text().contains(message), "\(diagnostic.message)")
        }
      }
    }
  }

  @Test func completionOffersGradientsFunctionsAndRoutes() {
    let workspace = Workspace()
    func words(_ line: String) -> [String] {
      CommandCompletion.complete(line, cursor: line.count, in: workspace).words
    }
    #expect(words("derive dW") == ["dW1", "dW2"])
    #expect(words("derive softmax_") == ["softmax_cross_entropy"])
    #expect(words("derive softmax l") == ["logarithmic"])
  }

  /// Only the first samples of a large batch, only some entries of a large matrix, and it says so.
  @Test func largeNetworksAreSampled() throws {
    var workspace = try workspace(
      "net 64 32:relu 24:softmax seed=1", "set X = randn(16, 64, seed=2); set Y = onehot(arange(16), 24)")
    #expect(text(try report("derive softmax", in: &workspace)).contains("evaluated on 3 of the 16 samples"))
    #expect(text(try report("derive dW1", in: &workspace)).contains("at up to"))
  }
}
