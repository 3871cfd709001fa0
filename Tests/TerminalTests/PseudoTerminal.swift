import Platform

/// Drives the built program as a person at a terminal does: keys go in, the screen comes out.
///
/// The program leads a session of its own, so that Ctrl-C and a change of the window reach it as signals.
final class PseudoTerminal {
  enum Failure: Error, CustomStringConvertible {
    case system(String, Int32)
    /// The awaited text did not appear.
    case missing(String, screen: String)
    case stillRunning(screen: String)

    var description: String {
      switch self {
      case .system(let call, let code): "\(call): \(String(cString: strerror(code)))"
      case .missing(let text, let screen): "no \"\(text)\" on the screen:\n\(screen)"
      case .stillRunning(let screen): "the program did not end:\n\(screen)"
      }
    }
  }

  /// How the program ended.
  enum Exit: Equatable {
    case status(Int32)
    case signal(Int32)
  }

  let process: pid_t
  /// Everything the program wrote.
  private(set) var transcript: [UInt8] = []
  private(set) var screen: TerminalScreen
  private let controller: Int32
  private var undecoded: [UInt8] = []
  private var exit: Exit?

  /// Starts `program`. The environment is only what is given, with TERM, LC_ALL and PATH where it is silent.
  init(
    _ program: String = PseudoTerminal.program, _ arguments: [String] = [],
    environment: [String: String] = [:], columns: Int = 80, rows: Int = 24
  ) throws {
    var ends: (controller: Int32, program: Int32) = (-1, -1)
    var name = [CChar](repeating: 0, count: 128)
    var size = Self.window(columns, rows)
    guard openpty(&ends.controller, &ends.program, &name, nil, &size) == 0 else {
      throw Failure.system("openpty", errno)
    }
    controller = ends.controller
    // Open until the program has it open: a terminal that nobody has open reports its end.
    defer { close(ends.program) }
    for end in [ends.controller, ends.program] { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    screen = TerminalScreen(columns: columns, rows: rows)

    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    // The first terminal that a session's leader opens becomes its controlling terminal.
    posix_spawn_file_actions_addopen(&actions, 0, name, O_RDWR, 0)
    posix_spawn_file_actions_adddup2(&actions, 0, 1)
    posix_spawn_file_actions_adddup2(&actions, 0, 2)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var all = sigset_t()
    sigfillset(&all)
    posix_spawnattr_setsigdefault(&attributes, &all)
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(
      &attributes, Self.newSession | Int16(POSIX_SPAWN_SETSIGDEF) | Int16(POSIX_SPAWN_SETSIGMASK))

    let defaults = ["TERM": "xterm", "LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin", "HOME": "/nonexistent"]
    let variables = defaults.merging(environment) { $1 }.map { "\($0)=\($1)" }
    var argv = ([program] + arguments).map { strdup($0) } + [nil]
    var envp = variables.map { strdup($0) } + [nil]
    defer { for pointer in argv + envp { free(pointer) } }
    var started = pid_t()
    let code = posix_spawn(&started, program, &actions, &attributes, &argv, &envp)
    guard code == 0 else {
      close(controller)
      throw Failure.system("posix_spawn \(program)", code)
    }
    process = started
  }

  /// POSIX_SPAWN_SETSID of <spawn.h>, which Swift does not see.
  private static let newSession: Int16 = 0x80

  deinit {
    if exit == nil {
      kill(process, SIGKILL)
      waitpid(process, nil, 0)
    }
    close(controller)
  }

  /// The built program: it lies beside the test bundle or above it.
  static let program = built("stepgrad")

  /// The echoing program that the tests of the line editor drive.
  static let probe = built("LineEditorProbe")

  private static func built(_ name: String) -> String {
    var candidates = CommandLine.arguments.filter { $0.hasSuffix(".xctest") }
    var path = [CChar](repeating: 0, count: 4096)
    let length = readlink("/proc/self/exe", &path, path.count)
    candidates.append(
      String(decoding: path.prefix(max(0, length)).map { UInt8(bitPattern: $0) }, as: UTF8.self))
    for candidate in candidates {
      var directory = candidate[...]
      while let slash = directory.lastIndex(of: "/"), slash > directory.startIndex {
        directory = directory[..<slash]
        if access("\(directory)/\(name)", X_OK) == 0, isFile("\(directory)/\(name)") {
          return "\(directory)/\(name)"
        }
      }
    }
    return ".build/debug/\(name)"
  }

  private static func isFile(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  /// Types `keys`; control keys as their characters, such as "\u{3}" for Ctrl-C.
  func send(_ keys: String) throws {
    var rest = Array(keys.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(controller, $0.baseAddress, $0.count) }
      guard count > 0 else { throw Failure.system("write", errno) }
      rest = rest.dropFirst(count)
    }
  }

  /// Waits until the screen shows `text`.
  func expect(_ text: String, timeout seconds: Double = 20) throws {
    try expect(text, timeout: seconds) { $0.text.contains(text) }
  }

  /// Waits until the line on which the cursor stands is `line`.
  func expectCursorLine(_ line: String, timeout seconds: Double = 20) throws {
    try expect(line, timeout: seconds) { $0.lines[$0.row] == line }
  }

  /// Waits until `condition` holds for the screen.
  func expect(
    _ description: String, timeout seconds: Double = 20, until condition: (TerminalScreen) -> Bool
  ) throws {
    let end = Self.now + seconds
    while !condition(screen) {
      guard Self.now < end, receive(within: end - Self.now) else {
        if condition(screen) { return }
        throw Failure.missing(description, screen: screen.text)
      }
    }
  }

  /// Changes the window, as dragging its corner does.
  func resize(columns: Int, rows: Int) {
    claim(columns: columns, rows: rows)
    screen.resize(columns: columns, rows: rows)
  }

  /// Says that the window has another size, which it has not.
  func claim(columns: Int, rows: Int) {
    var size = Self.window(columns, rows)
    _ = ioctl(controller, UInt(TIOCSWINSZ), &size)
  }

  /// Whether the terminal passes whole lines on and echoes, as a shell expects to find it.
  var isRestored: Bool {
    var settings = termios()
    tcgetattr(controller, &settings)
    let flags = tcflag_t(ICANON) | tcflag_t(ECHO) | tcflag_t(ISIG)
    return settings.c_lflag & flags == flags
  }

  /// Waits for the end of the program.
  func waitForExit(timeout seconds: Double = 20) throws -> Exit {
    let end = Self.now + seconds
    while true {
      if let exit { return exit }
      var status: Int32 = 0
      if waitpid(process, &status, WNOHANG) == process {
        let signal = status & 0x7F
        exit = signal == 0 ? .status((status >> 8) & 0xFF) : .signal(signal)
        while receive(within: 0) {}
        continue
      }
      guard Self.now < end else { throw Failure.stillRunning(screen: screen.text) }
      // A program whose output nobody takes would never end.
      if !receive(within: 0.01) { usleep(5000) }
    }
  }

  /// Takes what the program wrote; false if nothing came.
  private func receive(within seconds: Double) -> Bool {
    var source = pollfd(fd: controller, events: Int16(POLLIN), revents: 0)
    guard poll(&source, 1, Int32(clamping: Int(clamping: max(0, seconds) * 1000))) > 0 else { return false }
    var chunk = [UInt8](repeating: 0, count: 65536)
    let count = read(controller, &chunk, chunk.count)
    guard count > 0 else { return false }
    transcript += chunk[..<count]
    undecoded += chunk[..<count]
    // A character may be cut where a read ended.
    var whole = undecoded.count
    while whole > 0, undecoded.count - whole < 3, undecoded[whole - 1] & 0xC0 == 0x80 { whole -= 1 }
    if whole > 0, undecoded[whole - 1] >= 0xC0 {
      let lead = undecoded[whole - 1]
      let length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2
      whole = undecoded.count - whole + 1 >= length ? undecoded.count : whole - 1
    } else {
      whole = undecoded.count
    }
    for scalar in String(decoding: undecoded[..<whole], as: UTF8.self).unicodeScalars { screen.write(scalar) }
    undecoded.removeFirst(whole)
    return true
  }

  private static func window(_ columns: Int, _ rows: Int) -> winsize {
    winsize(ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
  }

  private static var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
