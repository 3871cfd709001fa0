import CEditline
import Platform

/// The signals that concern a terminal, turned into bytes of a pipe while a line is being read.
///
/// libedit's own handling sends signals on to the whole process group, and without any handling a
/// signal leaves the terminal raw. Outside of `begin` and `end` the usual actions hold, because then the
/// terminal is as the shell left it.
package enum TerminalSignals {
  private static let reported = [SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT, SIGWINCH]
  private static let crashes = [SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV]

  /// The two ends of the pipe, neither of which ever blocks.
  static let wakeUp: (read: Int32, write: Int32) = {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return (-1, -1) }
    for end in ends {
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
    }
    return (ends[0], ends[1])
  }()

  /// What was in force before `begin`, by signal number.
  nonisolated(unsafe) private static let previous: UnsafeMutablePointer<sigaction> = {
    let actions = UnsafeMutablePointer<sigaction>.allocate(capacity: 65)
    actions.initialize(repeating: sigaction(), count: 65)
    return actions
  }()

  /// The terminal's settings from before the first line was read.
  nonisolated(unsafe) private static let settings: UnsafeMutablePointer<termios> = {
    let pointer = UnsafeMutablePointer<termios>.allocate(capacity: 1)
    pointer.initialize(to: termios())
    tcgetattr(STDIN_FILENO, pointer)
    atexit { TerminalSignals.restoreTerminal() }
    return pointer
  }()

  nonisolated(unsafe) private static let reading: UnsafeMutablePointer<sig_atomic_t> = {
    let pointer = UnsafeMutablePointer<sig_atomic_t>.allocate(capacity: 1)
    pointer.initialize(to: 0)
    return pointer
  }()

  /// What a terminal is sent when the process ends in between: `[0]` is its address, or nil.
  nonisolated(unsafe) private static let farewell: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?> = {
    let pointer = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: 1)
    pointer.initialize(to: nil)
    return pointer
  }()

  /// Called by handlers: nothing here allocates or locks.
  static func report(_ signal: Int32) {
    let saved = errno
    var byte = UInt8(truncatingIfNeeded: signal)
    _ = write(wakeUp.write, &byte, 1)
    errno = saved
  }

  /// The next signal that arrived, or nil; never waits.
  static func next() -> Int32? {
    var byte: UInt8 = 0
    return read(wakeUp.read, &byte, 1) == 1 ? Int32(byte) : nil
  }

  /// - Parameter leaving: codes that give the screen back, should the process end before `end`.
  static func begin(leaving codes: String = "") {
    _ = settings
    _ = wakeUp
    free(farewell.pointee)
    farewell.pointee = codes.isEmpty ? nil : strdup(codes)
    editline_flag_store(reading, 1)
    for signal in reported {
      editline_catch_signal(signal, { TerminalSignals.report($0) }, 0, previous + Int(signal))
    }
    for signal in crashes {
      editline_catch_signal(signal, { TerminalSignals.crash($0) }, 1, previous + Int(signal))
    }
  }

  static func end() {
    for signal in reported + crashes { sigaction(signal, previous + Int(signal), nil) }
    editline_flag_store(reading, 0)
  }

  /// Stops this process as Ctrl-Z does without a handler, and returns when it is continued.
  static func suspend() {
    editline_default_signal(SIGTSTP)
    kill(getpid(), SIGTSTP)
    var ignored = sigaction()
    editline_catch_signal(SIGTSTP, { TerminalSignals.report($0) }, 1, &ignored)
  }

  /// Ends this process by `signal`, so that the parent sees the true cause. The terminal must have been
  /// given back before.
  package static func die(by signal: Int32) -> Never {
    editline_default_signal(signal)
    kill(getpid(), signal)
    exit(128 &+ signal)
  }

  /// A defect, or `exit` in the middle of a line: the shell must still get a usable terminal.
  private static func restoreTerminal() {
    guard editline_flag_load(reading) != 0 else { return }
    tcsetattr(STDIN_FILENO, TCSANOW, settings)
    if let codes = farewell.pointee { _ = write(STDOUT_FILENO, codes, strlen(codes)) }
    let off: StaticString = "\u{1B}[?2004l\r\n"
    _ = write(STDOUT_FILENO, off.utf8Start, off.utf8CodeUnitCount)
  }

  /// Hands on to the handler that was there before, which finds the fault where it happened.
  private static func crash(_ signal: Int32) {
    restoreTerminal()
    editline_flag_store(reading, 0)
    sigaction(signal, previous + Int(signal), nil)
    // Blocked until this handler returns. Returning alone would not be enough for a signal from outside.
    raise(signal)
  }
}
