import LinearAlgebra
import Platform

/// A regular file open for reading at any offset. Closed when the last reference goes.
final class InputFile {
  let path: String
  let size: Int
  let descriptor: Int32

  /// `~/` is the home directory. Refuses what is not a regular file: a device has no size to check claims against.
  init(_ path: String) throws(DataError) {
    let resolved = InputFile.expandingHome(path)
    // Non-blocking, or opening a named pipe would wait for its writer.
    let descriptor = open(resolved, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      throw DataError("cannot open it: \(InputFile.systemError())", path: path)
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw DataError("it is not a regular file", path: path)
    }
    self.path = path
    self.descriptor = descriptor
    size = Int(status.st_size)
  }

  deinit { close(descriptor) }

  /// Fills `target` from `offset`; the number of bytes read, less than asked for at the end of the file.
  func read(into target: UnsafeMutableRawBufferPointer, at offset: Int) throws(DataError) -> Int {
    var done = 0
    while done < target.count, let base = target.baseAddress {
      try DataError.checkInterruption()
      let got = pread(descriptor, base + done, min(1 << 24, target.count - done), off_t(offset + done))
      if got < 0 {
        if errno == EINTR { continue }
        throw DataError("cannot read it: \(InputFile.systemError())", path: path, byteOffset: offset + done)
      }
      if got == 0 { break }
      done += got
    }
    return done
  }

  /// Exactly `count` bytes from `offset`, which must lie inside the file.
  func bytes(at offset: Int, count: Int) throws(DataError) -> [UInt8] {
    guard offset >= 0, count >= 0, offset <= size, count <= size - offset else {
      throw DataError(
        "the file ends at byte \(size), \(count) bytes from here are needed", path: path, byteOffset: offset,
        hint: "the file is truncated: copy or download it again")
    }
    return try makeBytes(count) { (target) throws(DataError) in
      guard try self.read(into: target, at: offset) == count else {
        throw DataError("the file became shorter while it was read", path: self.path, byteOffset: offset)
      }
    }
  }

  static func systemError() -> String { String(cString: strerror(errno)) }

  static func expandingHome(_ path: String) -> String {
    guard path.hasPrefix("~/"), let home = getenv("HOME") else { return path }
    return String(cString: home) + path.dropFirst()
  }
}

/// `count` bytes filled by `fill`, not zeroed before: the pages are touched once. (The standard library's
/// initialiser loses a typed error, hence the detour.)
func makeBytes(
  _ count: Int, _ fill: (UnsafeMutableRawBufferPointer) throws(DataError) -> Void
) throws(DataError) -> [UInt8] {
  try DataError.check(memory: count)
  var failure: DataError?
  let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
    do throws(DataError) {
      try fill(UnsafeMutableRawBufferPointer(start: buffer.baseAddress, count: count))
      initialized = count
    } catch {
      failure = error
      initialized = 0
    }
  }
  if let failure { throw failure }
  return bytes
}
