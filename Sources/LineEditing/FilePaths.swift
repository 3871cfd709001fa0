import Platform

/// Completion of file names.
package enum FilePaths {
  /// The files whose path begins with `typed`, directories ending in "/". Hidden files only when their dot
  /// was typed; a leading "~/" is kept as it is. `offset` is where `typed` starts in its line.
  package static func completion(of typed: String, at offset: Int) -> Completion {
    let directory = typed.lastIndex(of: "/").map { String(typed[...$0]) } ?? ""
    let prefix = String(typed.dropFirst(directory.count))
    let base = expanded(directory)
    guard let stream = opendir(base.isEmpty ? "." : base) else { return .none }
    defer { closedir(stream) }
    var found: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      guard name.hasPrefix(prefix), name != ".", name != ".." else { continue }
      guard !name.hasPrefix(".") || prefix.hasPrefix(".") else { continue }
      var status = stat()
      let isDirectory = stat(base + name, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
      found.append(name + (isDirectory ? "/" : ""))
    }
    found.sort()
    return Completion(replaceFrom: offset, candidates: found.map { directory + $0 }, labels: found)
  }

  private static func expanded(_ directory: String) -> String {
    guard directory.hasPrefix("~/"), let home = getenv("HOME") else { return directory }
    return String(cString: home) + directory.dropFirst()
  }
}
