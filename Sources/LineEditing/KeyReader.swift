import Platform

/// Turns the bytes of a terminal into characters, and its key sequences into single private characters.
///
/// libedit knows cursor keys in one of its modes only and inserts their remains while searching. Single
/// characters from U+0080 on, which no keyboard types, work in every mode once they are bound.
final class KeyReader {
  enum Key {
    case character(Unicode.Scalar)
    case signal(Int32)
    case endOfFile
  }

  /// The private characters. Their functions are bound in `LineEditor`.
  enum Private: UInt8, CaseIterable {
    case up = 0x80
    case down, left, right, home, end, delete, wordLeft, wordRight, deleteWord, paste, pageUp, pageDown, mouse

    var scalar: Unicode.Scalar { Unicode.Scalar(rawValue) }
  }

  /// How long the rest of a sequence may take, in milliseconds: long enough for a slow connection, short
  /// enough for the lone escape of vi.
  private static let patience: Int32 = 50

  private var bytes: ArraySlice<UInt8> = []
  private var queue: ArraySlice<Unicode.Scalar> = []
  private var pasted: ArraySlice<String> = []
  private var clicks: ArraySlice<RawTerminal.Key> = []
  private var arrived: Int32?
  /// The terminal's answer to the question for its ground: red, green and blue from 0 to 1.
  var answeredGround: ((Double, Double, Double) -> Void)?
  private var ended = false

  /// The text that belongs to a `Private.paste` just delivered.
  func takePaste() -> String { pasted.popFirst() ?? "" }

  /// Puts a key back, to be read next.
  func unread(_ scalar: Unicode.Scalar) { queue = [scalar] + queue }

  func takeMouse() -> RawTerminal.Key? { clicks.popFirst() }

  /// Whether keys were typed ahead, or lines pasted.
  var isAhead: Bool {
    if !bytes.isEmpty || !queue.isEmpty { return true }
    var source = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    return poll(&source, 1, 0) > 0
  }

  /// Drops everything typed ahead.
  func discard() {
    bytes = []
    queue = []
    pasted = []
  }

  /// Waits for the next key.
  func next() -> Key {
    while true {
      if let signal = arrived ?? TerminalSignals.next() {
        arrived = nil
        return .signal(signal)
      }
      if let scalar = queue.popFirst() { return .character(scalar) }
      if let byte = bytes.popFirst() {
        decode(byte)
      } else if ended {
        return .endOfFile
      } else {
        fill(waiting: -1)
      }
    }
  }

  /// Reads what is there, waiting at most so many milliseconds (-1: for ever). False if nothing came, a
  /// signal came or the terminal is gone.
  @discardableResult
  private func fill(waiting: Int32) -> Bool {
    var sources = [
      pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0),
      pollfd(fd: TerminalSignals.wakeUp.read, events: Int16(POLLIN), revents: 0),
    ]
    let ready = poll(&sources, 2, waiting)
    if ready < 0 && errno != EINTR { ended = true }
    guard ready > 0, arrived == nil else { return false }
    if sources[1].revents != 0, let signal = TerminalSignals.next() {
      arrived = signal
      return false
    }
    guard sources[0].revents != 0 else { return false }
    var chunk = [UInt8](repeating: 0, count: 4096)
    let count = read(STDIN_FILENO, &chunk, chunk.count)
    if count > 0 {
      bytes += chunk[..<count]
      return true
    }
    if count == 0 || (errno != EINTR && errno != EAGAIN) { ended = true }
    return false
  }

  /// The next byte without consuming it, or nil if none comes soon.
  private func peek(waiting: Int32 = patience) -> UInt8? {
    if bytes.isEmpty { fill(waiting: waiting) }
    return bytes.first
  }

  private func decode(_ first: UInt8) {
    if first == 0x1B { return escape() }
    if first < 0x80 { return queue.append(Unicode.Scalar(first)) }
    var encoded = [first]
    let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1
    while encoded.count < length, let byte = peek(), byte & 0xC0 == 0x80 {
      encoded.append(byte)
      bytes.removeFirst()
    }
    let scalar = String(decoding: encoded, as: UTF8.self).unicodeScalars.first ?? "\u{FFFD}"
    // The private characters must not come from outside.
    if !(0x80..<0xA0).contains(scalar.value) { queue.append(scalar) }
  }

  private func escape() {
    switch peek() {
    case UInt8(ascii: "["):
      bytes.removeFirst()
      controlSequence()
    case UInt8(ascii: "]"):
      bytes.removeFirst()
      answer()
    case UInt8(ascii: "O"):
      bytes.removeFirst()
      guard let final = peek() else {
        queue += ["\u{1B}", "O"]
        return
      }
      bytes.removeFirst()
      deliver(parameters: "", final: final)
    default:
      queue.append("\u{1B}")
    }
  }

  /// A sequence without a meaning here is swallowed: its remains would be inserted as text.
  private func controlSequence() {
    guard peek() != nil else {
      queue += ["\u{1B}", "["]
      return
    }
    var parameters = ""
    while parameters.utf8.count < 32, let byte = peek() {
      bytes.removeFirst()
      if byte >= 0x40 { return deliver(parameters: parameters, final: byte) }
      parameters.unicodeScalars.append(Unicode.Scalar(byte))
    }
  }

  /// An answer of the terminal, up to BEL or ESC \: `11;rgb:ffff/ffff/ffff`.
  private func answer() {
    var text = ""
    while text.utf8.count < 64, let byte = peek() {
      bytes.removeFirst()
      if byte == 0x07 { break }
      if byte == 0x1B {
        if peek() == UInt8(ascii: "\\") { bytes.removeFirst() }
        break
      }
      text.unicodeScalars.append(Unicode.Scalar(byte))
    }
    guard text.hasPrefix("11;rgb:") else { return }
    let parts = text.dropFirst(7).split(separator: "/").compactMap { part -> Double? in
      guard let value = Int(part, radix: 16), (1...4).contains(part.count) else { return nil }
      return Double(value) / Double((1 << (4 * part.count)) - 1)
    }
    if parts.count == 3 { answeredGround?(parts[0], parts[1], parts[2]) }
  }

  /// `<0;12;3M`: button, column and row, from 1; M where it went down.
  private func mouse(_ parameters: String, isDown: Bool) {
    let numbers = parameters.dropFirst().split(separator: ";").compactMap { Int($0) }
    guard numbers.count == 3, isDown else { return }
    switch numbers[0] {
    case 0: clicks.append(.press(row: numbers[2] - 1, column: numbers[1] - 1))
    case 64: clicks.append(.wheel(-1))
    case 65: clicks.append(.wheel(1))
    default: return
    }
    queue.append(Private.mouse.scalar)
  }

  private func deliver(parameters: String, final: UInt8) {
    if parameters.hasPrefix("<") { return mouse(parameters, isDown: final == UInt8(ascii: "M")) }
    let parts = parameters.split(separator: ";", omittingEmptySubsequences: false)
    let modified = parts.count > 1 || parameters == "5" || parameters == "3"
    let key: Private
    switch (Character(Unicode.Scalar(final)), parts.first ?? "") {
    case ("~", "200"):
      return paste()
    case ("A", _): key = .up
    case ("B", _): key = .down
    case ("C", _): key = modified ? .wordRight : .right
    case ("D", _): key = modified ? .wordLeft : .left
    case ("c", _): key = .wordRight
    case ("d", _): key = .wordLeft
    case ("H", _), ("~", "1"), ("~", "7"): key = .home
    case ("F", _), ("~", "4"), ("~", "8"): key = .end
    case ("~", "5"): key = .pageUp
    case ("~", "6"): key = .pageDown
    case ("~", "3"): key = parts.count > 1 ? .deleteWord : .delete
    default: return
    }
    queue.append(key.scalar)
  }

  /// Collects a paste up to its end mark. It is inserted whole: nothing of it runs before Return.
  private func paste() {
    var collected = PasteReader()
    while !collected.isComplete {
      if let byte = bytes.popFirst() {
        collected.append(byte)
      } else if !fill(waiting: 5000) {
        // Interrupted, or a terminal that never ends its paste: what came counts.
        break
      }
    }
    queue.append(Private.paste.scalar)
    pasted.append(collected.lines.joined(separator: "\n"))
  }
}
