/// Numbers as the bytes of files, the lowest first.
package enum LittleEndian {
  package static func doubles(_ numbers: [Double]) -> [UInt8] { bytes(numbers) { $0.bitPattern } }
  package static func floats(_ numbers: [Double]) -> [UInt8] { bytes(numbers) { Float($0).bitPattern } }

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
