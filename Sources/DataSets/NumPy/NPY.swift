import LinearAlgebra

/// One array in a .npy file.
package enum NPY {
  package static func read(_ path: String) throws(DataError) -> NumPyArray {
    try read(ByteSource(InputFile(path)))
  }

  static func read(_ source: ByteSource) throws(DataError) -> NumPyArray {
    let header = try NPYHeader(source)
    let count = header.shape.count
    let elements: NumPyArray.Elements
    switch header.type {
    case .uint8, .bool:
      let bytes = try source.bytes(at: header.dataOffset, count: count)
      elements = .bytes(header.isFortranOrder ? rowMajor(bytes, header.shape) : bytes)
    case .float64, .float32, .float16, .int8, .int16, .int32, .int64, .uint16, .uint32, .uint64:
      let doubles = try header.type.stored.read(count, isBigEndian: header.isBigEndian) {
        (position, count) throws(DataError) in
        try source.bytes(at: header.dataOffset + position, count: count)
      }
      elements = .doubles(header.isFortranOrder ? rowMajor(doubles, header.shape) : doubles)
    }
    return NumPyArray(shape: header.shape, type: header.type, elements: elements)
  }

  /// Elements stored with the first index running fastest, put in C order.
  private static func rowMajor<T>(_ elements: [T], _ shape: Shape) -> [T] {
    let extents = shape.dimensions
    guard extents.count > 1, !elements.isEmpty else { return elements }
    var strides = [Int](repeating: 1, count: extents.count)
    for axis in 1..<extents.count { strides[axis] = strides[axis - 1] * extents[axis - 1] }
    var index = [Int](repeating: 0, count: extents.count)
    var position = 0
    var result: [T] = []
    result.reserveCapacity(elements.count)
    for _ in elements {
      result.append(elements[position])
      var axis = extents.count - 1
      while axis >= 0 {
        index[axis] += 1
        position += strides[axis]
        if index[axis] < extents[axis] { break }
        position -= strides[axis] * extents[axis]
        index[axis] = 0
        axis -= 1
      }
    }
    return result
  }

  package static func write(
    _ tensor: Tensor, to path: String, as type: NumPyArray.ElementType = .float64
  ) throws(DataError) {
    try OutputFile.save(encode(tensor, as: type), to: path)
  }

  /// Version 1.0, C order. An integer type refuses what it cannot hold exactly.
  package static func encode(
    _ tensor: Tensor, as type: NumPyArray.ElementType = .float64
  ) throws(DataError) -> [UInt8] {
    let extents = tensor.shape.dimensions
    let shape = extents.map { "\($0)" }.joined(separator: ", ") + (extents.count == 1 ? "," : "")
    var text = "{'descr': '\(type.descriptor)', 'fortran_order': False, 'shape': (\(shape)), }"
    // numpy pads with blanks so that the elements begin at a multiple of 64, after a line end.
    text += String(repeating: " ", count: 63 - (10 + text.utf8.count) % 64) + "\n"
    var bytes = NPYHeader.magic + [1, 0] + littleEndian(UInt16(text.utf8.count)) + Array(text.utf8)
    bytes.reserveCapacity(bytes.count + tensor.count * type.size)
    for (position, value) in tensor.elements.enumerated() {
      guard let element = encode(value, as: type) else {
        throw DataError(
          "\(value) at \(tensor.index(at: position)) is not a number of type \(type)",
          hint: "save it as float64")
      }
      bytes += element
    }
    return bytes
  }

  private static func encode(_ value: Double, as type: NumPyArray.ElementType) -> [UInt8]? {
    switch type {
    case .float64: littleEndian(value.bitPattern)
    case .float32: littleEndian(Float(value).bitPattern)
    case .float16: littleEndian(value.half)
    case .int8: Int8(exactly: value).map(littleEndian)
    case .int16: Int16(exactly: value).map(littleEndian)
    case .int32: Int32(exactly: value).map(littleEndian)
    case .int64: Int64(exactly: value).map(littleEndian)
    case .uint8: UInt8(exactly: value).map(littleEndian)
    case .uint16: UInt16(exactly: value).map(littleEndian)
    case .uint32: UInt32(exactly: value).map(littleEndian)
    case .uint64: UInt64(exactly: value).map(littleEndian)
    case .bool: value == 0 || value == 1 ? [value == 0 ? 0 : 1] : nil
    }
  }
}

/// The bytes of a number, lowest first.
func littleEndian<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
  withUnsafeBytes(of: value.littleEndian) { Array($0) }
}
