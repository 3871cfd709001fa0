/// The bytes of one bracketed paste, up to its end mark `ESC [ 201 ~`.
struct PasteReader {
  private static let endMark: [UInt8] = Array("\u{1B}[201~".utf8)
  /// In bytes; the rest of a longer paste is dropped.
  private static let limit = 16 << 20

  private var bytes: [UInt8] = []
  private var overflow: [UInt8] = []
  private(set) var isComplete = false

  mutating func append(_ byte: UInt8) {
    if bytes.count < Self.limit {
      bytes.append(byte)
      isComplete = byte == Self.endMark.last && bytes.suffix(Self.endMark.count).elementsEqual(Self.endMark)
      if isComplete { bytes.removeLast(Self.endMark.count) }
    } else {
      overflow = overflow.suffix(Self.endMark.count - 1) + [byte]
      isComplete = overflow == Self.endMark
    }
  }

  /// The pasted lines, the last without its end. A tab becomes a blank, since it would complete a word;
  /// other control characters, which would act as keys, are dropped.
  var lines: [String] {
    var lines: [String.UnicodeScalarView] = [.init()]
    var previous: Unicode.Scalar = " "
    for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
      defer { previous = scalar }
      switch scalar {
      case "\n" where previous == "\r":
        continue
      case "\n", "\r":
        lines.append(.init())
      case "\t":
        lines[lines.count - 1].append(" ")
      default:
        let control = scalar.value < 32 || (127..<160).contains(scalar.value)
        if !control { lines[lines.count - 1].append(scalar) }
      }
    }
    if lines.count > 1, lines.last?.isEmpty == true { lines.removeLast() }
    return lines.map { String($0) }
  }
}
