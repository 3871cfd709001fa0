import Commands
import Formulas
import LinearAlgebra
import Operations
import Platform
import Sessions

/// Start-up and one forward and backward pass, as a whole process.
enum StartupBenchmark {
  static func run(peers: String?, into results: inout Results) {
    guard let path = Swift.CommandLine.arguments.first, let slash = path.lastIndex(of: "/") else { return }
    let stepgrad = path[..<slash] + "/stepgrad"
    guard
      let own = Measure.process(
        [String(stepgrad), "--no-rc", "-c", "forward", "-c", "backward"], repeats: 21)
    else {
      Say.note("no stepgrad beside stepgrad-benchmarks: build it first\n")
      return
    }
    let peer = peers.flatMap { Measure.process(["python3", "\($0)/np_toy.py"], repeats: 5) }
    results.add(
      "start-up and one pass, whole process, user+system", own * 1000, "ms", peer: peer.map { $0 * 1000 })
  }
}

/// One pass inside the process, and a gradient check.
enum PassBenchmark {
  static func run(peers: String?, into results: inout Results) {
    let pass = Measure.seconds(201) {
      var session = Session.initial
      try? session.run(to: 13)
    }
    results.add("one pass of the default network, stepped", pass * 1e6, "µs")
    var workspace = Workspace()
    for command in [
      "net 64 32:relu 10:softmax", "set X = rand(16, 64, seed=1)",
      "set Y = onehot([3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3], 10)", "backward",
    ] { _ = Interpreter.run(command, in: &workspace) }
    let check = Measure.seconds(5) { _ = Interpreter.run("gradcheck", in: &workspace) }
    var peer: Double?
    if let peers {
      peer = Measure.median(
        (0..<3).compactMap { _ in
          Child.run(["python3", "\(peers)/np_gradcheck.py"]).flatMap {
            Child.number(after: "m=16:", in: $0.output)
          }
        })
    }
    results.add(
      "gradcheck 64-32-10, 16 samples, 2,410 parameters", check * 1000, "ms", peer: peer.map { $0 * 1000 })
  }
}

/// A stepped pass of one transformer block over 64 tokens, width 64, 4 heads, feed-forward 256, in double precision. The
/// peer is PyTorch's eager forward and backward of such a block: `torch_gpt_block.py 64 64 4 256` prints `both … ms`.
enum LanguageModelBenchmark {
  static func run(peers: String?, into results: inout Results) {
    var workspace = Workspace()
    let text = "it was the best of times, it was the worst of times, it was the a"
    _ = Interpreter.run("model gpt text=\"\(text)\" width=64 heads=4", in: &workspace)
    let start = workspace.session
    guard case .success(let program) = start.program else { return }
    let pass = Measure.seconds(51) {
      var session = start
      try? session.run(to: program.steps.count)
    }
    let peer = peers.flatMap { Child.run(["python3", "\($0)/torch_gpt_block.py"])?.output }
    results.add(
      "a stepped pass of gpt, 64 tokens, width 64, 4 heads", pass * 1000, "ms",
      peer: peer.flatMap { Child.number(after: "both", in: $0) })
  }
}

/// The full softmax Jacobian and its contraction, against (S − Y)/m. Shapes: m = 64 samples, K classes.
enum JacobianBenchmark {
  static func run(peers: String?, into results: inout Results) {
    let peer = peers.flatMap { Child.run(["python3", "\($0)/np_jacobian.py"])?.output } ?? ""
    let lines = peer.split(separator: "\n").map(String.init)
    for K in [3, 10, 100, 1000] {
      var random = RandomGenerator(seed: 1)
      let S = random.normal(shape: [64, K]).softmax(axis: 1)
      var Y = Tensor(repeating: 0, shape: [64, K])
      for i in 0..<64 { Y.replaceElement(at: i * K + random.integer(below: K), with: 1) }
      var bindings = Bindings(["S": S, "Z": S.map { log($0) }, "Y": Y, "m": Tensor(64)])
      func formula(_ text: String) -> Expression { (try? Parser.parse(text).expression) ?? 0 }
      let (gradient, contraction, shortcut) = (
        formula("-Y / S / m"), formula("contract(dS, softmax'(Z))"), formula("(S - Y) / m")
      )
      let full = Measure.seconds(21) {
        bindings.values["dS"] = try? Evaluator(bindings).value(of: gradient)
        _ = try? Evaluator(bindings).value(of: contraction)
      }
      let fused = Measure.seconds(201) { _ = try? Evaluator(bindings).value(of: shortcut) }
      let line = lines.first { $0.contains(" K=\(K):") } ?? ""
      results.add(
        "full softmax Jacobian, m=64, K=\(K)", full * 1e6, "µs", peer: Child.number(after: "full", in: line))
      results.add(
        "shortcut (S - Y)/m, m=64, K=\(K)", fused * 1e6, "µs", peer: Child.number(after: "fused", in: line))
    }
  }
}
