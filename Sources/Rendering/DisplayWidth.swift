import Platform

/// Terminal cells that text takes, and text made safe to send to a terminal. A table of a few ranges: the C
/// library's `wcwidth` depends on the locale, which a pipe or a container often lacks.
package enum DisplayWidth {
  /// Cells of one scalar: 0 for combining marks, 2 for East Asian wide ones and emoji, else 1.
  /// Source: Unicode 15, EastAsianWidth.txt (W and F, in coarse ranges), general category Mn, Me, Cf.
  static func of(_ scalar: Unicode.Scalar) -> Int {
    let code = scalar.value
    if code < 0x300 { return 1 }
    switch code {
    case 0x300...0x36F, 0x483...0x489, 0x591...0x5BD, 0x610...0x61A, 0x64B...0x65F, 0x1AB0...0x1AFF,
      0x1DC0...0x1DFF, 0x200B...0x200F, 0x2060...0x2064, 0x20D0...0x20FF, 0xFE00...0xFE0F,
      0xFE20...0xFE2F, 0xFEFF, 0xE0100...0xE01EF:
      return 0
    case 0x1100...0x115F, 0x231A...0x231B, 0x23E9...0x23EC, 0x2614...0x2615, 0x26A1, 0x2705, 0x274C,
      0x2753...0x2755, 0x2795...0x2797, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F,
      0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6,
      0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF, 0x1FA70...0x1FAFF, 0x20000...0x3FFFD:
      return 2
    default: return 1
    }
  }

  /// Cells of one character: those of its widest scalar, since what is joined to it is drawn over it.
  static func of(_ character: Character) -> Int {
    var widest = 0
    for scalar in character.unicodeScalars {
      if scalar.value == 0xFE0F && widest > 0 { return 2 }
      widest = max(widest, of(scalar))
    }
    return widest
  }

  package static func of(_ text: String) -> Int {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.utf8.count }
    return text.reduce(0) { $0 + of($1) }
  }

  /// The text's lines, each safe to print.
  static func safeLines(_ text: String) -> [String] {
    text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map {
      VisibleText.of(String($0))
    }
  }

  static func padded(_ text: String, to width: Int, right: Bool = false) -> String {
    let missing = spaces(width - of(text))
    return right ? missing + text : text + missing
  }

  static func spaces(_ count: Int) -> String { String(repeating: " ", count: max(0, count)) }

  /// At most `width` cells, the last of them the sign when something was cut.
  static func cut(_ text: String, to width: Int, sign: String = "…") -> String {
    guard of(text) > width else { return text }
    var result = ""
    var used = 0
    for character in text {
      let cells = of(character)
      if used + cells > width - 1 { break }
      result.append(character)
      used += cells
    }
    return width > 0 ? result + sign : ""
  }

  /// Breaks at spaces into lines of at most `width` cells, `indent` before every line but the first. A word
  /// that is too long for a line with its indent stands without, and one that is too long for any is broken inside.
  package static func wrap(_ text: String, width: Int, first: Int = 0, indent: Int = 0) -> [String] {
    if first + of(text) <= width { return [text] }
    let indent = min(indent, max(0, width - 8))
    var lines: [String] = []
    var line = ""
    var used = first
    var isStart = true
    func close() {
      lines.append(line)
      line = spaces(indent)
      used = indent
      isStart = true
    }
    // Leading spaces are part of the layout, spaces between words are not.
    let lead = text.prefix { $0 == " " }.prefix(width / 2)
    line += lead
    used += lead.count
    var gap = 0
    for piece in text.dropFirst(lead.count).split(separator: " ", omittingEmptySubsequences: false) {
      if piece.isEmpty {
        gap += 1
        continue
      }
      let cells = of(String(piece))
      let space = isStart ? 0 : 1 + gap
      gap = 0
      if used + space + cells <= width {
        line += spaces(space) + piece
        used += space + cells
        isStart = false
        continue
      }
      if !isStart || (lines.isEmpty && used > indent && indent + cells <= width) { close() }
      if used <= indent, used + cells > width, cells <= width { (line, used) = ("", 0) }
      for character in piece {
        let cells = of(character)
        if used + cells > width && used > indent { close() }
        line.append(character)
        used += cells
        isStart = false
      }
    }
    if !isStart { lines.append(line) }
    return lines.isEmpty ? [""] : lines
  }
}
