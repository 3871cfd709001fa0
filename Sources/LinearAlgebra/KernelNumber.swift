import CKernels

/// A number that kernels compute with: a double, or a float, whose operations are rounded one by one as those of the
/// stepper are.
package protocol KernelNumber: BinaryFloatingPoint, Sendable {
  typealias Source = UnsafePointer<Self>
  typealias Target = UnsafeMutablePointer<Self>

  /// As `MatrixProduct.multiply`.
  static func multiply(
    m: Int, n: Int, k: Int, a: Source, transposeA: Bool, b: Source, transposeB: Bool, c: Target,
    alpha: Double,
    beta: Double)
  /// As `BlockOperation.run`.
  static func run(_ operation: BlockOperation, _ n: Int, _ x: Source, _ y: Source, _ z: Source, _ out: Target)
  /// out (columns×rows) = x (rows×columns) transposed.
  static func transpose(rows: Int, columns: Int, _ x: Source, _ out: Target)
  /// Doubles stored, each rounded.
  static func load(_ n: Int, _ doubles: UnsafePointer<Double>, _ out: Target)
  static func widen(_ n: Int, _ x: Source, _ doubles: UnsafeMutablePointer<Double>)
}

extension KernelNumber {
  package static func tensor(_ shape: Shape, _ x: Source) -> Tensor {
    Tensor(writing: shape, shape.count) { widen(shape.count, x, $0) }
  }
}

extension Double: KernelNumber {
  package static func multiply(
    m: Int, n: Int, k: Int, a: Source, transposeA: Bool, b: Source, transposeB: Bool, c: Target,
    alpha: Double,
    beta: Double
  ) {
    MatrixProduct.multiply(
      m: m, n: n, k: k, a: a, transposeA: transposeA, b: b, transposeB: transposeB, c: c, alpha: alpha,
      beta: beta)
  }

  package static func run(
    _ operation: BlockOperation, _ n: Int, _ x: Source, _ y: Source, _ z: Source, _ out: Target
  ) {
    operation.run(n, x, y, z, out)
  }

  package static func transpose(rows: Int, columns: Int, _ x: Source, _ out: Target) {
    sg_transpose(rows, columns, x, out)
  }

  package static func load(_ n: Int, _ doubles: UnsafePointer<Double>, _ out: Target) {
    out.update(from: doubles, count: n)
  }

  package static func widen(_ n: Int, _ x: Source, _ doubles: UnsafeMutablePointer<Double>) {
    doubles.update(from: x, count: n)
  }
}

extension Float: KernelNumber {
  package static func multiply(
    m: Int, n: Int, k: Int, a: Source, transposeA: Bool, b: Source, transposeB: Bool, c: Target,
    alpha: Double,
    beta: Double
  ) {
    sg_product_single(
      m, n, k, Float(alpha), a, transposeA ? m : k, transposeA, b, transposeB ? k : n, transposeB,
      Float(beta), c,
      n)
  }

  package static func run(
    _ operation: BlockOperation, _ n: Int, _ x: Source, _ y: Source, _ z: Source, _ out: Target
  ) {
    Interruption.inStretches(n) { stretch in
      let i = stretch.lowerBound
      _ = sg_block_single(Int32(operation.code), stretch.count, x + i, y + i, z + i, out + i)
    }
  }

  package static func transpose(rows: Int, columns: Int, _ x: Source, _ out: Target) {
    sg_transpose_single(rows, columns, x, out)
  }

  package static func load(_ n: Int, _ doubles: UnsafePointer<Double>, _ out: Target) {
    sg_narrow(n, doubles, out)
  }

  package static func widen(_ n: Int, _ x: Source, _ doubles: UnsafeMutablePointer<Double>) {
    sg_widen(n, x, doubles)
  }
}
