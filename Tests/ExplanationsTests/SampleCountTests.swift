import Commands
import Formulas
import LinearAlgebra
import Reports
import Sessions
import Testing

/// `m` in models whose input has another name.
@Suite struct SampleCountTests {
  static let model = "model net1 = x @ W; out1 = sigmoid(net1); loss = sum((t - out1)**2)/m"

  @Test func itFollowsTheFirstInputThatIsUsed() {
    let values = [
      "set t = [[0], [1], [1], [0]]", "param W = [[0], [0]]", "set x = [[0, 0], [0, 1], [1, 0], [1, 1]]",
    ]
    // sigmoid(0) = 1/2, so that every square is 1/4.
    #expect(loss([Self.model] + values + ["f"]) == 0.25)
    #expect(loss(["model loss = sum(W * x)/m", "set x = [[1, 2], [3, 4]]", "param W = 1", "f"]) == 5)
    #expect(
      diagnostic(run([Self.model] + values + ["set m = 3"]))?.message.text().hasSuffix("follows x") == true)
  }

  @Test func itCanBeGivenWhereNothingShowsIt() {
    let lines = ["model loss = (a*b)**2/m", "param a = 2", "set b = 3"]
    #expect(diagnostic(run(lines + ["f"]))?.hint == "give it: set m = 4")
    #expect(loss(lines + ["set m = 4", "f"]) == 9)
    #expect(loss(lines + ["set m = 4", "set m = 2", "f"]) == 18)
    #expect(diagnostic(run(lines + ["set m = 0.5"]))?.message == "m is a number of samples: 1, 2, …")
    #expect(diagnostic(run(["set m = 3"]))?.message == "m is the number of samples and follows X")
  }

  /// Five numbers that no value of a name has: a list, and what is put together. By hand: 2 times their mean.
  @Test func whatHasNoNameIsNoSample() {
    for five in ["[[1], [2], [3], [4], [5]]", "concat(b, c, axis=0)"] {
      let lines = text(
        run([
          "model u = X * mean(\(five)); L = mean(sin(u))",
          "set X = [[2, 1, 0, 1], [0, 1, 2, 3], [1, 0, 1, 2]]",
          "param b = [[1], [2]]", "param c = [[3], [4], [5]]", "why u[0,0]",
        ]))
      #expect(lines.contains("the stored value to the last bit: 6"), "\(lines)")
    }
  }

  /// Every sample with every other: m·m entries. PyTorch: K = Z @ Z.T; K.pow(2).mean().backward() with Z = X @ W, and with
  /// the mean of K[:, :, None] * tensor([4., 5.]).
  @Test func aMeanOverSamplesTwice() {
    let values = ["param W = [[1], [2]]", "set X = [[1, 2], [2, 1], [3, 2]]", "backward"]
    #expect(
      tensors(run(["model Z = X @ W; K = Z @ Z.T; L = mean(K**2)"] + values))["dW"]
        == Tensor(unchecked: [2, 1], [1360, 1120]))
    #expect(
      tensors(run(["model Z = X @ W; K = Z @ Z.T; R = reshape(K, m, m, 1) * [4, 5]; L = mean(R)"] + values))[
        "dW"]
        == Tensor(unchecked: [2, 1], [96, 80]))
  }

  /// PyTorch: W - 0.75 * the gradient of (Z @ Z.T).diagonal().mean(), which is diag(ones(m) / m) at the product.
  @Test func whatIsMadeOfTheCountAloneIsTrained() throws {
    let lines = [
      "model Z = X @ W; K = Z @ Z.T; L = mean(diag(K))", "param W = [[1], [2]]",
      "set X = [[1, 2], [2, 1], [3, 2]]", "train epochs=1 lr=0.75 batch=3", "show W",
    ]
    let W = try #require(tensors(run(lines))["W"])
    #expect(zip(W.elements, [-16, -12]).allSatisfy { abs($0 - $1) < 1e-12 })
  }

  private func run(_ lines: [String]) -> Result<Report, Diagnostic> {
    var workspace = Workspace()
    var last: Result<Report, Diagnostic> = .success(Report())
    for line in lines { for outcome in Interpreter.run(line, in: &workspace) { last = outcome.result } }
    return last
  }

  private func loss(_ lines: [String]) -> Double? { tensors(run(lines))["loss"]?.scalarValue }
}
