import LinearAlgebra

/// Named arrays in a .npz file: a ZIP archive of .npy files.
package struct NPZ {
  private let archive: ZipArchive
  /// In the order of the file, without `.npy`.
  package let names: [String]
  /// What else is in the archive: no arrays.
  let others: [String]

  /// Reads the directory only; the arrays follow when they are asked for.
  package init(_ path: String) throws(DataError) {
    archive = try ZipArchive(path)
    names = archive.entries.map(\.name).filter(Self.isArray).map { String($0.dropLast(Self.ending.count)) }
    others = archive.entries.map(\.name).filter { !Self.isArray($0) }
  }

  private static let ending = ".npy"
  private static func isArray(_ name: String) -> Bool { name.hasSuffix(ending) }

  private func entry(_ name: String) throws(DataError) -> ZipArchive.Entry {
    guard let entry = archive.entries.first(where: { $0.name == name + Self.ending }) else {
      throw DataError(
        others.contains(name) ? "'\(name)' in it is no array" : "there is no array '\(name)'",
        path: archive.file.path,
        hint: names.isEmpty
          ? others.isEmpty ? "the archive is empty" : "it holds no arrays: \(DataError.list(others))"
          : "it holds \(DataError.list(names))")
    }
    return entry
  }

  /// From the header alone.
  func shape(_ name: String) throws(DataError) -> Shape {
    let entry = try entry(name)
    return try NPYHeader(archive.beginning(entry, NPYHeader.largestSize), total: entry.size).shape
  }

  package func array(_ name: String) throws(DataError) -> NumPyArray {
    try NPY.read(archive.content(entry(name)))
  }

  package static func write(_ arrays: [(name: String, tensor: Tensor)], to path: String) throws(DataError) {
    try OutputFile.save(encode(arrays), to: path)
  }

  package static func encode(_ arrays: [(name: String, tensor: Tensor)]) throws(DataError) -> [UInt8] {
    var entries: [(name: String, bytes: [UInt8])] = []
    for (name, tensor) in arrays { entries.append((name + ".npy", try NPY.encode(tensor))) }
    return try ZipArchive.encode(entries)
  }
}
