import Commands
import LinearAlgebra
import NeuralNetworks
import Platform
import Reports
import Sessions
import Testing

/// Optimisers against what their sources publish.
@Suite struct OptimizerTests {
  @discardableResult private func run(_ lines: String..., in w: inout Workspace) throws -> Report {
    var last = Report()
    for line in lines {
      for outcome in Interpreter.run(line, in: &w) { last = try outcome.result.get() }
    }
    return last
  }

  private func close(_ value: Tensor?, _ expected: [Double], _ tolerance: Double) -> Bool {
    guard let value, value.count == expected.count else { return false }
    return zip(value.elements, expected).allSatisfy { abs($0 - $1) <= tolerance }
  }

  /// Stanford CS231n, assignment 2, FullyConnectedNets.ipynb: rmsprop, to the published digits.
  @Test func rmspropOfCS231n() throws {
    var w = Workspace()
    try run(
      "model L = sum(W * G)", "param W = linspace(-0.4, 0.6, 20).reshape(4, 5)",
      "set G = linspace(-0.6, 0.4, 20).reshape(4, 5)", "optimizer rmsprop rho=0.99 lr=0.01",
      "set s_W = linspace(0.6, 0.9, 20).reshape(4, 5)", "update", in: &w)
    let published = [
      -0.39223849, -0.34037513, -0.28849239, -0.23659121, -0.18467247, -0.132737, -0.08078555, -0.02881884,
      0.02316247, 0.07515774, 0.12716641, 0.17918792, 0.23122175, 0.28326742, 0.33532447, 0.38739248,
      0.43947102, 0.49155973, 0.54365823, 0.59576619,
    ]
    #expect(close(w.session.leaves["W"], published, 6e-9))
    let squares = [0.5976, 0.6126277, 0.6277108, 0.64284931, 0.65804321]
    let cache = try #require(w.session.optimizerState?.memory["s_W"])
    #expect(zip(cache.elements, squares).allSatisfy { abs($0 - $1) <= 6e-9 })
  }

  /// keras/src/optimizers/adamw_test.py, test_correctness_with_golden: Keras' epsilon stands beside the uncorrected root.
  @Test func adamwOfKeras() throws {
    var w = Workspace()
    try run(
      "model L = sum(x * g)", "param x = ones(10)", "set g = 0.01 * ones(10)",
      "optimizer adamw lr=1 weight_decay=0.5 epsilon=2 eps_at=uncorrected", "update", in: &w)
    let golden = [
      [0.4998, 0.4998, 0.4998, 0.4998, 0.4998, 0.4998, 0.4998, 0.4998, 0.4998, 0.4998],
      [0.2486, 0.2475, 0.2463, 0.2451, 0.244, 0.2428, 0.2417, 0.2405, 0.2394, 0.2382],
      [0.1223, 0.1198, 0.1174, 0.1149, 0.1124, 0.11, 0.1075, 0.1051, 0.1027, 0.1003],
      [0.0586, 0.0549, 0.0512, 0.0475, 0.0439, 0.0402, 0.0366, 0.033, 0.0294, 0.0258],
      [0.0263, 0.0215, 0.0167, 0.012, 0.0073, 0.0026, -0.0021, -0.0067, -0.0113, -0.0159],
    ]
    #expect(close(w.session.leaves["x"], golden[0], 6e-5))
    try run("set g = linspace(0.1, 1, 10)", in: &w)
    for row in golden.dropFirst() {
      try run("update", in: &w)
      #expect(close(w.session.leaves["x"], row, 6e-5))
    }
  }

  /// q4quant.studio, "Compute the First Adam Update by Hand": every intermediate number is a step that is shown.
  @Test func theFirstStepOfAdam() throws {
    var w = Workspace()
    let report = try run(
      "model L = sum(w * g)", "param w = 0", "set g = 4", "optimizer adam lr=0.1 epsilon=0", "update", in: &w)
    var shown: [String: Double] = [:]
    for case .tensor(let block) in report.blocks { shown[block.name] = block.value.scalarValue }
    let expected = ["u_w": 0.4, "v_w": 0.016, "uhat_w": 4, "vhat_w": 16, "w": -0.1]
    #expect(Set(shown.keys) == Set(expected.keys))
    for (name, value) in expected { #expect(abs(try #require(shown[name]) - value) < 1e-12, "\(name)") }
  }

  /// What PyTorch's documentation (torch.optim, the algorithms in its boxes) and the papers that are named say, as loops
  /// over one weight. `update` steps so, `train` compiles the same, and a run goes on where it stopped.
  @Test(
    arguments: [
      "sgd", "sgd l2=0.5", "momentum", "momentum momentum=0.5 l2=0.3", "momentum form=sutskever", "nesterov",
      "nesterov form=bengio", "adagrad", "adagrad eps_at=inside epsilon=0.1", "rmsprop",
      "rmsprop rho=0.99 eps_at=inside epsilon=0.01", "adam", "adam beta1=0.5 beta2=0.7 l2=0.1",
      "adam eps_at=uncorrected epsilon=0.5", "adam eps_at=inside epsilon=0.5", "adamw",
      "adamw weight_decay=0.4",
    ]) func anOptimizer(_ words: String) throws
  {
    let published = Published(words)
    var (x, expected) = (1.0, [Double]())
    for _ in 0..<5 {
      x = published.step(x, 2 * (x - 3))
      expected.append(x)
    }
    let problem = ["model L = sum((w - 3)**2)", "param w = 1"]
    let rate = "lr=\(Published.rate)"
    var stepped = Workspace()
    for line in problem + ["optimizer \(words) \(rate)"] { try run(line, in: &stepped) }
    for value in expected {
      try run("update", in: &stepped)
      #expect(close(stepped.session.leaves["w"], [value], 1e-12), "update: \(words)")
    }
    let name = words.prefix { $0 != " " }
    let options = words.dropFirst(name.count)
    var trained = Workspace()
    for line in problem { try run(line, in: &trained) }
    try run("train epochs=2 optimizer=\(name)\(options) \(rate)", in: &trained)
    try run("train epochs=3 optimizer=\(name)\(options) \(rate)", in: &trained)
    #expect(close(trained.session.leaves["w"], [expected[4]], 1e-12), "train: \(words)")
    var mixed = Workspace()
    for line in problem + ["optimizer \(words) \(rate)", "update", "train epochs=2", "update"] {
      try run(line, in: &mixed)
    }
    var loaded = Workspace()
    _ = try Script.run(SessionScript.text(mixed.session), file: "saved", in: &loaded)
    #expect(loaded.session.settings == mixed.session.settings)
    try run("update", in: &loaded)
    #expect(close(loaded.session.leaves["w"], [expected[4]], 1e-12), "a saved session: \(words)")
  }
}

/// One weight and what is remembered for it.
private final class Published {
  static let rate = 0.05
  private let name: String
  private var options: [String: String] = [:]
  private var (v, s, t) = (0.0, 0.0, 0.0)

  init(_ words: String) {
    let parts = words.split(separator: " ").map(String.init)
    name = parts[0]
    for part in parts.dropFirst() {
      let sides = part.split(separator: "=").map(String.init)
      options[sides[0]] = sides[1]
    }
  }

  private func number(_ option: String, _ usual: Double) -> Double {
    options[option].flatMap { Double($0) } ?? usual
  }

  func step(_ x: Double, _ gradient: Double) -> Double {
    let lr = Self.rate
    var g = gradient
    g += number("l2", 0) * x
    t += 1
    switch name {
    case "momentum":
      let mu = number("momentum", 0.9)
      if options["form"] == "sutskever" {
        v = mu * v - lr * g
        return x + v
      }
      v = mu * v + g
      return x - lr * v
    case "nesterov":
      let mu = number("momentum", 0.9)
      if options["form"] == "bengio" {
        // As in CS231n's notes: x += -mu * v_prev + (1 + mu) * v.
        let before = v
        v = mu * v - lr * g
        return x - mu * before + (1 + mu) * v
      }
      v = mu * v + g
      return x - lr * (g + mu * v)
    case "adagrad":
      s += g * g
      let epsilon = number("epsilon", 1e-10)
      return x - lr * g
        / (options["eps_at"] == "inside" ? (s + epsilon).squareRoot() : s.squareRoot() + epsilon)
    case "rmsprop":
      let (rho, epsilon) = (number("rho", 0.9), number("epsilon", 1e-8))
      s = rho * s + (1 - rho) * g * g
      return x - lr * g
        / (options["eps_at"] == "inside" ? (s + epsilon).squareRoot() : s.squareRoot() + epsilon)
    case "adam", "adamw":
      let (b1, b2, epsilon) = (number("beta1", 0.9), number("beta2", 0.999), number("epsilon", 1e-8))
      let from = name == "adamw" ? x * (1 - lr * number("weight_decay", 0.01)) : x
      v = b1 * v + (1 - b1) * g
      s = b2 * s + (1 - b2) * g * g
      let (c1, c2) = (1 - pow(b1, t), 1 - pow(b2, t))
      switch options["eps_at"] {
      case "uncorrected": return from - lr * c2.squareRoot() / c1 * v / (s.squareRoot() + epsilon)
      case "inside": return from - lr * (v / c1) / (s / c2 + epsilon).squareRoot()
      default: return from - lr * (v / c1) / ((s / c2).squareRoot() + epsilon)
      }
    default: return x - lr * g
    }
  }
}
