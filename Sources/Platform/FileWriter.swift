/// The one way in which files are written: beside their place, flushed, renamed over it. Whatever ends the process, and at
/// whichever moment, a reader meets the old file or the new one, each whole.
package enum FileWriter {
  package enum SymbolicLinks: Sendable { case refused, followed }

  package struct Failure: Error {
    package let message: String

    init(_ message: String) { self.message = message }
    init(errno number: Int32) { message = String(cString: strerror(number)).lowercased() }
  }

  /// - Parameters:
  ///   - isFlushed: else a power cut may lose it, which is enough for one of many that can be written again.
  ///   - isInterrupted: asked while somebody else is waited for: a pipe's reader, or a session that writes the same file.
  ///
  /// Keeps the permissions of a file that is there. What is no file (a terminal, a pipe) is written to as it is.
  package static func write(
    _ bytes: [UInt8], to path: String, links: SymbolicLinks = .refused, isFlushed: Bool = true,
    isInterrupted: () -> Bool = { false }
  ) throws(Failure) {
    var status = stat()
    if links == .refused, lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFLNK {
      throw Failure("it is a symbolic link\(target(of: path).map { " to \($0)" } ?? "")")
    }
    let path = links == .followed ? try end(of: path) : path
    let isThere = stat(path, &status) == 0
    if isThere, status.st_mode & S_IFMT == S_IFDIR { throw Failure(errno: EISDIR) }
    if isThere, status.st_mode & S_IFMT != S_IFREG { return try writeThrough(bytes, to: path, isInterrupted) }
    guard !isThere || access(path, W_OK) == 0 else { throw Failure(errno: errno) }
    try replace(path, by: bytes, permissions: isThere ? status : nil, isFlushed: isFlushed, isInterrupted)
  }

  private static func replace(
    _ path: String, by bytes: [UInt8], permissions: stat?, isFlushed: Bool, _ isInterrupted: () -> Bool
  ) throws(Failure) {
    let directory = folder(of: path)
    // One name for all attempts, so that those that were killed leave no more than one file behind.
    let name = path.split(separator: "/").last ?? ""
    let beside = directory + ".\(name).stepgrad"
    let file = try openLocked(beside, isInterrupted)
    defer { close(file) }
    do throws(Failure) {
      guard ftruncate(file, 0) == 0 else { throw Failure(errno: errno) }
      try writeAll(bytes, to: file)
      if let permissions {
        guard fchmod(file, permissions.st_mode & 0o7777) == 0 else { throw Failure(errno: errno) }
        // The group of a shared folder; only its owner may give a file away, so that this may fail.
        _ = fchown(file, permissions.st_uid, permissions.st_gid)
      }
      guard !isFlushed || fsync(file) == 0, rename(beside, path) == 0 else { throw Failure(errno: errno) }
    } catch {
      unlink(beside)
      throw error
    }
    guard isFlushed else { return }
    let above = open(directory, O_RDONLY | O_CLOEXEC)
    if above >= 0 {
      fsync(above)
      close(above)
    }
  }

  /// Two sessions that write one file do so one after the other.
  private static func openLocked(_ path: String, _ isInterrupted: () -> Bool) throws(Failure) -> Int32 {
    for _ in 0..<100 {
      let file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o666)
      guard file >= 0 else { throw Failure(errno: errno) }
      guard lock(file, unless: isInterrupted) else {
        close(file)
        throw Failure("another session writes it")
      }
      var (locked, named) = (stat(), stat())
      // Who held the lock before has renamed the file away.
      if fstat(file, &locked) == 0, stat(path, &named) == 0, locked.st_ino == named.st_ino { return file }
      close(file)
    }
    throw Failure("another session writes it over and over")
  }

  /// Waits for a lock as long as it makes sense; where there are none, as on some network drives, it goes without.
  package static func lock(_ file: Int32, unless isGivenUp: () -> Bool) -> Bool {
    while flock(file, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK || errno == EINTR {
      if isGivenUp() { return false }
      usleep(10_000)
    }
    return true
  }

  private static func writeThrough(
    _ bytes: [UInt8], to path: String, _ isInterrupted: () -> Bool
  ) throws(Failure) {
    // Non-blocking also while it is written to: a pipe's reader may take its time, and a terminal may be stopped.
    let file = open(path, O_WRONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard file >= 0 else { throw Failure(errno: errno) }
    defer { close(file) }
    try writeAll(bytes, to: file, isInterrupted)
  }

  package static func writeAll(
    _ bytes: [UInt8], to file: Int32, _ isInterrupted: () -> Bool = { true }
  ) throws(Failure) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Platform.write(file, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      if count < 0, errno == EAGAIN || errno == EWOULDBLOCK {
        guard !isInterrupted() else { throw Failure("nobody reads it") }
        var reader = pollfd(fd: file, events: Int16(POLLOUT), revents: 0)
        poll(&reader, 1, 100)
        continue
      }
      guard count > 0 else { throw Failure(errno: errno) }
      rest = rest.dropFirst(count)
    }
  }

  /// Where a path leads through all links; nil when it leads nowhere.
  private static func target(of path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// The same, and where a link points at what is not there yet, that place: the link stays.
  private static func end(of path: String) throws(Failure) -> String {
    if let target = target(of: path) { return target }
    var path = path
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    for _ in 0..<40 {
      let count = readlink(path, &buffer, buffer.count)
      guard count > 0 else { return path }
      let link = String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
      path = link.hasPrefix("/") ? link : folder(of: path) + link
    }
    throw Failure(errno: ELOOP)
  }

  private static func folder(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[...$0]) } ?? "./"
  }
}
