import CZlib

/// DEFLATE data in memory; gzip files are read by `ByteStream`.
enum Zlib {
  /// DEFLATE cannot expand more than this: what a compressed file may claim to hold is bounded by its size.
  static let largestRatio = 1032

  /// Raw DEFLATE data (as in a ZIP entry) of known size; nil when the data are broken or give another size.
  static func inflated(_ compressed: [UInt8], count: Int) -> [UInt8]? {
    guard compressed.count <= UInt32.max, count >= 0, count <= UInt32.max else { return nil }
    var isWhole = false
    let bytes = [UInt8](unsafeUninitializedCapacity: max(count, 1)) { target, initialized in
      compressed.withUnsafeBufferPointer { source in
        var stream = z_stream()
        stream.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
        stream.avail_in = UInt32(source.count)
        stream.next_out = target.baseAddress
        stream.avail_out = UInt32(count)
        guard zlib_start_raw_inflate(&stream) == Z_OK else { return }
        isWhole = inflate(&stream, Z_FINISH) == Z_STREAM_END && Int(stream.total_out) == count
        _ = inflateEnd(&stream)
      }
      initialized = isWhole ? count : 0
    }
    return isWhole ? bytes : nil
  }

  /// The first bytes of raw DEFLATE data, fewer where they end before; nil when the data are broken.
  static func beginning(_ compressed: [UInt8], count: Int) -> [UInt8]? {
    guard compressed.count <= UInt32.max, count >= 0, count <= UInt32.max else { return nil }
    var isGood = false
    let bytes = [UInt8](unsafeUninitializedCapacity: max(count, 1)) { target, initialized in
      compressed.withUnsafeBufferPointer { source in
        var stream = z_stream()
        stream.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
        stream.avail_in = UInt32(source.count)
        stream.next_out = target.baseAddress
        stream.avail_out = UInt32(count)
        guard zlib_start_raw_inflate(&stream) == Z_OK else { return }
        let status = inflate(&stream, Z_SYNC_FLUSH)
        isGood = status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR
        initialized = isGood ? Int(stream.total_out) : 0
        _ = inflateEnd(&stream)
      }
    }
    return isGood ? bytes : nil
  }
}
