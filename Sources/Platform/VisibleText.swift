/// Text from outside (a file's name, a line of a script) as it may be sent to a terminal.
package enum VisibleText {
  /// Controls shown instead of sent: escape as `␛`, a tab as a space, what has no picture as `\u{85}`. Controls of writing
  /// direction too, for they make a line read otherwise than it is.
  package static func of(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x09: result += " "
      case 0x00...0x1F: result.unicodeScalars.append(Unicode.Scalar(0x2400 + scalar.value) ?? " ")
      case 0x7F: result += "␡"
      case _ where isControl(scalar): result += "\\u{" + String(scalar.value, radix: 16) + "}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// What a terminal, or a reader's eye, would take for a command.
  package static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x00...0x1F, 0x7F...0x9F, 0x61C, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF: true
    default: false
    }
  }

  /// Finished output as it goes to a terminal or a file: line ends and colours of ours pass, and nothing else that commands.
  package static func gate(_ output: String) -> String {
    // Bytes: a view of scalars that is given a part of another makes room for that and no more, and is copied for every
    // colour. A large matrix took minutes so.
    var result: [UInt8] = []
    var rest = output.unicodeScalars[...]
    while let place = rest.firstIndex(where: { $0 != "\n" && isControl($0) }) {
      let behind = rest.index(after: place)
      if rest[place] == "\u{1B}", let end = colour(rest[behind...]) {
        result += output.utf8[rest.startIndex..<end]
        rest = rest[end...]
      } else {
        result += output.utf8[rest.startIndex..<place]
        result += of(String(rest[place])).utf8
        rest = rest[behind...]
      }
    }
    if rest.startIndex == output.startIndex { return output }
    result += output.utf8[rest.startIndex...]
    return String(decoding: result, as: UTF8.self)
  }

  /// The end of `[1;33m`, nil where no colour stands.
  private static func colour(_ text: Substring.UnicodeScalarView) -> Substring.UnicodeScalarView.Index? {
    guard text.first == "[" else { return nil }
    let behind = text.dropFirst().drop { ("0"..."9").contains($0) || $0 == ";" }
    return behind.first == "m" ? behind.index(after: behind.startIndex) : nil
  }
}
