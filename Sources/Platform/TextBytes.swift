/// Texts as other systems write them.
package enum TextBytes {
  private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

  /// Without a byte order mark, and with a line feed at the end of every line.
  package static func plain(_ bytes: [UInt8]) -> [UInt8] {
    let text = bytes.starts(with: mark) ? bytes.dropFirst(mark.count) : bytes[...]
    guard text.contains(13) else { return Array(text) }
    var result: [UInt8] = []
    result.reserveCapacity(text.count)
    for (byte, next) in zip(text, Array(text.dropFirst()) + [0]) where byte != 13 || next != 10 {
      result.append(byte)
    }
    return result
  }
}
