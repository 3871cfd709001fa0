/// The one way in which files are written: beside their place, flushed, renamed over it. Whatever ends the process, and at
/// whichever moment, a reader meets the old file or the new one, each whole.
package enum FileWriter {
  package enum SymbolicLinks: Sendable { case refused, followed }

  package struct Failure: Error {
    package let message: String

    init(_ message: String) { self.message = message }
    init(errno number: Int32) { message = String(cString: strerror(number)).lowercased() }
  }

  /// - Parameter isFlushed: else a power cut may lose it, which is enough for one of many that can be written again.
  ///
  /// Keeps the permissions of a file that is there. What is no file (a terminal, a pipe) is written to as it is.
  package static func write(
    _ bytes: [UInt8], to path: String, links: SymbolicLinks = .refused, isFlushed: Bool = true
  ) throws(Failure) {
    var status = stat()
    if links == .refused, lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFLNK {
      throw Failure("it is a symbolic link\(target(of: path).map { " to \($0)" } ?? "")")
    }
    let path = links == .followed ? target(of: path) ?? path : path
    let isThere = stat(path, &status) == 0
    if isThere, status.st_mode & S_IFMT == S_IFDIR { throw Failure(errno: EISDIR) }
    if isThere, status.st_mode & S_IFMT != S_IFREG { return try writeThrough(bytes, to: path) }
    guard !isThere || access(path, W_OK) == 0 else { throw Failure(errno: errno) }
    try replace(path, by: bytes, permissions: isThere ? status : nil, isFlushed: isFlushed)
  }

  private static func replace(
    _ path: String, by bytes: [UInt8], permissions: stat?, isFlushed: Bool
  ) throws(Failure) {
    let slash = path.lastIndex(of: "/")
    let directory = slash.map { String(path[...$0]) } ?? "./"
    // One name for all attempts, so that those that were killed leave no more than one file behind.
    let beside = directory + ".\(path[(slash.map(path.index(after:)) ?? path.startIndex)...]).stepgrad"
    let file = try openLocked(beside)
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
    let folder = open(directory, O_RDONLY | O_CLOEXEC)
    if folder >= 0 {
      fsync(folder)
      close(folder)
    }
  }

  /// Two sessions that write one file do so one after the other.
  private static func openLocked(_ path: String) throws(Failure) -> Int32 {
    for _ in 0..<100 {
      let file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o666)
      guard file >= 0 else { throw Failure(errno: errno) }
      _ = flock(file, LOCK_EX)
      var (locked, named) = (stat(), stat())
      // Who held the lock before has renamed the file away.
      if fstat(file, &locked) == 0, stat(path, &named) == 0, locked.st_ino == named.st_ino { return file }
      close(file)
    }
    throw Failure("another session writes it over and over")
  }

  private static func writeThrough(_ bytes: [UInt8], to path: String) throws(Failure) {
    let file = open(path, O_WRONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard file >= 0 else { throw Failure(errno: errno) }
    defer { close(file) }
    _ = fcntl(file, F_SETFL, 0)
    try writeAll(bytes, to: file)
  }

  package static func writeAll(_ bytes: [UInt8], to file: Int32) throws(Failure) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Platform.write(file, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
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
}
