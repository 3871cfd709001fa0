import CZlib
import LinearAlgebra
import Platform

/// The bytes of a file in order, gunzipped on the way when it is a gzip file. Nothing is held but zlib's window.
final class ByteStream {
  let file: InputFile
  private(set) var offset = 0
  private let gzip: gzFile?

  init(_ path: String) throws(DataError) {
    file = try InputFile(path)
    let isGzip = file.size >= 2 ? try file.bytes(at: 0, count: 2) == [0x1F, 0x8B] : false
    guard isGzip else {
      gzip = nil
      return
    }
    // zlib closes the descriptor that it is given, so it gets its own.
    let own = dup(file.descriptor)
    guard own >= 0, let gzip = gzdopen(own, "rb") else {
      if own >= 0 { close(own) }
      throw DataError("cannot open it as gzip: \(InputFile.systemError())", path: path)
    }
    _ = gzbuffer(gzip, 1 << 17)
    self.gzip = gzip
  }

  deinit {
    if let gzip { _ = gzclose(gzip) }
  }

  var isCompressed: Bool { gzip != nil }

  /// The most bytes that there can be: exact for a plain file, a bound for a compressed one.
  var largestSize: Int { isCompressed ? file.size * Zlib.largestRatio : file.size }

  /// Fills `target`; throws where the file ends too early or its compression is broken.
  func readAll(into target: UnsafeMutableRawBufferPointer) throws(DataError) {
    let got = try read(into: target)
    guard got == target.count else {
      throw DataError(
        "the file ends here, \(target.count - got) more bytes were expected", path: file.path,
        byteOffset: offset, hint: "the file is truncated: copy or download it again")
    }
  }

  func bytes(_ count: Int) throws(DataError) -> [UInt8] {
    try makeBytes(count) { (target) throws(DataError) in try self.readAll(into: target) }
  }

  /// A big-endian number of four bytes.
  func bigEndian32() throws(DataError) -> Int {
    try bytes(4).reduce(0) { $0 << 8 | Int($1) }
  }

  /// Throws unless everything was read. In a gzip file this also checks the CRC at the end.
  func expectEnd() throws(DataError) {
    let start = offset
    var extra: [UInt8] = [0]
    var failure: DataError?
    let got = extra.withUnsafeMutableBytes { buffer -> Int in
      do throws(DataError) { return try read(into: buffer) } catch {
        failure = error
        return 0
      }
    }
    if let failure { throw failure }
    guard got == 0 else {
      throw DataError("there are more bytes than the header says", path: file.path, byteOffset: start)
    }
  }

  private func read(into target: UnsafeMutableRawBufferPointer) throws(DataError) -> Int {
    guard let gzip else {
      let got = try file.read(into: target, at: offset)
      offset += got
      return got
    }
    var done = 0
    while done < target.count, let base = target.baseAddress {
      try DataError.checkInterruption()
      let got = gzread(gzip, base + done, UInt32(min(target.count - done, 1 << 24)))
      guard got >= 0 else {
        throw DataError(
          "the compressed data are broken", path: file.path, byteOffset: offset,
          hint: "copy or download the file again")
      }
      if got == 0 { break }
      done += Int(got)
      offset += Int(got)
    }
    return done
  }
}
