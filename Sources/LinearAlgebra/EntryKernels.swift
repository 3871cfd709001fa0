import CKernels

extension BlockOperation {
  /// Of one number: the same bits as among others.
  package func callAsFunction(_ x: Double) -> Double {
    var result = 0.0
    withUnsafePointer(to: x) { run(1, $0, $0, $0, &result) }
    return result
  }

  /// Numbers in a block that is filled for an operand which stands still.
  private static var block: Int { 512 }

  /// The operation entry by entry, its operands (one to three) broadcast; nil when the shapes do not meet.
  package func callAsFunction(_ operands: [Tensor]) -> Tensor? {
    guard var target = operands.first?.shape, operands.count <= 3 else { return nil }
    for other in operands.dropFirst() {
      guard let common = target == other.shape ? target : target.broadcast(with: other.shape) else {
        return nil
      }
      target = common
    }
    guard let count = target.checkedCount else { return nil }
    if operands.allSatisfy({ $0.count == count || $0.count == 1 }) {
      return Tensor(writing: target, reading: operands) { sources, out in
        let scratch = Scratch(count)
        func line(_ i: Int) -> Line {
          let own = min(i, operands.count - 1)
          return Line(start: sources[own], isStill: operands[own].count == 1 && count > 1)
        }
        run(count, line(0), line(1), line(2), out, scratch)
      }
    }
    guard operands.count == 2 else {
      // Rare: where(mask, A, row).
      return self(operands.compactMap { $0.broadcast(to: target) })
    }
    return Tensor(writing: target, reading: operands) { sources, out in
      let scratch = Scratch(target.columns)
      Broadcasting(operands[0].shape, operands[1].shape, to: target).eachLine { line in
        let x = Line(start: sources[0] + line.left, isStill: line.leftStride == 0 && line.count > 1)
        let y = Line(start: sources[1] + line.right, isStill: line.rightStride == 0 && line.count > 1)
        run(line.count, x, y, y, out + line.start, scratch)
      }
    }
  }

  /// An operand along a line: read on, or one number for all of it.
  private struct Line {
    let start: UnsafePointer<Double>
    let isStill: Bool
    init(start: UnsafeMutablePointer<Double>, isStill: Bool) {
      self.start = UnsafePointer(start)
      self.isStill = isStill
    }
  }

  private final class Scratch {
    let width: Int
    let base: UnsafeMutablePointer<Double>
    init(_ n: Int) {
      width = min(max(1, n), BlockOperation.block)
      base = .allocate(capacity: 3 * width)
    }
    deinit { base.deallocate() }
  }

  private func run(
    _ n: Int, _ x: Line, _ y: Line, _ z: Line, _ out: UnsafeMutablePointer<Double>, _ scratch: Scratch
  ) {
    if !x.isStill, !y.isStill, !z.isStill { return run(n, x.start, y.start, z.start, out) }
    let width = scratch.width
    func filled(_ line: Line, _ i: Int) -> UnsafePointer<Double> {
      guard line.isStill else { return line.start }
      (scratch.base + i * width).update(repeating: line.start.pointee, count: min(n, width))
      return UnsafePointer(scratch.base + i * width)
    }
    let (a, b, c) = (filled(x, 0), filled(y, 1), filled(z, 2))
    var from = 0
    while from < n, !Interruption.isRequested {
      run(
        min(width, n - from), x.isStill ? a : a + from, y.isStill ? b : b + from, z.isStill ? c : c + from,
        out + from)
      from += width
    }
  }
}
