/// A prompt in the form libedit accepts, made from text with colour codes (`ESC [ … m`).
///
/// libedit garbles two codes in a row, drops one at the very end and cannot draw line ends. So codes that
/// meet are joined, the text ends with a printable character, and lines before the last are apart.
struct PromptText {
  /// Stands around text that takes no room on the screen.
  static let marker: Unicode.Scalar = "\u{1}"

  /// Printed once, before libedit draws anything.
  let before: String
  /// Given to libedit.
  let marked: String
  /// What the person sees of `marked`.
  let visible: String

  init(_ prompt: String, unicode: Bool) {
    let lines = prompt.split(separator: "\n", omittingEmptySubsequences: false)
    before = lines.dropLast().map { $0 + "\r\n" }.joined()
    var marked = ""
    var visible = ""
    var code = ""
    var rest = Array(lines.last ?? "").flatMap(\.unicodeScalars)[...]
    while let scalar = rest.popFirst() {
      if scalar == "\u{1B}" {
        let end = rest.firstIndex { $0.properties.isAlphabetic } ?? rest.endIndex
        code.unicodeScalars.append(scalar)
        code.unicodeScalars.append(contentsOf: rest[..<end])
        if let last = rest[end...].first { code.unicodeScalars.append(last) }
        rest = rest[end...].dropFirst()
        continue
      }
      guard scalar.value >= 32, scalar.value != 127 else { continue }
      marked += Self.mark(code)
      code = ""
      let shown = unicode || scalar.isASCII ? scalar : "?"
      marked.unicodeScalars.append(shown)
      visible.unicodeScalars.append(shown)
    }
    if !code.isEmpty {
      // Nothing follows the last code, but it has to take effect: it goes before the last blank.
      if visible.last == " " { marked.removeLast() } else { visible += " " }
      if marked.unicodeScalars.last == Self.marker {
        marked.unicodeScalars.removeLast()
        marked += "\(code)\(Self.marker) "
      } else {
        marked += Self.mark(code) + " "
      }
    }
    self.marked = marked
    self.visible = visible
  }

  private static func mark(_ code: String) -> String {
    code.isEmpty ? "" : "\(marker)\(code)\(marker)"
  }
}
