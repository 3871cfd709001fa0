import LinearAlgebra

/// The directory of a ZIP archive, as far as `numpy.savez` and `savez_compressed` use the format: entries stored
/// or deflated, no encryption, one disk. Source: PKWARE, APPNOTE.TXT 6.3.
struct ZipArchive {
  struct Entry {
    let name: String
    let method: Int
    let crc: UInt32
    let compressedSize: Int
    let size: Int
    /// Of the local header in the file.
    let offset: Int
  }

  let file: InputFile
  let entries: [Entry]

  init(_ path: String) throws(DataError) {
    file = try InputFile(path)
    // The end record has 22 bytes and a comment of at most 65,535 behind them.
    let tailSize = min(file.size, 22 + 65_535)
    let tail = try file.bytes(at: file.size - tailSize, count: tailSize)
    var end = tail.count - 22
    while end >= 0, !tail[end...].starts(with: [0x50, 0x4B, 5, 6]) { end -= 1 }
    guard end >= 0 else {
      let isZip = file.size >= 2 ? try file.bytes(at: 0, count: 2) == [0x50, 0x4B] : false
      throw DataError(
        isZip ? "the archive's directory is missing" : "not a .npz file: it is no ZIP archive", path: path,
        byteOffset: isZip ? file.size : 0,
        hint: isZip ? "the file is truncated: copy or save it again" : "numpy.savez writes such files")
    }
    let count = Int(tail.little16(end + 10))
    let size = Int(tail.little32(end + 12))
    let offset = Int(tail.little32(end + 16))
    guard offset != 0xFFFF_FFFF, count != 0xFFFF else {
      throw DataError("ZIP64 archives (above 4 GiB) are not read", path: path)
    }
    let endOffset = file.size - tailSize + end
    guard offset <= endOffset, size <= endOffset - offset, count * 46 <= size else {
      throw DataError(
        "the directory of \(count) entries does not lie inside the file", path: path, byteOffset: endOffset)
    }
    let directory = try file.bytes(at: offset, count: size)
    var entries: [Entry] = []
    var position = 0
    for _ in 0..<count {
      let (entry, length) = try ZipArchive.entry(directory, position, file, offset)
      entries.append(entry)
      position += length
    }
    self.entries = entries
  }

  private static func entry(
    _ directory: [UInt8], _ position: Int, _ file: InputFile, _ base: Int
  ) throws(DataError) -> (Entry, Int) {
    func broken(_ message: String) -> DataError {
      DataError(message, path: file.path, byteOffset: base + position)
    }
    guard position + 46 <= directory.count, directory[position...].starts(with: [0x50, 0x4B, 1, 2]) else {
      throw broken("an entry of the archive's directory is broken")
    }
    let nameLength = Int(directory.little16(position + 28))
    let extraLength = Int(directory.little16(position + 30))
    let length = 46 + nameLength + extraLength + Int(directory.little16(position + 32))
    guard position + length <= directory.count else { throw broken("an entry runs out of the directory") }
    let name = String(decoding: directory[position + 46..<position + 46 + nameLength], as: UTF8.self)
    guard directory.little16(position + 8) & 1 == 0 else { throw broken("the archive is encrypted") }
    let compressedSize = Int(directory.little32(position + 20))
    let size = Int(directory.little32(position + 24))
    let offset = Int(directory.little32(position + 42))
    let method = Int(directory.little16(position + 10))
    guard compressedSize != 0xFFFF_FFFF, size != 0xFFFF_FFFF, offset != 0xFFFF_FFFF else {
      throw broken("ZIP64 entries (above 4 GiB) are not read")
    }
    guard offset <= file.size - 30, compressedSize <= file.size - 30 - offset else {
      throw broken("an entry of \(compressedSize) bytes at \(offset) does not lie inside the file")
    }
    let claim = method == 0 ? compressedSize : compressedSize * Zlib.largestRatio
    guard method == 0 ? size == claim : size <= claim else {
      throw broken("an entry claims to hold \(size) bytes in \(compressedSize)")
    }
    let entry = Entry(
      name: name, method: method, crc: directory.little32(position + 16), compressedSize: compressedSize,
      size: size, offset: offset)
    return (entry, length)
  }

  /// At most so many bytes from the beginning of an entry, unverified.
  func beginning(_ entry: Entry, _ count: Int) throws(DataError) -> ByteSource {
    let start = try start(of: entry)
    let count = min(count, entry.size)
    guard entry.method == 8 else { return ByteSource(file, base: start, count: count) }
    // What does not become smaller takes five bytes more for every 65,535.
    let compressed = try file.bytes(at: start, count: min(entry.compressedSize, count + 64))
    guard let bytes = Zlib.beginning(compressed, count: count) else {
      throw DataError("the compressed data are broken", path: file.path, byteOffset: start)
    }
    return ByteSource(bytes, path: file.path)
  }

  /// Where an entry's bytes begin.
  private func start(of entry: Entry) throws(DataError) -> Int {
    let header = try file.bytes(at: entry.offset, count: 30)
    guard header.starts(with: [0x50, 0x4B, 3, 4]) else {
      throw DataError("the entry's header is broken", path: file.path, byteOffset: entry.offset)
    }
    let start = entry.offset + 30 + Int(header.little16(26)) + Int(header.little16(28))
    guard start <= file.size, entry.compressedSize <= file.size - start else {
      throw DataError("the entry runs out of the file", path: file.path, byteOffset: entry.offset)
    }
    return start
  }

  /// The content of an entry, its checksum verified. Stored entries stay in the file.
  func content(_ entry: Entry) throws(DataError) -> ByteSource {
    let start = try start(of: entry)
    let source: ByteSource
    switch entry.method {
    case 0: source = ByteSource(file, base: start, count: entry.size)
    case 8:
      // Twice: inflated, and as doubles.
      try DataError.check(memory: 2 * entry.size)
      let compressed = try file.bytes(at: start, count: entry.compressedSize)
      guard let bytes = Zlib.inflated(compressed, count: entry.size) else {
        throw DataError("the compressed data are broken", path: file.path, byteOffset: start)
      }
      source = ByteSource(bytes, path: file.path)
    default:
      throw DataError(
        "compression method \(entry.method) is not read", path: file.path, byteOffset: entry.offset + 8,
        hint: "numpy.savez and savez_compressed write what is read")
    }
    var crc = CRC32()
    var position = 0
    while position < source.count {
      let piece = try source.bytes(at: position, count: min(1 << 20, source.count - position))
      crc.update(piece)
      position += piece.count
    }
    guard crc.value == entry.crc else {
      throw DataError(
        "the checksum is wrong: the bytes were changed", path: file.path, byteOffset: start,
        hint: "copy or save the file again")
    }
    return source
  }

  /// An archive of stored entries, dated 1980-01-01 so that the same arrays give the same bytes.
  static func encode(_ entries: [(name: String, bytes: [UInt8])]) throws(DataError) -> [UInt8] {
    var archive: [UInt8] = []
    var directory: [UInt8] = []
    guard entries.count < 0xFFFF, entries.reduce(0, { $0 + $1.bytes.count + 200 }) < 0xFFFF_FFFF else {
      throw DataError("the arrays are too many or too large for one .npz file (4 GiB)")
    }
    for entry in entries {
      let name = Array(entry.name.utf8)
      guard name.count < 0xFFFF else { throw DataError("a name of \(name.count) bytes is too long") }
      var crc = CRC32()
      crc.update(entry.bytes)
      let size = littleEndian(UInt32(entry.bytes.count))
      // Version 2.0, UTF-8 names, stored, time 0, 1 January 1980, checksum, both sizes, lengths of name and extra.
      let common: [UInt8] =
        [20, 0, 0, 8, 0, 0, 0, 0, 0x21, 0] + littleEndian(crc.value) + size + size
        + littleEndian(UInt16(name.count)) + [0, 0]
      directory += [0x50, 0x4B, 1, 2, 20, 0] + common + [UInt8](repeating: 0, count: 10)
      directory += littleEndian(UInt32(archive.count)) + name
      archive += [0x50, 0x4B, 3, 4] + common + name + entry.bytes
    }
    let count = littleEndian(UInt16(entries.count))
    let end: [UInt8] =
      [0x50, 0x4B, 5, 6, 0, 0, 0, 0] + count + count + littleEndian(UInt32(directory.count))
      + littleEndian(UInt32(archive.count)) + [0, 0]
    return archive + directory + end
  }
}

extension [UInt8] {
  /// Little-endian numbers at an offset that lies inside.
  fileprivate func little16(_ offset: Int) -> UInt16 { UInt16(self[offset]) | UInt16(self[offset + 1]) << 8 }
  fileprivate func little32(_ offset: Int) -> UInt32 {
    UInt32(little16(offset)) | UInt32(little16(offset + 2)) << 16
  }
}
