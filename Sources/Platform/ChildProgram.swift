/// Another program, run to its end with what it writes kept.
package struct ChildProgram: Sendable {
  package enum End: Sendable, Equatable {
    case exited(Int32)
    case killed(signal: Int32)
    case interrupted
    case tookTooLong
  }

  package struct Outcome: Sendable {
    package let end: End
    /// Standard output and error, as far as `mostOutput` reaches.
    package var output: [UInt8] = []
    package var omitted = 0
    /// What it wrote to the descriptor `recordDescriptor`.
    package var record: [UInt8] = []
  }

  package struct Failure: Error, Sendable { package let message: String }

  package static let recordDescriptor: Int32 = 3
  package static let mostOutput = 1 << 16

  /// - Parameters:
  ///   - program: looked for in PATH.
  ///   - seconds: after which it is stopped, with all that it has started.
  ///   - mostRecord: bytes; what is beyond is not kept.
  ///   - isInterrupted: asked while it runs.
  package static func run(
    _ program: String, _ arguments: [String], seconds: Double, mostRecord: Int, isInterrupted: () -> Bool
  ) throws(Failure) -> Outcome {
    guard let output = pipe() else { throw failure(errno) }
    guard let record = pipe() else {
      output.close()
      throw failure(errno)
    }
    var actions = spawnActions()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output.write, 1)
    posix_spawn_file_actions_adddup2(&actions, output.write, 2)
    posix_spawn_file_actions_adddup2(&actions, record.write, recordDescriptor)
    var attributes = spawnAttributes()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // A group of its own, to be stopped with its children; Ctrl-C at the terminal reaches this program alone.
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP) | Int16(POSIX_SPAWN_SETSIGMASK))
    posix_spawnattr_setpgroup(&attributes, 0)
    // Whatever this thread does not want to be told of.
    var nothing = sigset_t()
    sigemptyset(&nothing)
    posix_spawnattr_setsigmask(&attributes, &nothing)
    var texts: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
    defer { for text in texts { free(text) } }
    // What it starts in a session of its own is found by this again.
    let mark = "STEPGRAD_RUN_\(getpid())=\(Clock.seconds())"
    var variables: [UnsafeMutablePointer<CChar>?] = []
    var at = environ
    while let variable = at.pointee {
      variables.append(strdup(variable))
      at += 1
    }
    variables += [strdup(mark), nil]
    defer { for variable in variables { free(variable) } }
    var child = pid_t()
    let status = posix_spawnp(&child, program, &actions, &attributes, &texts, &variables)
    Platform.close(output.write)
    Platform.close(record.write)
    defer {
      Platform.close(output.read)
      Platform.close(record.read)
    }
    guard status == 0 else { throw failure(status) }
    defer { MarkedProcesses.end(mark) }
    return collect(
      child, output.read, record.read, until: Clock.seconds() + seconds, mostRecord, isInterrupted)
  }

  private static func collect(
    _ child: pid_t, _ output: Int32, _ record: Int32, until: Double, _ mostRecord: Int,
    _ isInterrupted: () -> Bool
  ) -> Outcome {
    var result = Outcome(end: .interrupted)
    var end: End?
    var status: Int32 = 0
    while true {
      // When the program has ended there is no more than what the pipes hold: a child of it may keep them open.
      let got = drain(output, record, &result, mostRecord, wait: end == nil ? 50 : 0)
      if end != nil {
        if !got { break }
        continue
      }
      if waitpid(child, &status, WNOHANG) == child {
        let signal = status & 0x7f
        end = signal == 0 ? .exited((status >> 8) & 0xff) : .killed(signal: signal)
      } else if isInterrupted() {
        end = .interrupted
      } else if Clock.seconds() > until {
        end = .tookTooLong
      }
      if end == .interrupted || end == .tookTooLong {
        kill(-child, SIGKILL)
        waitpid(child, &status, 0)
      } else if end != nil {
        // What it left behind would go on writing.
        kill(-child, SIGKILL)
      }
    }
    return Outcome(
      end: end ?? .interrupted, output: result.output, omitted: result.omitted, record: result.record)
  }

  /// Whether anything was read.
  private static func drain(
    _ output: Int32, _ record: Int32, _ result: inout Outcome, _ mostRecord: Int, wait: Int32
  ) -> Bool {
    var sources = [output, record].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    guard poll(&sources, 2, wait) > 0 else { return false }
    var got = false
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    for (index, source) in sources.enumerated() where source.revents & Int16(POLLIN) != 0 {
      let count = read(source.fd, &buffer, buffer.count)
      guard count > 0 else { continue }
      got = true
      if index == 0 {
        let kept = min(count, mostOutput - result.output.count)
        result.output += buffer[..<kept]
        result.omitted += count - kept
      } else {
        result.record += buffer[..<min(count, max(0, mostRecord - result.record.count))]
      }
    }
    // Both ends closed: the loop would spin until the program is gone.
    if !got { usleep(5_000) }
    return got
  }

  private static func pipe() -> (read: Int32, write: Int32, close: () -> Void)? {
    var ends: [Int32] = [-1, -1]
    guard Platform.pipe(&ends) == 0 else { return nil }
    // Neither is the child's but by the copies made for it, and none is descriptor 3 itself.
    let (read, write) = (fcntl(ends[0], F_DUPFD_CLOEXEC, 10), fcntl(ends[1], F_DUPFD_CLOEXEC, 10))
    Platform.close(ends[0])
    Platform.close(ends[1])
    guard read >= 0, write >= 0 else { return nil }
    return (
      read, write,
      {
        Platform.close(read); Platform.close(write)
      }
    )
  }

  private static func failure(_ number: Int32) -> Failure {
    Failure(message: String(cString: strerror(number)).lowercased())
  }

  #if canImport(Darwin)
    private static func spawnActions() -> posix_spawn_file_actions_t? { nil }
    private static func spawnAttributes() -> posix_spawnattr_t? { nil }
  #else
    private static func spawnActions() -> posix_spawn_file_actions_t { posix_spawn_file_actions_t() }
    private static func spawnAttributes() -> posix_spawnattr_t { posix_spawnattr_t() }
  #endif
}
