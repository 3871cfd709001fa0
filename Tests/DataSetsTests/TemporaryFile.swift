import DataSets
import LinearAlgebra
import Platform
import TestSupport

/// A file for one test. All of them lie in one directory, which goes when the process ends: a removal at the
/// end of a value's life could come before its path is used for the last time.
struct TemporaryFile {
  let path: String

  private static let directory: String = {
    let made = scratchFolder("tests")
    atexit {
      guard let listing = opendir(TemporaryFile.directory) else { return }
      while let entry = readdir(listing) {
        withUnsafePointer(to: &entry.pointee.d_name.0) { _ = unlinkat(dirfd(listing), $0, 0) }
      }
      closedir(listing)
      rmdir(TemporaryFile.directory)
    }
    return made
  }()

  init(_ bytes: [UInt8]) {
    var template = Array("\(TemporaryFile.directory)/XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    overwrite(bytes, descriptor)
  }

  init(_ text: String) { self.init(Array(text.utf8)) }

  func overwrite(_ bytes: [UInt8]) { overwrite(bytes, open(path, O_WRONLY | O_TRUNC)) }

  private func overwrite(_ bytes: [UInt8], _ descriptor: Int32) {
    _ = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    close(descriptor)
  }
}

func hex(_ text: String) -> [UInt8] {
  let digits = text.utf8.compactMap { UInt8(String(UnicodeScalar($0)), radix: 16) }
  return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}

/// The error that a body throws, nil when it throws none.
func dataError(_ body: () throws -> Void) -> DataError? {
  do {
    try body()
    return nil
  } catch { return error as? DataError }
}

func load(_ name: String, _ files: [String] = [], _ options: [String: String] = [:]) throws -> DataSet {
  try DataSets.load(name, DataArguments(files: files, options: options))
}
