/// Numbers as the bytes of files, the lowest first.
package enum LittleEndian {
  package static func doubles(_ numbers: [Double]) -> [UInt8] { bytes(numbers) { $0.bitPattern } }
  package static func floats(_ numbers: [Double]) -> [UInt8] { bytes(numbers) { Float($0).bitPattern } }

  /// Read from two hexadecimal digits a byte; nil where something else stands, and where it was interrupted.
  package static func doubles(hexadecimal text: ArraySlice<UInt8>) -> [Double]? {
    guard text.count % 16 == 0 else { return nil }
    var result: [Double] = []
    result.reserveCapacity(text.count / 16)
    Interruption.inStretches(text.count / 16) { stretch in
      for number in stretch where number == result.count {
        let start = text.startIndex + 16 * number
        var bits: UInt64 = 0
        for (place, digit) in text[start..<start + 16].enumerated() {
          guard let value = nibble(digit) else { return }
          bits |= value << (place & 1 == 0 ? 4 * UInt64(place) + 4 : 4 * UInt64(place) - 4)
        }
        result.append(Double(bitPattern: bits))
      }
    }
    return result.count == text.count / 16 ? result : nil
  }

  private static func nibble(_ digit: UInt8) -> UInt64? {
    switch digit {
    case 48...57: UInt64(digit) - 48
    case 97...102: UInt64(digit) - 87
    default: nil
    }
  }

  private static func bytes<T: FixedWidthInteger>(_ numbers: [Double], _ bits: (Double) -> T) -> [UInt8] {
    let size = MemoryLayout<T>.size
    return [UInt8](unsafeUninitializedCapacity: numbers.count * size) { bytes, count in
      let raw = UnsafeMutableRawBufferPointer(bytes)
      Interruption.inStretches(numbers.count) { stretch in
        for i in stretch {
          raw.storeBytes(of: bits(numbers[i]).littleEndian, toByteOffset: i * size, as: T.self)
        }
        count = stretch.upperBound * size
      }
    }
  }
}
