import CEditline
import Platform

/// The stop at the foot of a full window.
package enum Pager {
  package enum Answer { case more, quit }

  package static let prompt = "--more--"

  /// Waits for a key. Without a terminal to ask, and while keys are typed ahead, output runs on.
  package static func stop(_ editor: LineEditor) -> Answer {
    guard !editor.isAhead, let terminal = editor.rawTerminal() else { return .more }
    func write() { editline_write(prompt) }
    func erase() { editline_write("\r" + String(repeating: " ", count: prompt.utf8.count) + "\r") }
    write()
    while true {
      let event = terminal.next()
      switch event {
      case .key(let key):
        erase()
        terminal.end()
        return key == .character("q") || key == .character("Q") ? .quit : .more
      case .interrupted, .ended:
        erase()
        terminal.end()
        return .quit
      case .continued:
        write()
      case .resized:
        continue
      case .terminated(let signal):
        erase()
        terminal.end()
        TerminalSignals.die(by: signal)
      }
    }
  }
}
