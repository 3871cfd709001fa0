import Formulas
import Platform
import Sessions

/// A folder that pages are written into.
enum OutputFolder {
  /// - Parameter isPrivate: for its owner alone.
  static func make(_ path: String, isPrivate: Bool = false) throws(Diagnostic) {
    var parent = path
    while parent.hasSuffix("/"), parent.count > 1 { parent.removeLast() }
    var status = stat()
    if stat(parent, &status) == 0 {
      guard status.st_mode & S_IFMT == S_IFDIR else { throw Diagnostic("'\(parent)' is no folder") }
      if isPrivate { chmod(parent, 0o700) }
      return
    }
    if let slash = parent.lastIndex(of: "/"), slash != parent.startIndex {
      try make(String(parent[..<slash]))
    }
    guard mkdir(parent, isPrivate ? 0o700 : 0o777) == 0 else {
      throw Diagnostic("cannot make the folder '\(parent)': \(String(cString: strerror(errno)).lowercased())")
    }
  }

  static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }
}
