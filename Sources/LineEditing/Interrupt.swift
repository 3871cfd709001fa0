import CEditline
import Platform

/// Ctrl-C, seen from a command that runs long: it polls `flag`, stops, and resets it.
///
/// `install` is called once by the line editor; without it Ctrl-C ends the process as usual.
package enum Interrupt {
  nonisolated(unsafe) private static let raised: UnsafeMutablePointer<sig_atomic_t> = {
    let pointer = UnsafeMutablePointer<sig_atomic_t>.allocate(capacity: 1)
    pointer.initialize(to: 0)
    return pointer
  }()

  /// True from the moment Ctrl-C was pressed until it is set to false.
  package static var flag: Bool {
    get { editline_flag_load(raised) != 0 }
    set { editline_flag_store(raised, newValue ? 1 : 0) }
  }

  /// Has SIGINT raise the flag, and wake a reader that waits for a key.
  package static func install() {
    flag = false
    _ = TerminalSignals.wakeUp
    var previous = sigaction()
    editline_catch_signal(
      SIGINT,
      { signal in
        Interrupt.flag = true
        TerminalSignals.report(signal)
      }, 1, &previous)
  }
}
