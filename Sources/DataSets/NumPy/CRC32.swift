import CZlib

/// The checksum of ZIP and gzip: CRC-32. Source: RFC 1952, section 8.
struct CRC32 {
  private var state: UInt = 0
  var value: UInt32 { UInt32(truncatingIfNeeded: state) }

  mutating func update(_ bytes: [UInt8]) { state = crc32_z(state, bytes, bytes.count) }
}
