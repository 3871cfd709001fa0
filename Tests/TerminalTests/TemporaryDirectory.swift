import Platform
import TestSupport

/// An empty directory that lasts as long as this object.
final class TemporaryDirectory {
  let path: String

  init() throws {
    path = scratchFolder("test")
  }

  deinit {
    Self.delete(path)
  }

  private static func delete(_ path: String) {
    if let stream = opendir(path) {
      defer { closedir(stream) }
      while let entry = readdir(stream) {
        let name = withUnsafeBytes(of: entry.pointee.d_name) {
          String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
        }
        if name != "." && name != ".." { delete(path + "/" + name) }
      }
    }
    remove(path)
  }

  func write(_ name: String, _ bytes: [UInt8]) {
    let file = open(path + "/" + name, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    _ = bytes.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
    close(file)
  }

  func read(_ name: String) -> [UInt8] {
    let file = open(path + "/" + name, O_RDONLY)
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 22)
    let count = Glibc.read(file, &bytes, bytes.count)
    return Array(bytes.prefix(max(0, count)))
  }
}
