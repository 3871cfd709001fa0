import LinearAlgebra
import Testing

@testable import DataSets

/// Whatever the bytes of a file are, reading it gives a data set or a DataError that names the file, never a
/// trap. Valid files are mutated by a seeded generator, so a failure can be repeated.
@Suite struct FuzzTests {
  struct Format: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var bytes: [UInt8]
    /// The other file of a pair.
    var partner: [UInt8] = []
    var read: @Sendable (_ path: String, _ partner: String) throws -> DataSet
  }

  static let formats: [Format] = [
    Format(
      testDescription: "csv", bytes: Array("a,\"b \"\"x\"\"\",y\n1.5,-2e3,cat\n3,.25,dog\n7,8,cat\n".utf8)
    ) { path, _ in try load("csv", [path]) },
    Format(testDescription: "idx images", bytes: IDXBytes.images, partner: IDXBytes.labels) {
      try load("idx", [$0, $1])
    },
    Format(testDescription: "idx labels", bytes: IDXBytes.labels, partner: IDXBytes.images) {
      try load("idx", [$1, $0])
    },
    Format(testDescription: "idx gzip", bytes: IDXBytes.gzipImages, partner: IDXBytes.labels) {
      try load("idx", [$0, $1])
    },
    Format(testDescription: "npy f8", bytes: NumPyBytes.float64) { path, _ in try load("npy", [path]) },
    Format(testDescription: "npy Fortran", bytes: NumPyBytes.float32Fortran) { path, _ in
      try load("npy", [path])
    },
    Format(testDescription: "npz", bytes: NumPyBytes.npz) { path, _ in try load("npz", [path]) },
    Format(testDescription: "npz deflated", bytes: NumPyBytes.compressedNPZ) { path, _ in
      try load("npz", [path])
    },
  ]

  @Test(arguments: formats) func mutatedFilesNeverTrap(_ format: Format) throws {
    var generator = RandomGenerator(seed: 20_240_607)
    let file = TemporaryFile(format.bytes)
    let partner = TemporaryFile(format.partner)
    _ = try format.read(file.path, partner.path)
    var refused = 0
    for _ in 0..<1500 {
      var bytes = format.bytes
      for _ in 0...generator.integer(below: 3) { FuzzTests.mutate(&bytes, &generator) }
      file.overwrite(bytes)
      do {
        let set = try format.read(file.path, partner.path)
        #expect(set.inputs.shape == [set.count, set.features] && set.targets.shape.rows == set.count)
      } catch let error as DataError {
        refused += 1
        if error.path == nil { Issue.record("no file named: \(error.message)") }
      }
    }
    #expect(refused > 100)
  }

  private static func mutate(_ bytes: inout [UInt8], _ generator: inout RandomGenerator) {
    guard !bytes.isEmpty else { return }
    let position = generator.integer(below: bytes.count)
    let interesting: [UInt8] = [0, 1, 0x7F, 0x80, 0xFF, 0x22, 0x2C, 0x0A, 0x28, 0x29, 0x39]
    switch generator.integer(below: 6) {
    case 0: bytes[position] ^= 1 << UInt8(generator.integer(below: 8))
    case 1: bytes[position] = interesting[generator.integer(below: interesting.count)]
    case 2: bytes.removeSubrange(position...)
    case 3: bytes.insert(UInt8(generator.integer(below: 256)), at: position)
    case 4:
      for i in position..<min(position + 4, bytes.count) { bytes[i] = 0xFF }
    default: bytes += bytes[position...].prefix(20)
    }
  }
}
