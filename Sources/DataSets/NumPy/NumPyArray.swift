import LinearAlgebra

/// An array from or for a NumPy file, elements in C order.
package struct NumPyArray: Sendable {
  /// The element types that are read and written, named as in NumPy's `descr` without byte order.
  package enum ElementType: String, Sendable, CaseIterable {
    case float64 = "f8", float32 = "f4", float16 = "f2"
    case int8 = "i1", int16 = "i2", int32 = "i4", int64 = "i8"
    case uint8 = "u1", uint16 = "u2", uint32 = "u4", uint64 = "u8"
    case bool = "b1"

    var stored: NumberType {
      switch self {
      case .float64: .float64
      case .float32: .float32
      case .float16: .float16
      case .int8: .int8
      case .int16: .int16
      case .int32: .int32
      case .int64: .int64
      case .uint8: .uint8
      case .uint16: .uint16
      case .uint32: .uint32
      case .uint64: .uint64
      case .bool: .bool
      }
    }

    /// Bytes an element.
    var size: Int { stored.size }
    var isWhole: Bool { stored.isWhole }

    /// `<f8`, `|u1`.
    var descriptor: String { (size == 1 ? "|" : "<") + rawValue }
  }

  /// Bytes stay bytes: images are many.
  package enum Elements: Sendable {
    case bytes([UInt8])
    case doubles([Double])
  }

  package let shape: Shape
  /// What the file held. Integers beyond 2⁵³ lose their last digits as doubles.
  package let type: ElementType
  package let elements: Elements

  package var tensor: Tensor { Tensor(unchecked: shape, doubles) }

  package var doubles: [Double] {
    switch elements {
    case .bytes(let bytes): bytes.map(Double.init)
    case .doubles(let doubles): doubles
    }
  }
}
