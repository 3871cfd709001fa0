import Commands
import LinearAlgebra
import Platform
import Sessions

/// Products as networks have them, with all threads: their speed, NumPy's, and what fused multiply-adds alone reach, all
/// three measured in turns.
enum ProductBenchmark {
  struct Product {
    let name: String
    let m: Int
    let n: Int
    let k: Int
    var a = false
    var b = false

    var operations: Double { 2 * Double(m) * Double(n) * Double(k) }
  }

  static let products: [Product] =
    [
      Product(name: "X @ W, 64×784×800", m: 64, n: 800, k: 784),
      Product(name: "X.T @ dZ, 784×64×800", m: 784, n: 800, k: 64, a: true),
      Product(name: "dZ @ W.T, 64×800×784", m: 64, n: 784, k: 800, b: true),
    ] + [128, 256, 512, 1024].map { Product(name: "\($0)³", m: $0, n: $0, k: $0) }

  static func run(python: String, into results: inout Results) {
    for product in products {
      var own: [Double] = []
      var peer: [Double] = []
      var bound: [Double] = []
      for _ in 0..<7 {
        own.append(product.operations / seconds(product))
        bound.append(Self.bound())
        if let seconds = numpy(product, python) { peer.append(product.operations / seconds) }
      }
      let speed = Measure.median(own)
      results.add(
        product.name, speed * 1e-9, "GF/s", peer: peer.isEmpty ? nil : Measure.median(peer) * 1e-9,
        isRate: true)
      results.add("… of what multiply-adds alone reach", 100 * speed / Measure.median(bound), "%")
    }
  }

  /// Operations a second.
  static func bound() -> Double {
    var operations = 0.0
    let seconds = Measure.seconds(5) { operations = MatrixProduct.operationsOfBound(rounds: 200_000) }
    return operations / seconds
  }

  static func seconds(_ product: Product) -> Double {
    var random = RandomGenerator(seed: 1)
    let a = random.normal(shape: [product.m, product.k]).elements
    let b = random.normal(shape: [product.k, product.n]).elements
    var c = random.normal(shape: [product.m, product.n]).elements
    let rounds = max(1, Int(clamping: 2e8 / product.operations))
    return Measure.seconds(5) {
      for _ in 0..<rounds {
        MatrixProduct.multiply(
          m: product.m, n: product.n, k: product.k, a: a, transposeA: product.a, b: b, transposeB: product.b,
          c: &c)
      }
    } / Double(rounds)
  }

  private static func numpy(_ product: Product, _ python: String) -> Double? {
    let a = product.a ? "(\(product.k),\(product.m))" : "(\(product.m),\(product.k))"
    let b = product.b ? "(\(product.n),\(product.k))" : "(\(product.k),\(product.n))"
    let program = """
      import numpy as np, time, statistics
      r = np.random.default_rng(1)
      a, b, c = r.standard_normal(\(a))\(product.a ? ".T" : ""), r.standard_normal(\(b))\(product.b ? ".T" : ""), np.empty((\(product.m), \(product.n)))
      n, times = max(1, int(2e8 / \(product.operations))), []
      for _ in range(6):
          t = time.perf_counter()
          for _ in range(n): np.matmul(a, b, out=c)
          times.append((time.perf_counter() - t) / n)
      print('seconds', statistics.median(times[1:]))
      """
    return Child.run([python, "-c", program]).flatMap { Child.number(after: "seconds", in: $0.output) }
  }
}

/// One epoch of 784-800-10 on MNIST, batches of 64, by the same commands a person types, in turns with NumPy's program.
enum EpochBenchmark {
  static func run(mnist: String, peers: String?, python: String, into results: inout Results) {
    setenv("MNIST", mnist, 1)
    for (format, argument) in [("float64", "f64"), ("float32", "f32")] {
      var own: [Double] = []
      var peer: [Double] = []
      var accuracy = Double.nan
      for _ in 0..<7 {
        guard let (speed, share) = epoch(mnist, format) else { return }
        own.append(speed)
        accuracy = share
        if let peers, let (output, _) = Child.run([python, "\(peers)/np_mnist.py", argument]),
          let seconds = Child.number(after: "epoch ", in: output)
        {
          peer.append(60_000 / seconds)
        }
      }
      let speed = Measure.median(own)
      results.add(
        "MNIST epoch 784-800-10, \(format)", speed, "samples/s",
        peer: peer.isEmpty ? nil : Measure.median(peer),
        isRate: true)
      results.add("… accuracy on the test images", 100 * accuracy, "%")
      guard format == "float64" else { continue }
      let step = ProductBenchmark.products.prefix(2).reduce(0) { $0 + ProductBenchmark.seconds($1) }
      results.add("… of what its two large products alone allow", 100 * speed * step / 64, "%")
    }
    var usage = rusage()
    getrusage(.init(RUSAGE_SELF.rawValue), &usage)
    results.add("largest memory of this process", Double(usage.ru_maxrss) / 1024, "MiB")
  }

  private static func epoch(_ mnist: String, _ format: String) -> (
    samplesPerSecond: Double, accuracy: Double
  )? {
    var workspace = Workspace()
    var scalars: [(name: String, value: Double)] = []
    for command in [
      "blas off", "data mnist \(mnist)", "net 784 800:relu 10:softmax", "dtype \(format)",
      "train epochs=1 batch=64 lr=0.5 seed=1",
    ] {
      for outcome in Interpreter.run(command, in: &workspace) {
        switch outcome.result {
        case .success(let report): scalars = report.scalars
        case .failure(let diagnostic):
          Say.note("\(command): \(diagnostic.message)\n")
          return nil
        }
      }
    }
    func scalar(_ name: String) -> Double { scalars.first { $0.name == name }?.value ?? .nan }
    return (scalar("samples_per_second"), scalar("test_accuracy"))
  }
}
