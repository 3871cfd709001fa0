import LinearAlgebra
import Platform
import TestSupport
import Testing

@testable import DataSets

/// IDX files made by hand from the format's description.
enum IDXBytes {
  /// Three images of 2×2.
  static let images: [UInt8] =
    [0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0, 2] + [0, 51, 102, 255, 1, 2, 3, 4, 255, 254, 253, 252]
  static let labels: [UInt8] = [0, 0, 8, 1, 0, 0, 0, 3, 7, 0, 9]
  /// `images` through Python: gzip.compress(bytes, mtime=0).
  static let gzipImages = hex(
    """
    1f8b08000000000002036360e06066606000612630364efbcfc8c4ccf2ffdfdf3f003da293571c000000
    """)
}

@Suite struct IDXTests {
  private func read(_ images: [UInt8], _ labels: [UInt8], _ options: [String: String] = [:]) throws -> DataSet
  {
    let (a, b) = (TemporaryFile(images), TemporaryFile(labels))
    return try load("idx", [a.path, b.path], options)
  }

  @Test func imagesAreZeroToOne() throws {
    let set = try read(IDXBytes.images, IDXBytes.labels)
    #expect(set.inputs.shape == [3, 4] && set.imageShape == [1, 2, 2])
    #expect(set.inputs.elements == [0, 51, 102, 255, 1, 2, 3, 4, 255, 254, 253, 252].map { $0 / 255 })
    #expect((0..<3).map { set.label(of: $0) } == [7, 0, 9])
    #expect(set.targets.shape == [3, 10])
  }

  @Test func gzipIsReadOnTheWay() throws {
    let set = try read(IDXBytes.gzipImages, IDXBytes.labels)
    #expect(set.inputs.elements == (try read(IDXBytes.images, IDXBytes.labels)).inputs.elements)
  }

  @Test func brokenGzipIsRefused() {
    var flipped = IDXBytes.gzipImages
    flipped[flipped.count - 8] ^= 1
    #expect(dataError { _ = try read(flipped, IDXBytes.labels) }?.message == "the compressed data are broken")
    let short = Array(IDXBytes.gzipImages.dropLast(12))
    #expect(dataError { _ = try read(short, IDXBytes.labels) } != nil)
  }

  @Test func anMNISTDirectoryInBothSpellings() throws {
    let directory = scratchFolder("mnist")
    let files = [
      "train-images-idx3-ubyte": IDXBytes.images, "train-labels.idx1-ubyte": IDXBytes.labels,
      "t10k-images.idx3-ubyte": IDXBytes.images, "t10k-labels-idx1-ubyte": IDXBytes.labels,
    ]
    defer {
      for name in files.keys { unlink("\(directory)/\(name)") }
      rmdir(directory)
    }
    for (name, bytes) in files {
      close(open("\(directory)/\(name)", O_CREAT | O_WRONLY, 0o600))
      try OutputFile.save(bytes, to: "\(directory)/\(name)")
    }
    let set = try load("mnist", [directory])
    #expect(set.trainingIndices == [0, 1, 2] && set.testIndices == [3, 4, 5])
    #expect(set.input(4) == set.input(1) && set.label(of: 5) == 9)
    unlink("\(directory)/t10k-labels-idx1-ubyte")
    let error = dataError { _ = try load("mnist", [directory]) }
    #expect(error?.message == "there is no t10k-labels-idx1-ubyte (or .gz) in it")
  }

  struct Broken: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var images = IDXBytes.images
    var labels = IDXBytes.labels
    var offset: Int
    var message: String
  }

  @Test(arguments: [
    Broken(
      testDescription: "magic", images: [0x89, 0x50, 0x4E, 0x47], offset: 0,
      message: "not an IDX file: it starts with 89 50 4e 47, not with 00 00 08"),
    Broken(
      testDescription: "floats", images: [0, 0, 0xD, 3], offset: 2,
      message: "elements of type 0xd are not read, only unsigned bytes (0x8)"),
    Broken(
      testDescription: "rank", images: [0, 0, 8, 9], offset: 3, message: "9 dimensions: 1 to 4 are read"),
    Broken(
      testDescription: "short header", images: Array(IDXBytes.images.prefix(14)), offset: 14,
      message: "the file ends here, 2 more bytes were expected"),
    Broken(
      testDescription: "truncated", images: Array(IDXBytes.images.dropLast(5)), offset: 16,
      message: "the header claims 3×2×2 = 12 elements, the file has 7 bytes of them"),
    Broken(
      testDescription: "pixel missing", images: Array(IDXBytes.images.dropLast(1)), offset: 16,
      message: "the header claims 3×2×2 = 12 elements, the file has 11 bytes of them"),
    Broken(
      testDescription: "too long", images: IDXBytes.images + [0], offset: 28,
      message: "there are more bytes than the header says"),
    Broken(
      testDescription: "huge", images: [0, 0, 8, 3] + [UInt8](repeating: 255, count: 12), offset: 4,
      message: "the header claims 4294967295×4294967295×4294967295 elements"),
    Broken(
      testDescription: "label out of range", labels: [0, 0, 8, 1, 0, 0, 0, 3, 7, 10, 9], offset: 9,
      message: "label 10 is out of range 0…9"),
    Broken(
      testDescription: "swapped", images: IDXBytes.labels, labels: IDXBytes.images, offset: 3,
      message: "these are not images: the file holds one number a sample"),
  ])
  func brokenFilesAreRefused(_ broken: Broken) {
    let error = dataError { _ = try read(broken.images, broken.labels) }
    #expect(error?.message == broken.message)
    #expect(error?.byteOffset == broken.offset)
  }

  @Test func countsMustAgree() {
    let error = dataError { _ = try read(IDXBytes.images, [0, 0, 8, 1, 0, 0, 0, 2, 1, 2]) }
    #expect(error?.message.hasPrefix("2 labels for the 3 images of \(scratch)/") == true)
  }
}
