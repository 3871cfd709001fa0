import Commands
import Formulas
import LinearAlgebra
import Operations
import Platform
import Rendering
import Sessions

/// Start-up and one forward and backward pass, as a whole process, and the program itself.
enum StartupBenchmark {
  static func run(peers: String?, python: String, into results: inout Results) {
    guard let path = Swift.CommandLine.arguments.first, let slash = path.lastIndex(of: "/") else { return }
    let stepgrad = String(path[..<slash] + "/stepgrad")
    guard let own = Measure.process([stepgrad, "--no-rc", "-c", "forward", "-c", "backward"], repeats: 21)
    else {
      Say.note("no stepgrad beside stepgrad-benchmarks: build it first\n")
      return
    }
    let peer = peers.flatMap { Measure.process([python, "\($0)/np_toy.py"], repeats: 5) }
    results.add(
      "start-up and one pass, whole process, user+system", own * 1000, "ms", peer: peer.map { $0 * 1000 })
    var status = stat()
    if stat(stepgrad, &status) == 0 { results.add("the program", Double(status.st_size) / 1_048_576, "MiB") }
    var workspace = Workspace()
    let renderer = TextRenderer()
    let step = Measure.seconds(201) {
      for outcome in Interpreter.run("step", in: &workspace) {
        if case .success(let report) = outcome.result { _ = renderer.render(report) }
      }
      if workspace.session.cursor > 10 { _ = Interpreter.run("restart", in: &workspace) }
    }
    results.add("'step', read, computed and rendered", step * 1000, "ms")
  }
}

/// One pass inside the process, and gradient checks.
enum PassBenchmark {
  static func run(peers: String?, python: String, into results: inout Results) {
    let pass = Measure.seconds(201) {
      var session = Session.initial
      try? session.run(to: 13)
    }
    results.add("one pass of the default network, stepped", pass * 1e6, "µs")
    for (sizes, parameters) in [
      ([8, 6, 4], "82"), ([64, 32, 10], "2,410"), ([256, 32, 10], "8,554"), ([784, 30, 10], "23,860"),
    ] {
      let own = check(sizes)
      var times: [Double] = []
      var peer: [Double] = []
      for _ in 0..<7 {
        times.append(own())
        // NumPy takes minutes for the large ones.
        guard let peers, sizes[0] <= 64 else { continue }
        let words = [python, "\(peers)/np_gradcheck.py"] + (sizes + [16]).map(String.init)
        if let (output, _) = Child.run(words), let seconds = Child.number(after: "m=16:", in: output) {
          peer.append(seconds)
        }
      }
      let name = sizes.map(String.init).joined(separator: "-")
      results.add(
        "gradcheck \(name), 16 samples, \(parameters) parameters", Measure.median(times) * 1000, "ms",
        peer: peer.isEmpty ? nil : Measure.median(peer) * 1000)
      guard let peers, sizes == [64, 32, 10],
        let (output, _) = Child.run([python, "\(peers)/torch_gradcheck.py"]),
        let fast = Child.number(after: "fast", in: output)
      else { continue }
      results.add(
        "… beside torch.autograd.gradcheck, fast mode", Measure.median(times) * 1000, "ms", peer: fast * 1000)
    }
  }

  /// Seconds of one check of such a network.
  private static func check(_ sizes: [Int]) -> () -> Double {
    var workspace = Workspace()
    for command in [
      "net \(sizes[0]) \(sizes[1]):relu \(sizes[2]):softmax", "set X = rand(16, \(sizes[0]), seed=1)",
      "set Y = onehot([3, 1, 0, 1, 2, 0, 2, 3, 1, 3, 2, 0, 3, 2, 0, 3], \(sizes[2]))", "backward",
      "gradcheck",
    ] { _ = Interpreter.run(command, in: &workspace) }
    return {
      let start = Clock.seconds()
      _ = Interpreter.run("gradcheck", in: &workspace)
      return Clock.seconds() - start
    }
  }
}

/// A stepped pass of one transformer block, width 64, 4 heads, feed-forward 256, in double precision. The peer is
/// PyTorch's eager forward and backward of such a block: `torch_gpt_block.py 64 64 4 256` prints `both … ms`.
enum LanguageModelBenchmark {
  static func run(peers: String?, python: String, into results: inout Results) {
    let text = String(
      repeating: "it was the best of times, it was the worst of times, it was the a", count: 2)
    for tokens in [16, 32, 64, 128] {
      var workspace = Workspace()
      // The last letter is what is to be foretold.
      let words = String(text.prefix(tokens + 1))
      for outcome in Interpreter.run("model gpt text=\"\(words)\" width=64 heads=4", in: &workspace) {
        if case .failure(let diagnostic) = outcome.result { Say.note("gpt: \(diagnostic.message)\n") }
      }
      let start = workspace.session
      guard case .success(let program) = start.program else { continue }
      var own: [Double] = []
      var peer: [Double] = []
      for _ in 0..<7 {
        own.append(
          Measure.seconds(5) {
            var session = start
            try? session.run(to: program.steps.count)
          })
        if let peers,
          let (output, _) = Child.run([python, "\(peers)/torch_gpt_block.py", "\(tokens)", "64", "4", "256"]),
          let milliseconds = Child.number(after: "both", in: output)
        {
          peer.append(milliseconds)
        }
      }
      results.add(
        "a stepped pass of gpt, \(tokens) tokens, width 64, 4 heads", Measure.median(own) * 1000, "ms",
        peer: peer.isEmpty ? nil : Measure.median(peer))
    }
  }
}

/// The full softmax Jacobian and its contraction, against (S − Y)/m. Shapes: m = 64 samples, K classes.
enum JacobianBenchmark {
  static func run(peers: String?, python: String, into results: inout Results) {
    let peer = peers.flatMap { Child.run([python, "\($0)/np_jacobian.py"])?.output } ?? ""
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
