import CKernels
import Platform
import Testing

@testable import LinearAlgebra

/// The flat kernels against the C library and the formulas they name.
@Suite struct KernelTests {
  static let lengths = [0, 1, 3, 4, 7, 8, 17, 100]

  private func ulps(_ value: Double, _ expected: Double) -> Double {
    if value == expected || (value.isNaN && expected.isNaN) { return 0 }
    return abs(value - expected) / expected.ulp
  }

  /// The oracle is the C library, itself within 1 ulp or so of the exact value.
  @Test(arguments: [1e-9, 0.3, 0.7, 3, 30, 700])
  func exponentialsAreAccurate(range: Double) {
    var generator = RandomGenerator(seed: 41)
    let x = (0..<20_000).map { _ in generator.uniform(-range, range) }
    var out = [Double](repeating: 0, count: x.count)
    sg_exp(x.count, x, &out)
    #expect(zip(x, out).allSatisfy { ulps($1, exp($0)) <= 1 })
    sg_tanh(x.count, x, &out)
    #expect(zip(x, out).allSatisfy { ulps($1, tanh($0)) <= 3 })
    sg_erf(x.count, x, &out)
    #expect(zip(x, out).allSatisfy { ulps($1, erf($0)) <= 3 })
    sg_sigmoid(x.count, x, &out)
    #expect(zip(x, out).allSatisfy { ulps($1, 1 / (1 + exp(-$0))) <= 4 })
  }

  @Test func exponentialsAtTheEnds() {
    let x: [Double] = [0, -0.0, .infinity, -.infinity, .nan, 709.78, 709.79, -744, -746, 1e300, -1e300]
    var out = [Double](repeating: 0, count: x.count)
    sg_exp(x.count, x, &out)
    #expect(zip(x, out).allSatisfy { ulps($1, exp($0)) <= 1 })
    sg_tanh(x.count, x, &out)
    #expect(zip(x, out).allSatisfy { ulps($1, tanh($0)) <= 1 && ($1.isNaN || $1.sign == $0.sign) })
    sg_erf(x.count, x, &out)
    #expect(zip(x, out).allSatisfy { ulps($1, erf($0)) <= 1 && ($1.isNaN || $1.sign == $0.sign) })
    sg_sigmoid(x.count, x, &out)
    #expect(out[2] == 1 && out[3] == 0 && out[4].isNaN && out[0] == 0.5)
  }

  @Test func elementwiseKernelsFollowTheirFormulas() {
    var generator = RandomGenerator(seed: 42)
    for n in Self.lengths {
      let x = (0..<n).map { _ in generator.normal() }
      let y = (0..<n).map { _ in generator.normal() }
      var out = y
      sg_axpy(n, 0.3, x, &out)
      #expect(out == zip(x, y).map { $1 + 0.3 * $0 })
      var sums = [Double](repeating: 0, count: 11)
      let rows = (0..<11).map { row in (0..<n).map { x[($0 + row) % n] } }
      sg_row_sums(11, n, rows.flatMap { $0 }, &sums)
      #expect(sums == rows.map { $0.reduce(0, +) })
    }
  }

  @Test func rowKernelsFollowTheirFormulas() {
    var generator = RandomGenerator(seed: 43)
    for (m, n) in [(0, 3), (3, 0), (1, 1), (5, 3), (4, 10), (7, 17), (300, 10), (3, 128), (3, 200), (2, 300)]
    {
      let x = (0..<m * n).map { _ in 5 * generator.normal() }
      var out = [Double](repeating: 0, count: m * n)
      var sums = [Double](repeating: 9, count: n)
      sg_column_sums(m, n, x, &sums)
      #expect(sums == (0..<n).map { j in (0..<m).reduce(0) { $0 + x[$1 * n + j] } })
      var logs = [Double](repeating: 0, count: m)
      sg_row_logsumexp(m, n, x, &logs)
      sg_row_softmax(m, n, x, &out)
      for i in 0..<m where n > 0 {
        let total = (0..<n).reduce(0) { $0 + exp(x[i * n + $1]) }
        #expect(abs(logs[i] - log(total)) <= 1e-14 * max(1, abs(log(total))))
        for j in 0..<n { #expect(abs(out[i * n + j] - exp(x[i * n + j]) / total) <= 1e-14) }
      }
    }
    // A row of infinities beside others, and nan.
    var mixed = [0.0, 0, 0, 0]
    sg_row_logsumexp(4, 2, [0, 0, -.infinity, -.infinity, 1, .infinity, .nan, 0], &mixed)
    #expect(
      abs(mixed[0] - log(2)) <= 1e-16 && mixed[1] == -.infinity && mixed[2] == .infinity && mixed[3].isNaN)
    // Logits that overflow without the maximum taken out.
    var s = [0.0, 0.0]
    sg_row_softmax(1, 2, [1000, 999], &s)
    #expect(abs(s[0] - 1 / (1 + exp(-1))) <= 1e-15)
  }

  /// Two callers at once: one has the pool, the other computes alone, and neither waits for ever. The embedded product is
  /// called by name: another test may have loaded a BLAS.
  @Test func productsFromSeveralTasks() async {
    var generator = RandomGenerator(seed: 44)
    let a = generator.normal(shape: [90, 120]).elements
    @Sendable func product() -> [Double] {
      var c = [Double](repeating: 0, count: 90 * 90)
      sg_product(90, 90, 120, 1, a, 120, false, a, 120, true, 0, &c, 90)
      return c
    }
    let expected = product()
    await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<8 { group.addTask { (0..<20).allSatisfy { _ in product() == expected } } }
      for await same in group { #expect(same) }
    }
  }

  /// Enough rows for several threads, in parts that differ in length.
  @Test(arguments: [1, 2340, 2341, 4286]) func rowsOfAllThreads(_ rows: Int) {
    var generator = RandomGenerator(seed: 45)
    let x = generator.normal(shape: [rows, 7]).elements
    var sums = [Double](repeating: 0, count: rows)
    sg_row_logsumexp(rows, 7, x, &sums)
    for i in 0..<rows {
      let expected = log(x[7 * i..<7 * i + 7].reduce(0) { $0 + exp($1) })
      #expect(abs(sums[i] - expected) <= 1e-14 * max(1, abs(expected)))
    }
  }
}
