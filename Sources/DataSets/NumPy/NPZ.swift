import LinearAlgebra

/// Named arrays in a .npz file: a ZIP archive of .npy files.
package struct NPZ {
  private let archive: ZipArchive
  /// In the order of the file, without `.npy`.
  package let names: [String]

  /// Reads the directory only; the arrays follow when they are asked for.
  package init(_ path: String) throws(DataError) {
    archive = try ZipArchive(path)
    names = archive.entries.map { $0.name.hasSuffix(".npy") ? String($0.name.dropLast(4)) : $0.name }
  }

  package func array(_ name: String) throws(DataError) -> NumPyArray {
    guard let index = names.firstIndex(of: name) else {
      throw DataError(
        "there is no array '\(name)'", path: archive.file.path,
        hint: names.isEmpty ? "the archive is empty" : "it holds " + names.prefix(20).joined(separator: ", "))
    }
    return try NPY.read(archive.content(archive.entries[index]))
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
