import LinearAlgebra
import Platform

enum OutputFile {
  /// Writes a whole file beside its final name and renames it: a reader never sees half of it, and a full disk
  /// leaves the old file as it was.
  static func save(_ bytes: [UInt8], to path: String) throws(DataError) {
    let partial = path + ".partial"
    let descriptor = open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw DataError("cannot write it: \(InputFile.systemError())", path: path)
    }
    var failure: String?
    bytes.withUnsafeBytes { buffer in
      var done = 0
      while done < buffer.count, failure == nil, let base = buffer.baseAddress {
        let written = write(descriptor, base + done, buffer.count - done)
        if written > 0 { done += written } else if errno != EINTR { failure = InputFile.systemError() }
      }
    }
    if close(descriptor) != 0, failure == nil { failure = InputFile.systemError() }
    if failure == nil, rename(partial, path) != 0 { failure = InputFile.systemError() }
    if let failure {
      unlink(partial)
      throw DataError("cannot write it: \(failure)", path: path)
    }
  }
}
