import Platform

/// The lines typed in this and earlier sessions, kept as plain UTF-8 text, one line each; the line ends inside a block are
/// written as `␊`.
///
/// Every line is appended on its own, so two sessions at once lose nothing. A file that cannot be read or
/// written is no error: the history then lives as long as the session.
package struct HistoryFile {
  /// How many lines are remembered.
  static let limit = 2000
  /// A file beyond this size, in bytes, is cut to its last `limit` lines.
  private static let largeSize = 1 << 20

  let path: String?
  /// Oldest first.
  private(set) var entries: [String] = []

  /// A nil path keeps nothing.
  init(path: String?) {
    self.path = path
    guard let path else { return }
    Self.createDirectories(above: path)
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else { return }
    defer { close(file) }
    var status = stat()
    // A device or a pipe in place of the file would never end.
    guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return }
    let locked = flock(file, LOCK_EX | LOCK_NB) == 0
    let size = Int(status.st_size)
    entries = Self.lines(of: file, size: size)
    // A history that cannot be cut short stays long.
    if locked, size > Self.largeSize, fstat(file, &status) == 0, size == Int(status.st_size) {
      try? FileWriter.write(
        Array(entries.map { Self.oneLine($0) + "\n" }.joined().utf8), to: path, links: .followed)
    }
  }

  /// $XDG_STATE_HOME/stepgrad/history, by default ~/.local/state/stepgrad/history; nil without a home.
  package static var defaultPath: String? {
    if let state = variable("XDG_STATE_HOME"), state.hasPrefix("/") { return state + "/stepgrad/history" }
    guard let home = variable("HOME"), home.hasPrefix("/") else { return nil }
    return home + "/.local/state/stepgrad/history"
  }

  /// Adds a line, without the blanks that completion leaves at its end, unless it is blank or repeats the
  /// one before. Returns what was added.
  mutating func append(_ typed: String) -> String? {
    var line = typed
    while line.last?.isWhitespace == true { line.removeLast() }
    guard !line.isEmpty, line != entries.last else { return nil }
    entries.append(line)
    if entries.count > Self.limit { entries.removeFirst(entries.count - Self.limit) }
    guard let path else { return line }
    guard let file = Self.openLocked(path) else { return line }
    defer { close(file) }
    Self.endLastLine(file)
    // What cannot be kept on the disk is kept for this session.
    try? FileWriter.writeAll(Array((Self.oneLine(line) + "\n").utf8), to: file)
    return line
  }

  private static func oneLine(_ entry: String) -> String { entry.replacing("\n", with: "␊") }

  private static func variable(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }

  private static func createDirectories(above path: String) {
    var end = path.startIndex
    while let slash = path[end...].dropFirst().firstIndex(of: "/") {
      mkdir(String(path[..<slash]), 0o700)
      end = slash
    }
  }

  /// The last `limit` lines that are valid UTF-8, read from the last megabytes of the file.
  private static func lines(of file: Int32, size: Int) -> [String] {
    let start = max(0, size - 8 * largeSize)
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    lseek(file, off_t(start), SEEK_SET)
    while bytes.count < 9 * largeSize {
      let count = read(file, &chunk, chunk.count)
      if count <= 0 { break }
      bytes += chunk[..<count]
    }
    // Where the start was skipped the first line is cut.
    if start > 0 { bytes.removeFirst((bytes.firstIndex(of: 10) ?? -1) + 1) }
    // Where the end is missing a session was killed while it wrote.
    bytes.removeLast(bytes.count - ((bytes.lastIndex(of: 10) ?? -1) + 1))
    let valid = bytes.split(separator: 10).compactMap { String(validating: $0, as: UTF8.self) }
    return Array(valid.filter { !$0.utf8.contains(0) }.suffix(limit)).map { $0.replacing("␊", with: "\n") }
  }

  /// The lock keeps the line out of a rewrite by another session, which leaves another file under the name.
  private static func openLocked(_ path: String) -> Int32? {
    for _ in 0..<10 {
      let file = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0o600)
      guard file >= 0 else { return nil }
      // A session that was stopped while it wrote must not stop this one.
      let start = Clock.seconds()
      guard FileWriter.lock(file, unless: { Clock.seconds() - start > 0.5 }) else {
        close(file)
        return nil
      }
      var (locked, named) = (stat(), stat())
      if fstat(file, &locked) == 0, stat(path, &named) == 0, locked.st_ino == named.st_ino { return file }
      close(file)
    }
    return nil
  }

  /// A session that was killed while it wrote has left a part of a line: it goes, since nobody typed it so.
  private static func endLastLine(_ file: Int32) {
    var status = stat()
    guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size > 0 else { return }
    var last: UInt8 = 10
    var end = status.st_size
    var chunk = [UInt8](repeating: 0, count: 1 << 12)
    guard pread(file, &last, 1, end - 1) == 1, last != 10 else { return }
    while end > 0 {
      let start = max(0, end - off_t(chunk.count))
      let count = pread(file, &chunk, Int(end - start), start)
      guard count == Int(end - start) else { return }
      if let newline = chunk[..<count].lastIndex(of: 10) {
        ftruncate(file, start + off_t(newline) + 1)
        return
      }
      end = start
    }
    ftruncate(file, 0)
  }
}
