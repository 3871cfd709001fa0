/// How a file stores a number.
enum NumberType {
  case float64, float32, float16, bfloat16
  case int8, int16, int32, int64, uint8, uint16, uint32, uint64, bool

  /// Bytes a number.
  var size: Int {
    switch self {
    case .int8, .uint8, .bool: 1
    case .int16, .uint16, .float16, .bfloat16: 2
    case .float32, .int32, .uint32: 4
    case .float64, .int64, .uint64: 8
    }
  }

  var isWhole: Bool {
    switch self {
    case .float64, .float32, .float16, .bfloat16: false
    case .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .uint64, .bool: true
    }
  }

  /// So many numbers, read in pieces, so that the file's bytes and the doubles are never both in memory as a whole.
  func read(
    _ count: Int, isBigEndian: Bool = false,
    _ bytes: (_ position: Int, _ count: Int) throws(DataError) -> [UInt8]
  ) throws(DataError) -> [Double] {
    try DataError.check(memory: 8 * count)
    var doubles: [Double] = []
    doubles.reserveCapacity(count)
    let step = 1 << 17
    var start = 0
    while start < count {
      let length = min(step, count - start)
      append(try bytes(start * size, length * size), isBigEndian, to: &doubles)
      start += length
    }
    return doubles
  }

  private func append(_ bytes: [UInt8], _ isBigEndian: Bool, to doubles: inout [Double]) {
    bytes.withUnsafeBytes { raw in
      func each<T: FixedWidthInteger>(_: T.Type, _ convert: (T) -> Double) {
        var offset = 0
        while offset + MemoryLayout<T>.size <= raw.count {
          let bits = raw.loadUnaligned(fromByteOffset: offset, as: T.self)
          doubles.append(convert(isBigEndian ? T(bigEndian: bits) : T(littleEndian: bits)))
          offset += MemoryLayout<T>.size
        }
      }
      switch self {
      case .float64: each(UInt64.self) { Double(bitPattern: $0) }
      case .float32: each(UInt32.self) { Double(Float(bitPattern: $0)) }
      case .float16: each(UInt16.self) { Double(half: $0) }
      case .bfloat16: each(UInt16.self) { Double(Float(bitPattern: UInt32($0) << 16)) }
      case .int8: each(Int8.self) { Double($0) }
      case .int16: each(Int16.self) { Double($0) }
      case .int32: each(Int32.self) { Double($0) }
      case .int64: each(Int64.self) { Double($0) }
      case .uint8: each(UInt8.self) { Double($0) }
      case .bool: each(UInt8.self) { $0 == 0 ? 0 : 1 }
      case .uint16: each(UInt16.self) { Double($0) }
      case .uint32: each(UInt32.self) { Double($0) }
      case .uint64: each(UInt64.self) { Double($0) }
      }
    }
  }
}

extension Double {
  /// IEEE 754 binary16: a sign, 5 bits of exponent, 10 of fraction. By hand, since not every system's Swift has Float16.
  init(half bits: UInt16) {
    let sign: Double = bits >> 15 == 0 ? 1 : -1
    let exponent = Int(bits >> 10 & 0x1F)
    let fraction = Double(bits & 0x3FF)
    switch exponent {
    case 0: self = sign * fraction * 0x1p-24
    case 31: self = fraction == 0 ? sign * .infinity : .nan
    default:
      self = sign * (1 + fraction / 1024) * Double(sign: .plus, exponent: exponent - 15, significand: 1)
    }
  }

  /// The nearest binary16, of two equally near ones the even.
  var half: UInt16 {
    let sign: UInt16 = self.sign == .minus ? 0x8000 : 0
    let size = magnitude
    if isNaN { return 0x7E00 }
    if size >= 65520 { return sign | 0x7C00 }
    let exponent = Swift.max(-14, size == 0 ? -14 : Int(size.exponent))
    let steps = (size / Double(sign: .plus, exponent: exponent, significand: 1) * 1024).rounded(
      .toNearestOrEven)
    let fraction = UInt16(Int(clamping: steps))
    // From 1024 on the leading 1 is not stored and raises the exponent, as a carry does.
    return sign | (UInt16(exponent + 14) << 10 + fraction)
  }
}
