import CKernels

extension Tensor {
  /// `map` of a function that may run on any thread: entry by entry the same, in parts that all threads take.
  package func mapOnAllThreads(_ transform: @escaping @Sendable (Double) -> Double) -> Tensor {
    guard count >= 2 * MapParts.entries else { return map(transform) }
    return Tensor(writing: shape, count) { out in
      elements.withUnsafeBufferPointer { source in
        guard let start = source.baseAddress else { return }
        var parts = MapParts(count: count, source: start, out: out, transform: transform)
        withUnsafeMutablePointer(to: &parts) { context in
          sg_parallel((count - 1) / MapParts.entries + 1, { MapParts.run($0, $1) }, context)
        }
      }
    }
  }
}

/// What the threads share: where to read, where to write, what to compute.
private struct MapParts {
  /// Entries of a part: some 20 µs of an exponential, enough to be worth another thread's waking.
  static let entries = 2048

  let count: Int
  let source: UnsafePointer<Double>
  let out: UnsafeMutablePointer<Double>
  let transform: @Sendable (Double) -> Double

  static func run(_ context: UnsafeMutableRawPointer?, _ index: Int) {
    guard let context else { return }
    let parts = context.assumingMemoryBound(to: MapParts.self).pointee
    for i in index * entries..<min(parts.count, (index + 1) * entries) {
      parts.out[i] = parts.transform(parts.source[i])
    }
  }
}
