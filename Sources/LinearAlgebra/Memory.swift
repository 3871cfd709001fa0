import CKernels

/// How the C library keeps memory between tensors.
package enum Memory {
  /// Keeps freed buffers for the next ones: a fifth less time in a chain of large steps.
  package static func keepFreed() { sg_keep_freed_memory() }

  /// For numbers that nobody has touched yet.
  static func preferLargePages(_ start: UnsafeMutableRawPointer, _ bytes: Int) {
    if bytes >= 1 << 21 { sg_prefer_large_pages(start, bytes) }
  }

  /// Uninitialised numbers, in large pages where they fill some. `deallocate` as usual.
  package static func allocate<Number>(_ count: Int) -> UnsafeMutablePointer<Number> {
    let page = 1 << 21
    let bytes = count * MemoryLayout<Number>.stride
    guard bytes >= page else { return .allocate(capacity: count) }
    let start = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: page)
    preferLargePages(start, bytes)
    return start.bindMemory(to: Number.self, capacity: count)
  }
}
