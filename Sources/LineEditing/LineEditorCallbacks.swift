import CEditline
import Platform

// What libedit calls while it reads a line. C functions: the editor travels as client data.

private func editor(of handle: OpaquePointer?) -> LineEditor? {
  guard let data = editline_client_data(handle) else { return nil }
  return Unmanaged<LineEditor>.fromOpaque(data).takeUnretainedValue()
}

func editorPrompt(_ handle: OpaquePointer?) -> UnsafeMutablePointer<CChar>? {
  editor(of: handle)?.markedPrompt
}

/// 1 for a character, 0 at the end of input, -1 to give the line up.
func editorReadKey(_ handle: OpaquePointer?, _ character: UnsafeMutablePointer<wchar_t>?) -> Int32 {
  guard let editor = editor(of: handle) else { return -1 }
  while editor.outcome == nil {
    switch editor.keys.next() {
    case .character(let scalar):
      if let character { editline_store_character(character, scalar.value) }
      return 1
    case .endOfFile:
      editor.outcome = .hungUp
    case .signal(let signal):
      editor.handle(signal: signal)
    }
  }
  return -1
}

func editorComplete(_ handle: OpaquePointer?, _ key: Int32) -> UInt8 {
  editor(of: handle)?.completeWord() ?? UInt8(CC_ERROR)
}

func editorSearch(_ handle: OpaquePointer?, _ key: Int32) -> UInt8 {
  editor(of: handle)?.searchHistory() ?? UInt8(CC_ERROR)
}

func editorPaste(_ handle: OpaquePointer?, _ key: Int32) -> UInt8 {
  guard let editor = editor(of: handle) else { return UInt8(CC_ERROR) }
  el_insertstr(handle, editor.keys.takePaste())
  return UInt8(CC_REFRESH)
}

/// libedit's own stops before the last character in vi mode, even while inserting.
func editorEnd(_ handle: OpaquePointer?, _ key: Int32) -> UInt8 {
  el_cursor(handle, 1 << 24)
  return UInt8(CC_CURSOR)
}

extension LineEditor {
  /// What is being edited: the text and what of it stands before the cursor.
  var edited: (line: String, beforeCursor: String) {
    guard let info = el_line(handle)?.pointee, let start = info.buffer, let cursor = info.cursor,
      let end = info.lastchar
    else { return ("", "") }
    func text(upTo end: UnsafePointer<CChar>) -> String {
      let bytes = UnsafeBufferPointer(start: start, count: max(0, end - start))
      return String(decoding: bytes.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
    return (text(upTo: end), text(upTo: cursor))
  }

  func handle(signal: Int32) {
    switch signal {
    case SIGINT:
      keys.discard()
      Interrupt.forget()
      moveBelowLine(after: "^C")
      outcome = .cancelled
    case SIGTERM, SIGHUP, SIGQUIT:
      moveBelowLine()
      outcome = .terminated(signal)
    case SIGWINCH:
      redrawForNewWindow()
    case SIGTSTP:
      suspend()
    case SIGCONT:
      // Stopped from outside; the shell may have changed the terminal meanwhile.
      resume()
    default:
      break
    }
  }

  /// Terminals wrap what they show anew when their width changes, and libedit does not know. So the line is
  /// drawn again from where its prompt now starts.
  private func redrawForNewWindow() {
    eraseLine()
    editline_resize(handle)
    if hasControlCodes { editline_refresh(handle) }
  }

  /// Clears the prompt and what is edited from the screen: libedit draws anew from where its prompt begins.
  func eraseLine() {
    guard hasControlCodes else { return }
    let cursor = TextWidth.position(after: visiblePrompt + edited.beforeCursor, columns: columns)
    // At the right margin the cursor may be on either row: rather a row too many than output erased.
    let up = cursor.column == 0 ? cursor.row - 1 : cursor.row
    editline_write("\r" + (up > 0 ? "\u{1B}[\(up)A" : "") + "\u{1B}[J")
  }

  private func suspend() {
    moveBelowLine()
    setBracketedPaste(false)
    editline_prepare_terminal(handle, 0)
    TerminalSignals.suspend()
    var others: [Int32] = []
    while let signal = TerminalSignals.next() {
      if signal != SIGCONT && signal != SIGTSTP { others.append(signal) }
    }
    resume()
    for signal in others where outcome == nil { handle(signal: signal) }
  }

  private func resume() {
    editline_prepare_terminal(handle, 1)
    editline_write("\r")
    setBracketedPaste(true)
    editline_resize(handle)
    editline_refresh(handle)
  }

  /// Puts the terminal's cursor on the line below the text being edited, however many rows that takes.
  private func moveBelowLine(after mark: String = "") {
    guard hasControlCodes else { return editline_write(mark + "\r\n") }
    let (line, before) = edited
    let width = columns
    let cursor = TextWidth.position(after: visiblePrompt + before, columns: width)
    let end = TextWidth.position(after: visiblePrompt + line, columns: width)
    let down = end.row > cursor.row ? "\u{1B}[\(end.row - cursor.row)B" : ""
    let right = end.column > 0 ? "\u{1B}[\(end.column)C" : ""
    editline_write("\r" + down + right + mark + "\r\n")
  }

  fileprivate func completeWord() -> UInt8 {
    let (line, before) = edited
    let cursor = before.count
    let completion = complete(line, cursor)
    guard !completion.candidates.isEmpty else { return UInt8(CC_ERROR) }
    let word = String(before.dropFirst(max(0, completion.replaceFrom)))
    let replacement = completion.replacement(of: word)
    if replacement != word {
      if replacement.hasPrefix(word) {
        el_insertstr(handle, String(replacement.dropFirst(word.count)))
      } else {
        // libedit counts scalars.
        el_deletestr(handle, Int32(clamping: word.unicodeScalars.count))
        el_insertstr(handle, replacement)
      }
      let now = edited
      lastCompletion = (now.line, now.beforeCursor.count)
      return UInt8(CC_REFRESH)
    }
    guard let last = lastCompletion, last == (line, cursor) else {
      lastCompletion = (line, cursor)
      return UInt8(CC_ERROR)
    }
    moveBelowLine()
    for row in completion.listing(width: columns, rows: max(1, rows - 3)) { editline_write(row + "\r\n") }
    editline_refresh(handle)
    return UInt8(CC_NORM)
  }
}
