import Formulas
import Platform

/// Text files, read and written whole, with messages that name the file and what went wrong.
package enum FileAccess {
  /// A script longer than this is not a script.
  static let largest = 16 << 20

  package static func read(_ path: String) throws(Diagnostic) -> String {
    let descriptor = open(path, O_RDONLY)
    guard descriptor >= 0 else { throw failure("read", path) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw failure("read", path) }
    guard status.st_mode & S_IFMT != S_IFDIR else { throw Diagnostic("'\(path)' is a folder, not a file") }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Platform.read(descriptor, &buffer, buffer.count)
      if count < 0 { throw failure("read", path) }
      if count == 0 { break }
      bytes += buffer[..<count]
      guard bytes.count <= largest else { throw Diagnostic("'\(path)' is larger than \(largest >> 20) MiB") }
    }
    if bytes.contains(0) {
      throw Diagnostic("'\(path)' is not a text file", hint: "scripts and lessons are plain text")
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  package static func write(_ text: String, to path: String) throws(Diagnostic) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    guard descriptor >= 0 else { throw failure("write", path) }
    defer { close(descriptor) }
    let bytes = Array(text.utf8)
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes {
        Platform.write(descriptor, $0.baseAddress, $0.count)
      }
      if count <= 0 { throw failure("write", path) }
      written += count
    }
  }

  package static func exists(_ path: String) -> Bool { access(path, R_OK) == 0 }

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

  /// `~/x` is in the home folder.
  package static func expand(_ path: String) -> String {
    guard path == "~" || path.hasPrefix("~/"), let home = getenv("HOME") else { return path }
    return String(cString: home) + path.dropFirst()
  }

  private static func failure(_ verb: String, _ path: String) -> Diagnostic {
    Diagnostic("cannot \(verb) '\(path)': \(String(cString: strerror(errno)).lowercased())")
  }
}
