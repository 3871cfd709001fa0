import CKernels
import Testing

@testable import LinearAlgebra

/// The product by its definition. Source: three nested loops.
private func naiveProduct(
  _ m: Int, _ n: Int, _ k: Int, _ a: [Double], _ transposeA: Bool, _ b: [Double], _ transposeB: Bool
) -> [Double] {
  var c = [Double](repeating: 0, count: m * n)
  for i in 0..<m {
    for j in 0..<n {
      var sum = 0.0
      for p in 0..<k {
        sum += (transposeA ? a[p * m + i] : a[i * k + p]) * (transposeB ? b[j * k + p] : b[p * n + j])
      }
      c[i * n + j] = sum
    }
  }
  return c
}

private func random(_ count: Int, _ generator: inout RandomGenerator) -> [Double] {
  (0..<count).map { _ in generator.uniform(-1, 1) }
}

@Suite struct MatrixProductTests {
  /// Shapes on every path: plain, packed, with edges of tiles, few rows, few columns, several blocks of k and
  /// of m, threaded both ways.
  static let shapes: [(m: Int, n: Int, k: Int)] = {
    var generator = RandomGenerator(seed: 11)
    var shapes: [(m: Int, n: Int, k: Int)] = [
      (0, 3, 4), (3, 0, 4), (3, 4, 0), (1, 1, 1), (1, 7, 1), (64, 10, 800), (1, 800, 784), (784, 1, 90),
      (5, 100, 600), (9, 100, 600), (90, 131, 257), (330, 40, 260), (40, 330, 260), (33, 33, 33),
      (64, 799, 30),
      (800, 61, 64),
    ]
    for _ in 0..<60 {
      let most = generator.integer(below: 2) == 0 ? 12 : 80
      shapes.append(
        (generator.integer(below: most), generator.integer(below: most), generator.integer(below: most)))
    }
    return shapes
  }()

  @Test(arguments: [(false, false), (false, true), (true, false), (true, true)])
  func agreesWithNestedLoops(transposes: (Bool, Bool)) {
    var generator = RandomGenerator(seed: 5)
    for (m, n, k) in Self.shapes {
      let a = random(m * k, &generator)
      let b = random(k * n, &generator)
      let before = random(m * n, &generator)
      let expected = naiveProduct(m, n, k, a, transposes.0, b, transposes.1)
      let scale = Double(max(1, k))
      for (alpha, beta) in [(1.0, 0.0), (-0.5, 0.0), (1, 1), (2, -0.25), (0, 3)] {
        var c = before
        if beta == 0 { c = [Double](repeating: .nan, count: m * n) }
        MatrixProduct.multiply(
          m: m, n: n, k: k, a: a, transposeA: transposes.0, b: b, transposeB: transposes.1, c: &c,
          alpha: alpha,
          beta: beta)
        // The worst rounding error of a sum of k terms of size 1, whatever its order.
        let worst = (0..<m * n).map {
          abs(c[$0] - (alpha * expected[$0] + (beta == 0 ? 0 : beta * before[$0])))
        }.max()
        #expect((worst ?? 0) <= 4 * scale * 0x1p-52, "\(m)×\(n)×\(k) alpha \(alpha) beta \(beta)")
      }
    }
  }

  /// The hand calculation and the screen must show the same digits.
  @Test func smallProductsAreTheSumFromLeftToRight() {
    var generator = RandomGenerator(seed: 6)
    for (m, n, k) in [(3, 3, 4), (4, 70, 9), (20, 3, 500), (32, 32, 32)] {
      let a = random(m * k, &generator)
      let b = random(k * n, &generator)
      for transposes in [(false, false), (false, true), (true, false), (true, true)] {
        var c = [Double](repeating: 0, count: m * n)
        MatrixProduct.multiply(
          m: m, n: n, k: k, a: a, transposeA: transposes.0, b: b, transposeB: transposes.1, c: &c)
        #expect(c == naiveProduct(m, n, k, a, transposes.0, b, transposes.1))
      }
    }
  }

  @Test func nothingIsWrittenOutsideTheResult() {
    var generator = RandomGenerator(seed: 7)
    for (m, n, k) in Self.shapes {
      let a = random(m * k, &generator)
      let b = random(k * n, &generator)
      var c = [Double](repeating: 7, count: m * n + 32)
      c.withUnsafeMutableBufferPointer { c in
        guard let base = c.baseAddress else { return }
        MatrixProduct.multiply(m: m, n: n, k: k, a: a, b: b, c: base + 16)
      }
      #expect(c.prefix(16).allSatisfy { $0 == 7 } && c.suffix(16).allSatisfy { $0 == 7 })
    }
  }

  /// Equal bits with any number of threads is what makes a training run repeatable. The embedded product is
  /// called by name, since a BLAS that another test has loaded makes no such promise. Every kernel that this machine
  /// can run has its turn, in doubles and in floats, against nested loops in doubles.
  @Test func noKernelDependsOnTheThreads() {
    var generator = RandomGenerator(seed: 8)
    defer {
      sg_limit_threads(0)
      sg_limit_vectors(0)
    }
    for (m, n, k) in [
      (123, 345, 300), (345, 123, 300), (61, 800, 60), (600, 50, 50), (1, 999, 70), (65, 49, 385),
      (17, 23, 129),
    ] {
      for transposes in [(false, false), (false, true), (true, false)] {
        let a = random(m * k, &generator)
        let b = random(k * n, &generator)
        let expected = naiveProduct(m, n, k, a, transposes.0, b, transposes.1)
        let single = (a: a.map { Float($0) }, b: b.map { Float($0) })
        let (lda, ldb) = (transposes.0 ? m : k, transposes.1 ? k : n)
        for bits: Int32 in [128, 256, 512] {
          sg_limit_vectors(bits)
          var results: [[Double]] = []
          var singles: [[Float]] = []
          for threads: Int32 in [1, 0] {
            sg_limit_threads(threads)
            var c = [Double](repeating: 1, count: m * n)
            sg_product(m, n, k, 2, a, lda, transposes.0, b, ldb, transposes.1, -1, &c, n)
            results.append(c)
            var s = [Float](repeating: 1, count: m * n)
            sg_product_single(m, n, k, 2, single.a, lda, transposes.0, single.b, ldb, transposes.1, -1, &s, n)
            singles.append(s)
          }
          #expect(results[0] == results[1] && singles[0] == singles[1], "\(m)×\(n)×\(k), \(bits) bits")
          let worst = zip(results[0], expected).map { abs($0 - (2 * $1 - 1)) }.max() ?? 0
          #expect(worst <= 8 * Double(k) * 0x1p-52, "\(m)×\(n)×\(k), \(bits) bits")
          let single = zip(singles[0], expected).map { abs(Double($0) - (2 * $1 - 1)) }.max() ?? 0
          #expect(single <= 8 * Double(k) * 0x1p-23, "\(m)×\(n)×\(k), \(bits) bits, floats")
        }
      }
    }
  }

  @Test func vectorsAndMatricesMultiplyAsInNumPy() throws {
    let matrix = try #require(Tensor(rows: [[1, 2, 3], [4, 5, 6]]))
    let three = try #require(Tensor(shape: [3], elements: [1, 0, -1]))
    let two = try #require(Tensor(shape: [2], elements: [1, -1]))
    #expect(matrix.product(three) == Tensor(shape: [2], elements: [-2, -2]))
    #expect(two.product(matrix) == Tensor(shape: [3], elements: [-3, -3, -3]))
    #expect(three.product(three) == Tensor(2))
    #expect(matrix.product(matrix) == nil)
    #expect(matrix.product(Tensor(1)) == nil)
    #expect(
      matrix.product(matrix, transposingSelf: false, transposingOther: true)
        == Tensor(rows: [[14, 32], [32, 77]]))
    #expect(
      matrix.product(matrix, transposingSelf: true, transposingOther: false)
        == Tensor(rows: [[17, 22, 27], [22, 29, 36], [27, 36, 45]]))
    #expect(matrix.product(two, transposingSelf: true, transposingOther: true)?.elements == [-3, -3, -3])
  }

  @Test func extentsOfZeroAreSafe() throws {
    let empty = Tensor(repeating: 0, shape: [2, 0])
    #expect(empty.product(Tensor(repeating: 0, shape: [0, 3])) == Tensor(repeating: 0, shape: [2, 3]))
    #expect(empty.transposed().shape == [0, 2])
    let column = Tensor(repeating: 1, shape: [1 << 14, 1])
    #expect(column.product(column, transposingSelf: false, transposingOther: true) == nil)
  }

  @Test func transposesReverseEveryAxis() throws {
    let tensor = try #require(Tensor(shape: [2, 3, 4], elements: (0..<24).map(Double.init)))
    let turned = tensor.transposed()
    #expect(turned.shape == [4, 3, 2])
    for position in 0..<24 {
      #expect(
        turned.elements[position]
          == tensor.elements[tensor.position(of: turned.index(at: position).reversed()) ?? 0])
    }
    var generator = RandomGenerator(seed: 9)
    let matrix = generator.normal(shape: [37, 50])
    let flipped = matrix.transposed()
    for row in 0..<37 { for column in 0..<50 { #expect(flipped[column, row] == matrix[row, column]) } }
    #expect(Tensor(3).transposed() == Tensor(3))
  }
}

@Suite(.serialized) struct BLASTests {
  @Test func agreesWithTheEmbeddedProductWhenThereIsOne() {
    BLAS.setEnabled(false)
    #expect(BLAS.state == .off)
    #expect(BLAS.load() == .off)
    var generator = RandomGenerator(seed: 10)
    let (m, n, k) = (384, 400, 390)  // large enough for a library on every processor
    var results: [[Double]] = []
    let a = random(m * k, &generator)
    let b = random(k * n, &generator)
    for enabled in [false, true] {
      BLAS.setEnabled(enabled)
      if enabled { BLAS.load() }
      for transposes in [(false, false), (false, true), (true, false), (true, true)] {
        var c = [Double](repeating: 1, count: m * n)
        MatrixProduct.multiply(
          m: m, n: n, k: k, a: a, transposeA: transposes.0, b: b, transposeB: transposes.1, c: &c, alpha: 0.5,
          beta: 2)
        results.append(c)
      }
    }
    #expect(BLAS.state != .off && BLAS.state != .notSearched)
    for (embedded, installed) in zip(results.prefix(4), results.suffix(4)) {
      let size = embedded.map { abs($0) }.max() ?? 0
      let difference = zip(embedded, installed).map { abs($0 - $1) }.max() ?? .infinity
      #expect(size > 1 && difference <= 1e-12 * size, "\(BLAS.state)")
    }
  }
}
