import CEditline

extension LineEditor {
  /// Ctrl-R: what is typed is looked for in earlier lines, the last first, until another key takes up what was found.
  /// libedit's own search says `bck:`, and inserts the rest of every key it does not know.
  func searchHistory() -> UInt8 {
    let original = edited.line
    var query = ""
    var place = entries.count
    func replaceLine(_ text: String) {
      el_cursor(handle, 1 << 24)
      el_deletestr(handle, Int32(clamping: edited.line.unicodeScalars.count))
      el_insertstr(handle, text)
    }
    /// The last entry before `end` that holds what is looked for.
    func find(before end: Int) {
      eraseLine()
      let found = entries[..<min(end, entries.count)].lastIndex { $0.contains(query) }
      if let found, !query.isEmpty {
        place = found
        replaceLine(entries[found])
      }
      let isThere = found != nil || query.isEmpty
      draw((isThere ? "search the history: " : "not in the history: ") + query + " > ")
    }
    func draw(_ prompt: String) {
      setPrompt(prompt)
      editline_refresh(handle)
    }
    /// Back to editing what was found.
    func leave(_ result: Int32) -> UInt8 {
      eraseLine()
      draw(prompt)
      return UInt8(truncatingIfNeeded: result)
    }
    find(before: 0)
    while true {
      switch keys.next() {
      case .endOfFile:
        outcome = .hungUp
        return UInt8(CC_NORM)
      case .signal(let signal):
        handle(signal: signal)
        if outcome != nil { return UInt8(CC_NORM) }
      case .character("\u{12}"): find(before: place)
      case .character("\u{7F}"), .character("\u{8}"):
        if !query.isEmpty { query.removeLast() }
        find(before: entries.count)
      case .character("\r"), .character("\n"):
        return leave(CC_NEWLINE)
      case .character("\u{7}"):
        eraseLine()
        replaceLine(original)
        draw(prompt)
        return UInt8(CC_NORM)
      case .character(let scalar) where scalar.value >= 32 && !(0x7F..<0xA0).contains(scalar.value):
        query.unicodeScalars.append(scalar)
        find(before: place == entries.count ? place : place + 1)
      case .character(let scalar):
        keys.unread(scalar)
        return leave(CC_NORM)
      }
    }
  }
}
