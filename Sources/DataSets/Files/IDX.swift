import LinearAlgebra

/// The IDX files of MNIST and its kin: two zero bytes, the element type, the number of dimensions, each dimension
/// as a big-endian 32-bit number, then the elements. Source: Y. LeCun, C. Cortes, C. J. C. Burges, "The MNIST
/// database of handwritten digits", section "File formats". Only unsigned bytes are read; nothing else is in use.
final class IDXFile {
  let stream: ByteStream
  /// N first.
  let dimensions: [Int]

  var count: Int { dimensions[0] }
  /// Elements of one sample.
  let features: Int
  var path: String { stream.file.path }

  /// Reads and checks the header: no buffer is made by what it claims before the size of the file bears it out.
  init(_ path: String) throws(DataError) {
    stream = try ByteStream(path)
    let magic = try stream.bytes(4)
    guard magic[0] == 0, magic[1] == 0 else {
      let found = magic.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined(separator: " ")
      throw DataError(
        "not an IDX file: it starts with \(found), not with 00 00 08", path: path, byteOffset: 0,
        hint: "images start with 00 00 08 03, labels with 00 00 08 01")
    }
    guard magic[2] == 8 else {
      throw DataError(
        "elements of type 0x\(String(magic[2], radix: 16)) are not read, only unsigned bytes (0x8)",
        path: path,
        byteOffset: 2)
    }
    guard (1...4).contains(magic[3]) else {
      throw DataError("\(magic[3]) dimensions: 1 to 4 are read", path: path, byteOffset: 3)
    }
    var dimensions: [Int] = []
    for _ in 0..<magic[3] { dimensions.append(try stream.bigEndian32()) }
    guard !dimensions.contains(0), let total = Shape(dimensions).checkedCount else {
      throw DataError(
        "the header claims \(Shape(dimensions)) elements", path: path, byteOffset: 4,
        hint: "between 1 and \(Shape.largestCount) are read")
    }
    let present = stream.largestSize - stream.offset
    guard total <= present else {
      throw DataError(
        "the header claims \(Shape(dimensions)) = \(total) elements, "
          + "the file has \(stream.isCompressed ? "at most " : "")\(present) bytes of them",
        path: path, byteOffset: stream.offset,
        hint: "the file is truncated or its header is wrong: download it again")
    }
    self.dimensions = dimensions
    features = total / dimensions[0]
  }

  /// C×H×W of one sample, when it is an image.
  var imageShape: Shape? {
    switch dimensions.count {
    case 3: [1, dimensions[1], dimensions[2]]
    case 4: [dimensions[1], dimensions[2], dimensions[3]]
    default: nil
    }
  }

  /// The class numbers of a label file, each below `classes`.
  func labels(classes: Int) throws(DataError) -> [Int] {
    guard dimensions.count == 1 else {
      throw DataError(
        "these are not labels: the file holds \(Shape(dimensions)) elements", path: path, byteOffset: 3,
        hint: "the image file comes first, then the label file")
    }
    let start = stream.offset
    let bytes = try stream.bytes(count)
    try stream.expectEnd()
    if let bad = bytes.firstIndex(where: { Int($0) >= classes }) {
      throw DataError(
        "label \(bytes[bad]) is out of range 0…\(classes - 1)", path: path, byteOffset: start + bad,
        hint: "say classes=\(Int(bytes.max() ?? 0) + 1) if there are more classes than \(classes)")
    }
    return bytes.map(Int.init)
  }

  /// Images with their labels, 0…255 read as 0…1. The second pair, if any, is the test part. All images go
  /// straight into one buffer of bytes.
  static func dataSet(
    name: String, description: String, attribution: String?, training: (images: IDXFile, labels: IDXFile),
    test: (images: IDXFile, labels: IDXFile)?, classes: Int
  ) throws(DataError) -> DataSet {
    let images = [training.images] + (test.map { [$0.images] } ?? [])
    for (pixels, labels) in [training] + (test.map { [$0] } ?? []) {
      guard pixels.dimensions.count >= 2 else {
        throw DataError(
          "these are not images: the file holds one number a sample", path: pixels.path, byteOffset: 3,
          hint: "the image file comes first, then the label file")
      }
      guard pixels.count == labels.count else {
        throw DataError(
          "\(labels.count) labels for the \(pixels.count) images of \(pixels.path)", path: labels.path,
          byteOffset: 4, hint: "both files must be of the same part, training or test")
      }
      guard pixels.features == training.images.features else {
        throw DataError(
          "its images have \(pixels.features) pixels, those of \(training.images.path) have "
            + "\(training.images.features)", path: pixels.path, byteOffset: 8)
      }
    }
    guard let total = Shape([images.reduce(0) { $0 + $1.count }, training.images.features]).checkedCount
    else {
      throw DataError("more than \(Shape.largestCount) pixels altogether", path: training.images.path)
    }
    var labels = try training.labels.labels(classes: classes)
    if let test { labels += try test.labels.labels(classes: classes) }
    let pixels = try makeBytes(total) { (target) throws(DataError) in
      var start = 0
      for file in images {
        let size = file.count * file.features
        try file.stream.readAll(into: UnsafeMutableRawBufferPointer(rebasing: target[start..<start + size]))
        try file.stream.expectEnd()
        start += size
      }
    }
    guard let rows = ByteRows(pixels, features: training.images.features, divisor: 255) else {
      throw DataError("the images have no pixels", path: training.images.path)
    }
    return try DataSet(
      name: name, description: description, attribution: attribution, storage: .bytes(rows),
      imageShape: training.images.imageShape,
      labels: .classes(labels, names: (0..<classes).map { "\($0)" }),
      testIndices: test.map { training.images.count..<training.images.count + $0.images.count },
      scaling: "divided by 255")
  }
}
