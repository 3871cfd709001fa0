import LinearAlgebra

/// A stretch of bytes to read from: part of a file, or what an archive entry was inflated to.
struct ByteSource {
  enum Place {
    case file(InputFile)
    case memory([UInt8])
  }

  let path: String
  let place: Place
  /// Where the stretch begins in the file; 0 for memory.
  let base: Int
  let count: Int

  init(_ file: InputFile) {
    self.init(file, base: 0, count: file.size)
  }

  /// The stretch must lie inside the file.
  init(_ file: InputFile, base: Int, count: Int) {
    path = file.path
    place = .file(file)
    self.base = base
    self.count = count
  }

  init(_ bytes: [UInt8], path: String) {
    self.path = path
    place = .memory(bytes)
    base = 0
    count = bytes.count
  }

  func bytes(at offset: Int, count wanted: Int) throws(DataError) -> [UInt8] {
    guard offset >= 0, wanted >= 0, offset <= count, wanted <= count - offset else {
      throw DataError(
        "the data end after \(max(0, count - offset)) bytes, \(wanted) are needed here", path: path,
        byteOffset: base + offset, hint: "the file is truncated: copy or save it again")
    }
    switch place {
    case .file(let file): return try file.bytes(at: base + offset, count: wanted)
    case .memory(let bytes): return Array(bytes[offset..<offset + wanted])
    }
  }
}
