/// Texts as other systems write them.
package enum TextBytes {
  private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

  /// Without a byte order mark, from UTF-16 where that mark says so, and with a line feed at the end of every line.
  package static func plain(_ bytes: [UInt8]) -> [UInt8] {
    let text = bytes.starts(with: mark) ? bytes.dropFirst(mark.count) : utf16(bytes)[...]
    guard text.contains(13) else { return Array(text) }
    guard text.contains(10) else { return text.map { $0 == 13 ? 10 : $0 } }
    var result: [UInt8] = []
    result.reserveCapacity(text.count)
    for (byte, next) in zip(text, Array(text.dropFirst()) + [0]) where byte != 13 || next != 10 {
      result.append(byte)
    }
    return result
  }

  /// Text has no zeros. Asked here, since a loop over a file's bytes takes its time where nothing is optimised.
  package static func isText(_ bytes: [UInt8]) -> Bool { !bytes.contains(0) }

  /// As it is, where it does not begin with UTF-16's mark.
  private static func utf16(_ bytes: [UInt8]) -> [UInt8] {
    let isLittle = bytes.starts(with: [0xFF, 0xFE])
    guard isLittle || bytes.starts(with: [0xFE, 0xFF]), bytes.count % 2 == 0 else { return bytes }
    let units = stride(from: 2, to: bytes.count, by: 2).map { i -> UInt16 in
      let (a, b) = (UInt16(bytes[i]), UInt16(bytes[i + 1]))
      return isLittle ? b << 8 | a : a << 8 | b
    }
    return Array(String(decoding: units, as: UTF16.self).utf8)
  }

  /// What stands between a byte, one after the other as it is asked for.
  package static func parts(
    of bytes: ArraySlice<UInt8>, at separator: UInt8
  ) -> some Sequence<ArraySlice<UInt8>> {
    sequence(state: Optional(bytes)) { rest in
      guard let own = rest else { return nil }
      let length = own.withUnsafeBytes { bytes -> Int? in
        guard let start = bytes.baseAddress else { return nil }
        return memchr(start, Int32(separator), bytes.count).map { UnsafeRawPointer($0) - start }
      }
      rest = length.map { own.dropFirst($0 + 1) }
      return length.map { own.prefix($0) } ?? own
    }
  }

  /// The lines of a text, one after the other as they are asked for, so that nothing waits for the last of them. Found by
  /// their bytes: what a person sees as one character may be long, and never holds a line feed.
  package static func lines(_ text: String) -> some Sequence<Substring> {
    sequence(state: Optional(text[...])) { rest in
      guard let own = rest else { return nil }
      guard let end = own.utf8.firstIndex(of: 10) else {
        rest = nil
        return own
      }
      rest = own[own.utf8.index(after: end)...]
      return own[..<end]
    }
  }

  /// A text of whoever wrote it: what is no UTF-8 is read as Windows-1252, in which Excel saves a CSV.
  package static func text(_ bytes: [UInt8]) -> String {
    let plain = plain(bytes)
    let text = String(decoding: plain, as: UTF8.self)
    guard text.unicodeScalars.contains("\u{FFFD}"), !plain.contains(0),
      !text.utf8.elementsEqual(plain)
    else { return text }
    var result = String.UnicodeScalarView()
    for byte in plain {
      result.append(
        (0x80..<0xA0).contains(byte) ? windows[Int(byte) - 0x80] : UnicodeScalar(byte))
    }
    return String(result)
  }

  /// 0x80 to 0x9F. Source: Unicode, "cp1252 to Unicode table".
  private static let windows = Array(
    "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8D}Ž\u{8F}\u{90}‘’“”•–—˜™š›œ\u{9D}žŸ".unicodeScalars)
}
