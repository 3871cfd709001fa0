import CDataSets
import LinearAlgebra
import Platform

/// zlib, looked for when a compressed file is met: the build needs neither its headers nor the library.
struct Zlib: @unchecked Sendable {
  typealias Open = @convention(c) (Int32, UnsafePointer<CChar>) -> OpaquePointer?
  typealias Read = @convention(c) (OpaquePointer, UnsafeMutableRawPointer?, UInt32) -> Int32
  typealias Close = @convention(c) (OpaquePointer) -> Int32
  typealias Buffer = @convention(c) (OpaquePointer, UInt32) -> Int32
  typealias InflateInit =
    @convention(c) (UnsafeMutablePointer<data_z_stream>, Int32, UnsafePointer<CChar>, Int32) -> Int32
  typealias Inflate = @convention(c) (UnsafeMutablePointer<data_z_stream>, Int32) -> Int32
  typealias InflateEnd = @convention(c) (UnsafeMutablePointer<data_z_stream>) -> Int32

  let gzdopen: Open
  let gzread: Read
  let gzclose: Close
  let gzbuffer: Buffer
  private let inflateInit2: InflateInit
  private let inflate: Inflate
  private let inflateEnd: InflateEnd

  static let libraryNames = ["libz.so.1", "libz.so", "libz.1.dylib", "libz.dylib"]
  /// Nil when the machine has none.
  static let shared = Zlib(libraryNames)

  /// DEFLATE cannot expand more than this: what a compressed file may claim to hold is bounded by its size.
  static let largestRatio = 1032

  static func missing(_ path: String) -> DataError {
    DataError(
      "it is compressed, and zlib (\(libraryNames[0])) was not found on this machine", path: path,
      hint: "install it (apt install zlib1g, dnf install zlib) or uncompress the file first (gunzip FILE)")
  }

  init?(_ names: [String]) {
    var library: UnsafeMutableRawPointer?
    for name in names where library == nil { library = dlopen(name, RTLD_NOW | RTLD_LOCAL) }
    guard let library, let open = dlsym(library, "gzdopen"), let read = dlsym(library, "gzread"),
      let close = dlsym(library, "gzclose"), let buffer = dlsym(library, "gzbuffer"),
      let start = dlsym(library, "inflateInit2_"), let run = dlsym(library, "inflate"),
      let end = dlsym(library, "inflateEnd")
    else { return nil }
    gzdopen = unsafeBitCast(open, to: Open.self)
    gzread = unsafeBitCast(read, to: Read.self)
    gzclose = unsafeBitCast(close, to: Close.self)
    gzbuffer = unsafeBitCast(buffer, to: Buffer.self)
    inflateInit2 = unsafeBitCast(start, to: InflateInit.self)
    inflate = unsafeBitCast(run, to: Inflate.self)
    inflateEnd = unsafeBitCast(end, to: InflateEnd.self)
  }

  /// Raw DEFLATE data (as in a ZIP entry) of known size; nil when the data are broken or give another size.
  func inflated(_ compressed: [UInt8], count: Int) -> [UInt8]? {
    guard compressed.count <= UInt32.max, count >= 0, count <= UInt32.max else { return nil }
    var isWhole = false
    let bytes = [UInt8](unsafeUninitializedCapacity: max(count, 1)) { target, initialized in
      compressed.withUnsafeBufferPointer { source in
        var stream = data_z_stream()
        stream.next_in = source.baseAddress
        stream.avail_in = UInt32(source.count)
        stream.next_out = target.baseAddress
        stream.avail_out = UInt32(count)
        // A negative window size means raw data, without zlib's own header.
        guard inflateInit2(&stream, -15, "1.2.11", Int32(MemoryLayout<data_z_stream>.size)) == 0 else {
          return
        }
        let finish: Int32 = 4
        let streamEnd: Int32 = 1
        isWhole = inflate(&stream, finish) == streamEnd && Int(stream.total_out) == count
        _ = inflateEnd(&stream)
      }
      initialized = isWhole ? count : 0
    }
    return isWhole ? bytes : nil
  }
}
