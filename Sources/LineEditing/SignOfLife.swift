import CEditline
import Platform

/// A line below what was typed that says for how long a command has been at work, when it takes long and says nothing of
/// its own. A timer's signal writes it, so that no loop has to think of it.
package enum SignOfLife {
  private static let first = 500_000

  /// `[0]`: what is written, with room for the seconds. Everything here is touched before the signal is caught: a
  /// handler neither allocates nor locks.
  nonisolated(unsafe) private static let line: UnsafeMutableBufferPointer<UInt8> = {
    let text = "\r\u{1B}[Kat work:      s (Ctrl-C stops)"
    let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: text.utf8.count)
    _ = buffer.initialize(from: text.utf8)
    return buffer
  }()
  private static let (digits, cleared) = (16, 4)
  /// How many signals have come, how many cells there are, whether the command speaks for itself, whether a line stands.
  nonisolated(unsafe) private static let state: UnsafeMutableBufferPointer<sig_atomic_t> = {
    let buffer = UnsafeMutableBufferPointer<sig_atomic_t>.allocate(capacity: 4)
    buffer.initialize(repeating: 0)
    return buffer
  }()

  /// - Parameter columns: of the window; a line that it would have to wrap is shortened.
  package static func begin(columns: Int) {
    _ = line
    (state[0], state[1], state[2], state[3]) = (0, sig_atomic_t(clamping: columns), 0, 0)
    var previous = sigaction()
    editline_catch_signal(SIGALRM, { _ in SignOfLife.tick() }, 1, &previous)
    _ = editline_set_timer(first, 1)
  }

  /// The command writes lines of progress itself, or has written its last.
  package static func isSpoken(_ own: Bool) { state[2] = own ? 1 : 0 }

  package static func end() {
    _ = editline_set_timer(0, 0)
    if state[3] == 1 { _ = write(STDERR_FILENO, line.baseAddress, cleared) }
    state[3] = 0
  }

  private static func tick() {
    let saved = errno
    defer { errno = saved }
    state[0] &+= 1
    guard state[2] == 0, state[0] < 9999 else { return }
    var rest = Int(state[0]) - 1
    for place in 0..<4 {
      line[digits - place] = place == 0 || rest > 0 ? UInt8(truncatingIfNeeded: 48 + rest % 10) : 32
      rest /= 10
    }
    state[3] = 1
    // The two sequences in front take no cells.
    _ = write(STDERR_FILENO, line.baseAddress, min(line.count, Int(state[1]) + cleared - 1))
  }
}
