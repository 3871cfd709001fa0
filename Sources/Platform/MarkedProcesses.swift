/// Processes that were started with a variable in their environment, by whatever ways: neither a group nor a session of their own
/// hides them, nor that their parent is gone. Where there is no /proc none are found.
enum MarkedProcesses {
  /// Ends them, and what they start meanwhile.
  static func end(_ mark: String) {
    let wanted = Array(mark.utf8)
    // Each round finds what was started before the last one was killed.
    for _ in 0..<8 {
      let found = all(wanted)
      if found.isEmpty { return }
      for process in found { kill(process, SIGKILL) }
      usleep(2_000)
    }
  }

  private static func all(_ mark: [UInt8]) -> [pid_t] {
    guard let folder = opendir("/proc") else { return [] }
    defer { closedir(folder) }
    var result: [pid_t] = []
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      guard let process = pid_t(name), process != getpid(), has(mark, process) else { continue }
      result.append(process)
    }
    return result
  }

  /// Whether one of the variables that a process began with is the mark. Other people's cannot be read.
  private static func has(_ mark: [UInt8], _ process: pid_t) -> Bool {
    let file = open("/proc/\(process)/environ", O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return false }
    defer { close(file) }
    var text: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while text.count < 1 << 21 {
      let count = read(file, &buffer, buffer.count)
      guard count > 0 else { break }
      text += buffer[..<count]
    }
    return text.split(separator: 0).contains { $0.elementsEqual(mark) }
  }
}
