import LinearAlgebra

/// Numbers at a fixed address, allocated once.
package final class PlanBuffer<Number: KernelNumber> {
  package let shape: Shape
  package let count: Int
  package let pointer: UnsafeMutablePointer<Number>

  init(_ shape: Shape) {
    self.shape = shape
    count = shape.count
    pointer = Memory.allocate(max(1, count))
    pointer.initialize(repeating: 0, count: max(1, count))
  }

  deinit { pointer.deallocate() }

  package var tensor: Tensor { Number.tensor(shape, pointer) }

  /// Copies a tensor in, rounded where numbers are floats; false when the shapes differ.
  @discardableResult package func load(_ tensor: Tensor) -> Bool {
    guard tensor.shape == shape else { return false }
    tensor.elements.withUnsafeBufferPointer { source in
      if let base = source.baseAddress { Number.load(count, base, pointer) }
    }
    return true
  }
}

/// Named buffers that several plans share: parameters, the optimiser's memory, the learning rate.
package final class PlanStorage<Number: KernelNumber> {
  private(set) var buffers: [String: PlanBuffer<Number>] = [:]

  package init() {}

  package subscript(name: String) -> PlanBuffer<Number>? { buffers[name] }

  @discardableResult package func allocate(_ name: String, _ shape: Shape) -> PlanBuffer<Number> {
    if let known = buffers[name], known.shape == shape { return known }
    let buffer = PlanBuffer<Number>(shape)
    buffers[name] = buffer
    return buffer
  }
}
