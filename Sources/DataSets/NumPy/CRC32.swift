/// The checksum of ZIP and gzip: CRC-32, polynomial 0xEDB88320 (reflected). Source: RFC 1952, section 8.
struct CRC32 {
  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { c, _ in c & 1 == 1 ? 0xEDB8_8320 ^ (c >> 1) : c >> 1 }
  }

  private var state: UInt32 = 0xFFFF_FFFF
  var value: UInt32 { ~state }

  mutating func update(_ bytes: [UInt8]) {
    CRC32.table.withUnsafeBufferPointer { table in
      for byte in bytes { state = table[Int((state ^ UInt32(byte)) & 0xFF)] ^ (state >> 8) }
    }
  }
}
