import Commands
import Formulas
import LinearAlgebra
import Rendering
import Reports
import Sessions

/// The last command's report, or the diagnostic that stopped it.
func outcome(_ lines: String...) -> Result<Report, Diagnostic> { outcome(lines) }

func outcome(_ lines: [String]) -> Result<Report, Diagnostic> {
  var workspace = Workspace()
  var last: Result<Report, Diagnostic> = .success(Report())
  for line in lines { for outcome in Interpreter.run(line, in: &workspace) { last = outcome.result } }
  return last
}

/// What a person at an 80-column window reads.
func text(_ result: Result<Report, Diagnostic>) -> [String] {
  switch result {
  case .success(let report):
    TextRenderer(width: 80).render(report).split(separator: "\n", omittingEmptySubsequences: false).map(
      String.init)
  case .failure(let diagnostic): ["error: \(diagnostic.message)", "hint: \(diagnostic.hint ?? "")"]
  }
}

func tensors(_ result: Result<Report, Diagnostic>) -> [String: Tensor] {
  guard case .success(let report) = result else { return [:] }
  var found: [String: Tensor] = [:]
  for case .tensor(let block) in report.blocks where block.isData { found[block.name] = block.value }
  return found
}

func diagnostic(_ result: Result<Report, Diagnostic>) -> Diagnostic? {
  if case .failure(let diagnostic) = result { diagnostic } else { nil }
}

/// A session for every kind of model that the rules cover.
let networks = [
  "net 2 4:relu 3:softmax",
  "net 3 5:tanh 4:sigmoid 2:linear loss=mse seed=4",
  "net 3 4:softplus 3:softmax layout=columns reduction=sum seed=5",
  "net 2 3:leaky_relu 1:sigmoid bias=off seed=6",
  "net 40 30:tanh 4:softmax seed=7",
  "net 1x6x6 conv(2,3x3,pad=1):relu maxpool(2) conv(1,2x2,stride=1):tanh avgpool(2) flatten 3:softmax seed=3",
  "net 2x5x5 conv(3,3x3,stride=2,pad=1):sigmoid flatten 2:linear seed=8",
]

let models = [
  "model H = tanh(X @ W); Z = H @ W.T + X; P = softmax(Z); L = cross_entropy(Y, P) + 0.5*lambda*sum(W**2)",
  "model A = X.T @ X; B = A[0:2, ::-1] * 2; C = exp(-B) / (1 + sum(B, axis=0)); L = sum(abs(C - V)) + mean(max(A, axis=1))",
  "model A = maximum(X, 0.5) - minimum(X, Y); B = where(X > Y, X, Y**3); C = clip(A * B, -1, 1); L = sum(outer(sum(C, axis=1), sum(B, axis=0))) + logsumexp(reshape(C, 1, 4))[0, 0]",
  "model S = softmax(X @ W, axis=0); D = diag(sum(S, axis=1)); L = sum(sqrt(D + eye(2)) * [[1, 2], [3, 4]]) / m",
]
let values =
  "set X = [[1, 2], [0.5, -1]]; set Y = [[1, 0], [0, 1]]; param W = [[0.3, -0.2], [0.7, 0.1]]; set lambda = 0.1; set V = [[0.2, 0.3], [0.4, 0.5]]"

/// Networks of random depth, widths, activations, layouts and losses.
func randomNetworks(_ count: Int) -> [String] {
  var generator = RandomGenerator(seed: 23)
  func pick(_ n: Int) -> Int { min(n - 1, Int(generator.uniform(shape: [1], 0, Double(n)).elements[0])) }
  let hidden = ["relu", "tanh", "sigmoid", "softplus", "leaky_relu", "linear"]
  let last = ["softmax", "sigmoid", "linear"]
  return (0..<count).map { number in
    var words = ["net", String(1 + pick(4))]
    for _ in 0..<pick(3) { words.append("\(1 + pick(5)):\(hidden[pick(hidden.count)])") }
    let activation = last[pick(3)]
    words.append("\((activation == "softmax" ? 2 : 1) + pick(3)):\(activation)")
    words.append("layout=\(["rows", "columns"][pick(2)])")
    words.append("bias=\(["on", "off"][pick(2)])")
    if activation == "linear" { words.append("loss=\(["mse", "half_mse", "sse", "half_sse"][pick(4)])") }
    words.append("seed=\(number)")
    return words.joined(separator: " ")
  }
}

/// Sessions with every step done, fused and not.
func sessions() -> [Session] {
  var result: [Session] = []
  for fused in ["fused on", "fused off"] {
    for network in networks + randomNetworks(30) {
      var workspace = Workspace()
      for line in [network, fused, "forward", "backward"] { _ = Interpreter.run(line, in: &workspace) }
      result.append(workspace.session)
    }
    for model in models {
      var workspace = Workspace()
      for line in [model] + values.split(separator: ";").map(String.init) + [fused, "forward", "backward"] {
        _ = Interpreter.run(line, in: &workspace)
      }
      result.append(workspace.session)
    }
  }
  return result
}
