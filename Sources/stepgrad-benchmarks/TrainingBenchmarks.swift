import Commands
import LinearAlgebra
import Platform
import Sessions

/// The five products of a training step of 784-800-10 with 64 samples.
enum ProductBenchmark {
  static let products: [(name: String, m: Int, n: Int, k: Int, a: Bool, b: Bool)] = [
    ("X @ W1", 64, 800, 784, false, false), ("A1 @ W2", 64, 10, 800, false, false),
    ("A1.T @ dZ2", 800, 10, 64, true, false), ("dZ2 @ W2.T", 64, 800, 10, false, true),
    ("X.T @ dZ1", 784, 800, 64, true, false),
  ]

  static func run(into results: inout Results) {
    results.add("products of one step, own kernel", 1000 * step(usesBLAS: false), "ms")
    guard case .inUse = BLAS.load() else { return }
    results.add("products of one step, installed BLAS", 1000 * step(usesBLAS: true), "ms")
  }

  /// Seconds for all five.
  static func step(usesBLAS: Bool) -> Double {
    if usesBLAS { BLAS.force(true) } else { BLAS.setEnabled(false) }
    defer { BLAS.setEnabled(true) }
    var random = RandomGenerator(seed: 1)
    let buffers = products.map { p in
      (
        a: random.normal(shape: [p.m, p.k]).elements, b: random.normal(shape: [p.k, p.n]).elements,
        c: UnsafeMutablePointer<Double>.allocate(capacity: p.m * p.n)
      )
    }
    defer { buffers.forEach { $0.c.deallocate() } }
    return Measure.seconds(201) {
      for (p, buffer) in zip(products, buffers) {
        buffer.a.withUnsafeBufferPointer { a in
          buffer.b.withUnsafeBufferPointer { b in
            guard let a = a.baseAddress, let b = b.baseAddress else { return }
            MatrixProduct.multiply(
              m: p.m, n: p.n, k: p.k, a: a, transposeA: p.a, b: b, transposeB: p.b, c: buffer.c)
          }
        }
      }
    }
  }
}

/// One epoch of 784-800-10 on MNIST, batches of 64, by the same commands a person types.
enum EpochBenchmark {
  static func run(mnist: String, peers: String?, into results: inout Results) {
    let peer = peers.flatMap { folder -> Double? in
      setenv("MNIST", mnist, 1)
      return Child.run(["python3", "\(folder)/np_mnist.py", "f64"]).flatMap {
        Child.number(after: "s ", in: $0.output)
      }
    }
    for usesBLAS in [false, true] {
      if usesBLAS { guard case .inUse = BLAS.load() else { return } }
      var workspace = Workspace()
      var scalars: [(name: String, value: Double)] = []
      for command in [
        "blas \(usesBLAS ? "on" : "off")", "data mnist \(mnist)", "net 784 800:relu 10:softmax",
        "train epochs=1 batch=64 lr=0.5 seed=1",
      ] {
        for outcome in Interpreter.run(command, in: &workspace) {
          switch outcome.result {
          case .success(let report): scalars = report.scalars
          case .failure(let diagnostic):
            Say.note("\(command): \(diagnostic.message)\n")
            return
          }
        }
      }
      let name = usesBLAS ? "installed BLAS" : "own kernel"
      let speed = scalars.first { $0.name == "samples_per_second" }?.value ?? .nan
      let accuracy = scalars.first { $0.name == "test_accuracy" }?.value ?? .nan
      results.add("MNIST epoch, \(name)", speed, "samples/s", peer: peer, isRate: true)
      let bound = 60_000 / (ProductBenchmark.step(usesBLAS: usesBLAS) * 60_000 / 64)
      results.add("… as a share of the bound set by its products alone", 100 * speed / bound, "%")
      results.add("… accuracy on the test images", 100 * accuracy, "%")
    }
    var usage = rusage()
    getrusage(.init(RUSAGE_SELF.rawValue), &usage)
    results.add("largest memory of this process", Double(usage.ru_maxrss) / 1024, "MiB")
  }
}
