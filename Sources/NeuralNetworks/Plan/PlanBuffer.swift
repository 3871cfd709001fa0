import LinearAlgebra

/// Doubles at a fixed address, allocated once.
package final class PlanBuffer {
  package let shape: Shape
  package let count: Int
  package let pointer: UnsafeMutablePointer<Double>

  init(_ shape: Shape) {
    self.shape = shape
    count = shape.count
    pointer = .allocate(capacity: max(1, count))
    pointer.initialize(repeating: 0, count: max(1, count))
  }

  deinit { pointer.deallocate() }

  package var elements: UnsafeMutableBufferPointer<Double> { .init(start: pointer, count: count) }

  package var tensor: Tensor { Tensor(unchecked: shape, Array(elements)) }

  /// Copies a tensor in; false when the shapes differ.
  @discardableResult package func load(_ tensor: Tensor) -> Bool {
    guard tensor.shape == shape else { return false }
    tensor.elements.withUnsafeBufferPointer { source in
      if let base = source.baseAddress { pointer.update(from: base, count: count) }
    }
    return true
  }
}

/// Named buffers that several plans share: parameters, the optimiser's memory, the learning rate.
package final class PlanStorage {
  private(set) var buffers: [String: PlanBuffer] = [:]

  package init() {}

  package subscript(name: String) -> PlanBuffer? { buffers[name] }

  @discardableResult package func allocate(_ name: String, _ shape: Shape) -> PlanBuffer {
    if let known = buffers[name], known.shape == shape { return known }
    let buffer = PlanBuffer(shape)
    buffers[name] = buffer
    return buffer
  }
}
