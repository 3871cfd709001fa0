import Formulas
import LinearAlgebra
import Platform

/// Text files, read and written whole, with messages that name the file and what went wrong.
package enum FileAccess {
  /// A script longer than this is not a script.
  static let largest = 256 << 20

  /// Lines of the text end with a line feed, however the file has them; a byte order mark is left out.
  package static func read(_ path: String) throws(Diagnostic) -> String {
    // Non-blocking: a pipe that nobody writes to, or a terminal, is waited for in `read`, where Ctrl-C is seen.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard descriptor >= 0 else { throw failure("read", path, errno) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw failure("read", path, errno) }
    guard status.st_mode & S_IFMT != S_IFDIR else { throw Diagnostic("'\(path)' is a folder, not a file") }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    var isPipe = status.st_mode & S_IFMT == S_IFIFO
    while true {
      try Interruption.check()
      let count = Platform.read(descriptor, &buffer, buffer.count)
      // A pipe has no writer yet, or none for the moment.
      if count < 0, errno == EINTR || errno == EAGAIN || errno == EWOULDBLOCK {
        wait(descriptor)
        continue
      }
      if count < 0 { throw failure("read", path, errno) }
      if count == 0, isPipe, bytes.isEmpty {
        wait(descriptor)
        continue
      }
      isPipe = false
      if count == 0 { break }
      bytes += buffer[..<count]
      guard bytes.count <= largest else { throw Diagnostic("'\(path)' is larger than \(largest >> 20) MiB") }
    }
    let text = TextBytes.plain(bytes)
    guard TextBytes.isText(text) else {
      throw Diagnostic("'\(path)' is not a text file", hint: "scripts and lessons are plain text")
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// Until there is something to read, or a tenth of a second.
  private static func wait(_ descriptor: Int32) {
    var source = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    // A pipe without a writer is ready at once, to say so.
    if poll(&source, 1, 100) > 0, source.revents & Int16(POLLIN) == 0 { usleep(20_000) }
  }

  package static func write(
    _ text: String, to path: String, links: FileWriter.SymbolicLinks = .refused, isFlushed: Bool = true
  ) throws(Diagnostic) {
    try write(Array(text.utf8), to: path, links: links, isFlushed: isFlushed)
  }

  package static func write(
    _ bytes: [UInt8], to path: String, links: FileWriter.SymbolicLinks = .refused, isFlushed: Bool = true
  ) throws(Diagnostic) {
    do {
      try FileWriter.write(
        bytes, to: path, links: links, isFlushed: isFlushed, isInterrupted: { Interruption.isRequested })
    } catch {
      throw Diagnostic("cannot write '\(path)': \(error.message)")
    }
  }

  package static func remove(_ path: String) { unlink(path) }

  package static func exists(_ path: String) -> Bool { access(path, R_OK) == 0 }

  /// The first so many bytes of a file; nil when it cannot be read.
  package static func beginning(of path: String, _ count: Int) -> String? {
    bytes(of: path, count).map { String(decoding: $0, as: UTF8.self) }
  }

  package static func bytes(of path: String, _ count: Int) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var buffer = [UInt8](repeating: 0, count: max(1, count))
    let got = Platform.read(descriptor, &buffer, count)
    return got < 0 ? nil : Array(buffer[..<got])
  }

  /// What changes when a file does: where it is, its length, when it was written.
  static func state(of path: String) -> [Int] {
    var status = stat()
    guard stat(path, &status) == 0 else { return [] }
    #if canImport(Darwin)
      let time = status.st_mtimespec
    #else
      let time = status.st_mtim
    #endif
    return [Int(status.st_ino), Int(status.st_dev), Int(status.st_size), time.tv_sec, time.tv_nsec]
  }

  /// Names in a folder, sorted; empty when it cannot be read.
  package static func list(_ directory: String) -> [String] {
    guard let handle = opendir(directory) else { return [] }
    defer { closedir(handle) }
    var names: [String] = []
    while let entry = readdir(handle) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted()
  }

  /// A path that means the same in every folder.
  package static func absolute(_ path: String) -> String {
    guard let found = realpath(path, nil) else { return path }
    defer { free(found) }
    return String(cString: found)
  }

  /// `~/x` is in the home folder.
  package static func expand(_ path: String) -> String {
    guard path == "~" || path.hasPrefix("~/"), let home = getenv("HOME") else { return path }
    return String(cString: home) + path.dropFirst()
  }

  private static func failure(_ verb: String, _ path: String, _ number: Int32) -> Diagnostic {
    Diagnostic("cannot \(verb) '\(path)': \(String(cString: strerror(number)).lowercased())")
  }
}
