import CEditline
import Platform

/// Reads lines that a person types at a terminal, with editing, completion, history and search.
///
/// Built on libedit, which is not thread-safe: one editor, used from one thread. `~/.editrc` is honoured,
/// except for Tab, Ctrl-R and the cursor keys, which work alike in its emacs and vi modes.
package final class LineEditor {
  /// How the reading of one line ended.
  package enum Event: Equatable {
    case line(String)
    /// Ctrl-C: the line was dropped.
    case cancelled
    /// Ctrl-D on an empty line.
    case endOfFile
    /// The terminal is gone.
    case hungUp
    /// The process was asked to end. The terminal is given back; call `TerminalSignals.die(by:)`.
    case terminated(Int32)
  }

  package typealias Completer = (_ line: String, _ cursor: Int) -> Completion

  let handle: OpaquePointer
  let keys = KeyReader()
  let complete: Completer
  private let lines: OpaquePointer
  private var history: HistoryFile
  private let unicode: Bool
  /// False on a terminal that would print control codes as text.
  let hasControlCodes: Bool
  /// The prompt's bytes, which libedit asks for whenever it draws.
  private(set) var markedPrompt: UnsafeMutablePointer<CChar>?
  private(set) var visiblePrompt = ""
  /// Set by the reader where a line ends other than by Return.
  var outcome: Event?
  /// The line and cursor that the last Tab left; a second Tab there lists.
  var lastCompletion: (line: String, cursor: Int)?
  private var asksForGround = false
  private(set) var prompt = ""

  /// Nil where there is no terminal on both sides. `complete` gets the line and the cursor's offset in
  /// characters. A nil `historyPath` keeps no history beyond the session.
  package init?(historyPath: String?, complete: @escaping Completer) {
    guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else { return nil }
    let terminal = getenv("TERM").map { String(cString: $0) } ?? ""
    hasControlCodes = terminal != "" && terminal != "dumb"
    // Before libedit starts: it fixes how to encode characters then.
    unicode = editline_choose_utf8() != 0
    guard let handle = editline_open("stepgrad") else { return nil }
    guard let lines = history_init() else {
      el_end(handle)
      return nil
    }
    self.handle = handle
    self.lines = lines
    self.complete = complete
    history = HistoryFile(path: historyPath)
    editline_history_limit(lines, Int32(HistoryFile.limit))
    for line in history.entries { editline_history_enter(lines, line) }
    editline_use_history(handle, lines)
    editline_set_client_data(handle, Unmanaged.passUnretained(self).toOpaque())
    editline_set_prompt(handle, editorPrompt, CChar(1))
    editline_set_reader(handle, editorReadKey)
    bindKeys()
    // With these, text typed at the start of a wrapped line vanishes from the screen.
    for name in ["ic", "im", "IC", "ei"] { editline_set_capability(handle, name, "") }
    Interrupt.install()
  }

  deinit {
    el_end(handle)
    history_end(lines)
    free(markedPrompt)
  }

  /// The lines typed so far, in this and earlier sessions, oldest first.
  package var entries: [String] { history.entries }

  /// The window's width in cells, at this moment.
  package var columns: Int { windowSize.columns }

  /// The window's height in lines, at this moment.
  package var rows: Int { windowSize.rows }

  /// Has the next line ask the terminal for its background, while what is answered is not echoed. Says whether it is light
  /// as soon as there is an answer.
  package func askForGround(_ isLight: @escaping (Bool) -> Void) {
    // Rec. 709: how bright a colour looks.
    keys.answeredGround = { red, green, blue in isLight(0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.5) }
    asksForGround = true
  }

  /// Has ↑ bring back what was typed: a block as one entry.
  package func remember(_ typed: String) {
    if let kept = history.append(typed) { editline_history_enter(lines, kept) }
  }

  /// What stands before the line; what comes before its last line end is handed back.
  @discardableResult
  func setPrompt(_ prompt: String) -> String {
    let text = PromptText(prompt, unicode: unicode)
    free(markedPrompt)
    markedPrompt = strdup(text.marked)
    visiblePrompt = text.visible
    return text.before
  }

  /// Waits for a line; what was pasted, or brought back by ↑, can be several. The prompt may hold colour codes and
  /// characters beyond ASCII. `remember` keeps what was typed.
  package func readLine(prompt: String) -> Event {
    self.prompt = prompt
    let before = setPrompt(prompt)
    outcome = nil
    lastCompletion = nil
    forgetInterrupt()
    TerminalSignals.begin()
    setBracketedPaste(true)
    editline_write(before)
    editline_resize(handle)
    // libedit draws the prompt first, and keys typed until it is done would show twice.
    editline_prepare_terminal(handle, 1)
    if asksForGround {
      editline_write("\u{1B}]11;?\u{1B}\\")
      asksForGround = false
    }
    var count: Int32 = 0
    let typed = el_gets(handle, &count).map { String(cString: $0) }
    setBracketedPaste(false)
    TerminalSignals.end()
    if let outcome { return outcome }
    guard let typed, count > 0 else {
      editline_write("\n")
      return .endOfFile
    }
    var line = Substring(typed)
    while let last = line.unicodeScalars.last, last == "\n" || last == "\r" {
      line.unicodeScalars.removeLast()
    }
    return .line(String(line))
  }

  /// Has the terminal mark what is pasted, so that it does not act as keys.
  func setBracketedPaste(_ on: Bool) {
    if hasControlCodes { editline_write(on ? "\u{1B}[?2004h" : "\u{1B}[?2004l") }
  }

  /// A Ctrl-C from before this line stopped a command, and with it whatever was pasted behind it.
  private func forgetInterrupt() {
    Interrupt.forget()
    while let signal = TerminalSignals.next() {
      if signal == SIGINT { keys.discard() }
    }
  }

  private var windowSize: (rows: Int, columns: Int) {
    var rows: UInt16 = 0
    var columns: UInt16 = 0
    guard editline_window_size(STDOUT_FILENO, &rows, &columns) == 0, rows > 0, columns > 0 else {
      return (24, 80)
    }
    return (min(1000, Int(rows)), min(1000, Int(columns)))
  }

  private func bindKeys() {
    editline_set_editor(handle, "emacs")
    editline_add_function(handle, "stepgrad-complete", "Complete the word", editorComplete)
    editline_add_function(handle, "stepgrad-paste", "Insert a paste", editorPaste)
    editline_add_function(handle, "stepgrad-search", "Search the history", editorSearch)
    editline_add_function(handle, "stepgrad-end", "Move behind the line", editorEnd)
    // As in every shell. libedit's own would delete everything before the cursor.
    editline_bind(handle, "^W", "ed-delete-prev-word")
    // `bind -v` there clears all keys, hence before the ones below.
    el_source(handle, nil)
    func bind(_ key: String, _ function: String) {
      editline_bind(handle, key, function)
      editline_bind_alternative(handle, key, function)
    }
    bind("^I", "stepgrad-complete")
    bind("^R", "stepgrad-search")
    for key in KeyReader.Private.allCases { bind(String(key.scalar), Self.function(of: key)) }
  }

  private static func function(of key: KeyReader.Private) -> String {
    switch key {
    case .up: "ed-prev-history"
    case .down: "ed-next-history"
    case .left: "ed-prev-char"
    case .right: "ed-next-char"
    case .home: "ed-move-to-beg"
    case .end: "stepgrad-end"
    case .delete: "ed-delete-next-char"
    case .wordLeft: "ed-prev-word"
    case .wordRight: "em-next-word"
    case .deleteWord: "em-delete-next-word"
    case .paste: "stepgrad-paste"
    case .pageUp, .pageDown, .mouse: "ed-ignore"
    }
  }
}
