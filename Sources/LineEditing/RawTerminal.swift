import CEditline
import Platform

/// The terminal key by key, outside of a line that is edited. However this ends, the shell finds it as it was: signals are
/// reported as keys while it lasts, and an end of the process restores it.
package final class RawTerminal {
  package enum Event: Equatable {
    case key(Key)
    case resized
    /// Ctrl-C.
    case interrupted
    /// Stopped and continued: what was on the screen has to be drawn again.
    case continued
    /// The terminal is gone.
    case ended
    /// The process was asked to end. Call `end`, then `TerminalSignals.die(by:)`.
    case terminated(Int32)
  }

  package enum Key: Equatable {
    case character(Character)
    case up, down, left, right, home, end, pageUp, pageDown, delete, tab, enter, escape, backspace
    case press(row: Int, column: Int)
    case wheel(Int)
  }

  private let keys: KeyReader
  private var before = termios()
  /// Written when it is left for a while, and when it is entered again.
  private let enter: String
  private let leave: String

  /// - Parameters:
  ///   - enter: codes that prepare the screen, such as the alternate one.
  ///   - leave: codes that undo them.
  init?(_ keys: KeyReader, enter: String = "", leave: String = "") {
    guard tcgetattr(STDIN_FILENO, &before) == 0 else { return nil }
    self.keys = keys
    self.enter = enter
    self.leave = leave
    TerminalSignals.begin(leaving: leave)
    editline_hang_up_with_parent(1)
    start()
  }

  /// Gives the terminal back.
  package func end() {
    stop()
    editline_hang_up_with_parent(0)
    TerminalSignals.end()
  }

  package func draw(_ text: String) { editline_write(text) }

  /// Waits for the next event.
  package func next() -> Event {
    while true {
      switch keys.next() {
      case .character(let scalar):
        if let key = key(scalar) { return .key(key) }
      case .endOfFile: return .ended
      case .signal(let signal):
        if let event = event(signal) { return event }
      }
    }
  }

  private func event(_ signal: Int32) -> Event? {
    switch signal {
    case SIGINT:
      Interrupt.forget()
      keys.discard()
      return .interrupted
    case SIGWINCH: return .resized
    case SIGTERM, SIGHUP, SIGQUIT: return .terminated(signal)
    case SIGTSTP:
      stop()
      TerminalSignals.suspend()
      var others: [Int32] = []
      while let signal = TerminalSignals.next() {
        if signal != SIGCONT && signal != SIGTSTP { others.append(signal) }
      }
      start()
      return others.compactMap(event).first { if case .terminated = $0 { true } else { false } } ?? .continued
    case SIGCONT:
      start()
      return .continued
    default: return nil
    }
  }

  private func start() {
    var raw = before
    raw.c_lflag &= ~(tcflag_t(ICANON) | tcflag_t(ECHO) | tcflag_t(IEXTEN))
    raw.c_iflag &= ~tcflag_t(ICRNL)
    tcsetattr(STDIN_FILENO, TCSADRAIN, &raw)
    editline_write(enter)
  }

  private func stop() {
    editline_write(leave)
    tcsetattr(STDIN_FILENO, TCSADRAIN, &before)
  }

  private func key(_ scalar: Unicode.Scalar) -> Key? {
    if let special = KeyReader.Private.allCases.first(where: { $0.scalar == scalar }) {
      switch special {
      case .up: return .up
      case .down: return .down
      case .left, .wordLeft: return .left
      case .right, .wordRight: return .right
      case .home: return .home
      case .end: return .end
      case .pageUp: return .pageUp
      case .pageDown: return .pageDown
      case .delete, .deleteWord: return .delete
      case .mouse: return keys.takeMouse()
      case .paste:
        _ = keys.takePaste()
        return nil
      }
    }
    switch scalar {
    case "\r", "\n": return .enter
    case "\t": return .tab
    case "\u{1B}": return .escape
    case "\u{7F}", "\u{8}": return .backspace
    default: return .character(Character(scalar))
    }
  }
}

extension LineEditor {
  /// The terminal key by key; nil where it cannot be had.
  package func rawTerminal(enter: String = "", leave: String = "") -> RawTerminal? {
    RawTerminal(keys, enter: enter, leave: leave)
  }

  /// Whether keys were typed ahead.
  package var isAhead: Bool { keys.isAhead }
}
