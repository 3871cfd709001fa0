import CEditline
import CKernels
import Platform

/// Ctrl-C while a command runs: the loops of the commands ask for it and stop.
///
/// `install` is called once by the line editor; without it Ctrl-C ends the process as usual.
package enum Interrupt {
  package static func forget() { sg_set_interrupted(false) }

  /// Has SIGINT tell the loops, and wake a reader that waits for a key.
  package static func install() {
    forget()
    _ = TerminalSignals.wakeUp
    var previous = sigaction()
    editline_catch_signal(
      SIGINT,
      { signal in
        sg_set_interrupted(true)
        TerminalSignals.report(signal)
      }, 1, &previous)
  }
}
