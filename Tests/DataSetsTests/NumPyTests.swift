import LinearAlgebra
import Testing

@testable import DataSets

/// Files as numpy 2.4.6 wrote them into an io.BytesIO.
enum NumPyBytes {
  /// np.save(b, np.array([[1, 2.5], [-3, 1e-3]]))
  static let float64 = hex(
    """
    934e554d5059010076007b276465736372273a20273c6638272c2027666f727472616e5f6f72646572273a2046616c73652c
    20277368617065273a2028322c2032292c207d20202020202020202020202020202020202020202020202020202020202020
    2020202020202020202020202020202020202020202020202020200a000000000000f03f0000000000000440000000000000
    08c0fca9f1d24d62503f
    """)
  /// np.save(b, np.asfortranarray(np.arange(6, dtype='<f4').reshape(2, 3)))
  static let float32Fortran = hex(
    """
    934e554d5059010076007b276465736372273a20273c6634272c2027666f727472616e5f6f72646572273a20547275652c20
    277368617065273a2028322c2033292c207d2020202020202020202020202020202020202020202020202020202020202020
    2020202020202020202020202020202020202020202020202020200a00000000000040400000803f00008040000000400000
    a040
    """)
  /// np.save(b, np.array([-1, 0, 7], dtype='<i8'))
  static let int64 = hex(
    """
    934e554d5059010076007b276465736372273a20273c6938272c2027666f727472616e5f6f72646572273a2046616c73652c
    20277368617065273a2028332c292c207d202020202020202020202020202020202020202020202020202020202020202020
    2020202020202020202020202020202020202020202020202020200affffffffffffffff0000000000000000070000000000
    0000
    """)
  /// np.save(b, np.asfortranarray(np.arange(8, dtype='u1').reshape(2, 2, 2)))
  static let uint8Fortran = hex(
    """
    934e554d5059010076007b276465736372273a20277c7531272c2027666f727472616e5f6f72646572273a20547275652c20
    277368617065273a2028322c20322c2032292c207d2020202020202020202020202020202020202020202020202020202020
    2020202020202020202020202020202020202020202020202020200a0004020601050307
    """)
  /// np.save(b, np.array([1.0], dtype='>f8'))
  static let bigEndian = hex(
    """
    934e554d5059010076007b276465736372273a20273e6638272c2027666f727472616e5f6f72646572273a2046616c73652c
    20277368617065273a2028312c292c207d202020202020202020202020202020202020202020202020202020202020202020
    2020202020202020202020202020202020202020202020202020200a3ff0000000000000
    """)
  /// np.savez(b, X=np.array([[0, 0], [0, 1], [1, 0], [1, 1]], '<f8'), y=np.array([0, 1, 1, 0], 'i4'))
  static let npz = hex(
    """
    504b03042d0000000000000021001810f7bfffffffffffffffff05001400582e6e707901001000c000000000000000c00000
    0000000000934e554d5059010076007b276465736372273a20273c6638272c2027666f727472616e5f6f72646572273a2046
    616c73652c20277368617065273a2028342c2032292c207d2020202020202020202020202020202020202020202020202020
    20202020202020202020202020202020202020202020202020202020202020200a0000000000000000000000000000000000
    00000000000000000000000000f03f000000000000f03f0000000000000000000000000000f03f000000000000f03f504b03
    042d000000000000002100f3dc2448ffffffffffffffff05001400792e6e7079010010009000000000000000900000000000
    0000934e554d5059010076007b276465736372273a20273c6934272c2027666f727472616e5f6f72646572273a2046616c73
    652c20277368617065273a2028342c292c207d20202020202020202020202020202020202020202020202020202020202020
    20202020202020202020202020202020202020202020202020202020200a00000000010000000100000000000000504b0102
    2d032d0000000000000021001810f7bfc0000000c0000000050000000000000000000000800100000000582e6e7079504b01
    022d032d000000000000002100f3dc244890000000900000000500000000000000000000008001f7000000792e6e7079504b
    0506000000000200020066000000be0100000000
    """)
  /// np.savez_compressed(b, …) of the same arrays
  static let compressedNPZ = hex(
    """
    504b03042d0000000800000021001810f7bfffffffffffffffff05001400582e6e707901001000c0000000000000004f0000
    00000000009bec17ea1b10c9c850c650ad9e925a9c5ca46ea5a06e9366a1aea3a09e965f54529498179f5f94920a12774bcc
    294e058a17672416a402f91a263a0a469a3a0ab50a64032e06bce0833d2a8d290e00504b03042d000000080000002100f3dc
    2448ffffffffffffffff05001400792e6e70790100100090000000000000004b000000000000009bec17ea1b10c9c850c650
    ad9e925a9c5ca46ea5a06e9369a2aea3a09e965f54529498179f5f94920a12774bcc294e058a17672416a402f91a263a9a3a
    0ab50a14002e0620608462100000504b01022d032d0000000800000021001810f7bf4f000000c00000000500000000000000
    00000000800100000000582e6e7079504b01022d032d000000080000002100f3dc24484b0000009000000005000000000000
    0000000000800186000000792e6e7079504b0506000000000200020066000000080100000000
    """)
}

@Suite struct NumPyTests {
  private func read(_ bytes: [UInt8]) throws -> NumPyArray { try NPY.read(TemporaryFile(bytes).path) }

  @Test func arraysOfNumPy() throws {
    let f8 = try read(NumPyBytes.float64)
    #expect(f8.shape == [2, 2] && f8.type == .float64 && f8.tensor.elements == [1, 2.5, -3, 1e-3])
    let f4 = try read(NumPyBytes.float32Fortran)
    #expect(f4.shape == [2, 3] && f4.type == .float32 && f4.tensor.elements == [0, 1, 2, 3, 4, 5])
    let i8 = try read(NumPyBytes.int64)
    #expect(i8.shape == [3] && i8.tensor.elements == [-1, 0, 7])
    let u1 = try read(NumPyBytes.uint8Fortran)
    #expect(u1.shape == [2, 2, 2] && u1.tensor.elements == [0, 1, 2, 3, 4, 5, 6, 7])
    if case .doubles = u1.elements { Issue.record("bytes must stay bytes") }
  }

  @Test func writtenBytesAreNumPys() throws {
    let tensor = try #require(Tensor(rows: [[1, 2.5], [-3, 1e-3]]))
    #expect(try NPY.encode(tensor) == NumPyBytes.float64)
    let integers = Tensor(unchecked: [3], [-1, 0, 7])
    #expect(try NPY.encode(integers, as: .int64) == NumPyBytes.int64)
    #expect(dataError { _ = try NPY.encode(tensor, as: .int64) }?.message.hasPrefix("2.5 at [0, 1]") == true)
    #expect(dataError { _ = try NPY.encode(Tensor(.nan), as: .uint8) } != nil)
  }

  @Test(arguments: NumPyArray.ElementType.allCases) func everyTypeComesBack(_ type: NumPyArray.ElementType)
    throws
  {
    for shape: Shape in [.scalar, [2], [2, 3], [1, 2, 3], [0, 4]] {
      let tensor = Tensor(unchecked: shape, (0..<shape.count).map { Double($0 % 2) })
      let file = TemporaryFile([])
      try NPY.write(tensor, to: file.path, as: type)
      #expect(try NPY.read(file.path).tensor == tensor)
    }
  }

  @Test func archivesOfNumPy() throws {
    let file = TemporaryFile(NumPyBytes.npz)
    let archive = try NPZ(file.path)
    #expect(archive.names == ["X", "y"])
    #expect(try archive.array("X").tensor.elements == [0, 0, 0, 1, 1, 0, 1, 1])
    #expect(try archive.array("y").type == .int32)
    #expect(dataError { _ = try archive.array("Z") }?.hint == "it holds X, y")
  }

  @Test func compressedArchivesOfNumPy() throws {
    let file = TemporaryFile(NumPyBytes.compressedNPZ)
    let set = try load("npz", [file.path])
    #expect(set.inputs.elements == [0, 0, 0, 1, 1, 0, 1, 1])
    #expect(set.targets([0, 1, 2, 3], width: 1).elements == [0, 1, 1, 0])
  }

  @Test func archivesComeBack() throws {
    let file = TemporaryFile([])
    let a = try #require(Tensor(rows: [[1, 2], [3, 4]]))
    try NPZ.write([("W1", a), ("b1", Tensor(7))], to: file.path)
    let archive = try NPZ(file.path)
    #expect(archive.names == ["W1", "b1"])
    #expect(try archive.array("W1").tensor == a)
    #expect(try archive.array("b1").tensor.scalarValue == 7)
  }

  @Test func dataSetsFromArrays() throws {
    let x = TemporaryFile(
      try NPY.encode(Tensor(unchecked: [4, 2, 2], (0..<16).map(Double.init)), as: .uint8))
    let y = TemporaryFile(try NPY.encode(Tensor(unchecked: [4], [3, 5, 3, 5]), as: .int64))
    let images = try load("npy", [x.path, y.path], ["scale": "2"])
    #expect(images.imageShape == [1, 2, 2] && images.classNames == ["3", "5"])
    #expect(images.input(3) == [6, 6.5, 7, 7.5])
    let table = TemporaryFile(try NPY.encode(Tensor(unchecked: [4, 2], [1, 0, 2, 1, 3, 0, 4, 1])))
    #expect(try load("npy", [table.path]).inputs.elements == [1, 2, 3, 4])
    #expect(try load("npy", [table.path], ["label": "0"]).inputs.elements == [0, 1, 0, 1])
    let oneHot = TemporaryFile(try NPY.encode(Tensor(unchecked: [4, 2], [1, 0, 0, 1, 0, 1, 1, 0])))
    #expect((try load("npy", [x.path, oneHot.path])).label(of: 1) == 1)
    #expect(try load("npy", [x.path, table.path]).targets.elements == [1, 0, 2, 1, 3, 0, 4, 1])
    #expect(dataError { _ = try load("npy", [x.path]) }?.hint?.contains("y.npy") == true)
    let short = TemporaryFile(try NPY.encode(Tensor(unchecked: [3], [1, 2, 1])))
    #expect(
      dataError { _ = try load("npy", [x.path, short.path]) }?.message
        == "4 inputs but 3 labels: the counts must be equal")
    let nan = TemporaryFile(try NPY.encode(Tensor(unchecked: [1, 2], [.nan, 0])))
    #expect(dataError { _ = try load("npy", [nan.path]) }?.message == "the value at [0, 0] is nan")
  }

  @Test func theTestPartOfAnArchiveIsKeptApart() throws {
    let x = Tensor(unchecked: [4, 1], [1, 2, 3, 4])
    let y = Tensor(unchecked: [4], [0, 1, 0, 1])
    let file = TemporaryFile(
      try NPZ.encode([("x_train", x), ("y_train", y), ("x_test", x), ("y_test", y)]))
    let set = try load("npz", [file.path])
    #expect(set.trainingIndices == [0, 1, 2, 3] && set.testIndices == [4, 5, 6, 7])
    let other = TemporaryFile(try NPZ.encode([("foo", x), ("bar", y)]))
    #expect(dataError { _ = try load("npz", [other.path]) }?.hint == "say x=NAME y=NAME")
    #expect(try load("npz", [other.path], ["x": "foo", "y": "bar"]).inputs == x)
  }

  @Test func brokenArraysAreRefused() {
    func message(_ bytes: [UInt8]) -> String? { dataError { _ = try read(bytes) }?.message }
    func header(_ text: String, _ data: Int = 0) -> [UInt8] {
      Array(NumPyBytes.float64[..<8]) + [UInt8(text.utf8.count), 0] + Array(text.utf8)
        + [UInt8](repeating: 0, count: data)
    }
    #expect(message([1, 2, 3, 4, 5, 6, 7, 8]) == "not a .npy file: it does not start with \\x93NUMPY")
    #expect(message([]) == "the data end after 0 bytes, 8 are needed here")
    #expect(message(NumPyBytes.float64.dropLast()) == "31 bytes of elements, but 2×2 of '<f8' needs 32")
    #expect(message(NumPyBytes.float64 + [0]) == "33 bytes of elements, but 2×2 of '<f8' needs 32")
    #expect(message(NumPyBytes.bigEndian) == nil)
    #expect(
      message(header("{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999, 99999999999)}"))
        == "the header claims an array of shape 99999999999×99999999999")
    #expect(
      message(header("{'descr': '<f8', 'fortran_order': False, 'shape': (9999999999999999999,)}"))
        == "an extent in the header is too large")
    #expect(
      message(header("{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (1,)}", 8))
        == "structured arrays are not read")
    #expect(message(header("{'descr': '<f8'}", 8)) == "the header lacks descr, fortran_order or shape")
    #expect(
      message(header("{'descr': '|O', 'fortran_order': False, 'shape': (1,)}", 8))
        == "Python objects '|O' are not read")
  }

  @Test func brokenArchivesAreRefused() {
    func message(_ bytes: [UInt8]) -> String? {
      let file = TemporaryFile(bytes)
      return dataError {
        let archive = try NPZ(file.path)
        for name in archive.names { _ = try archive.array(name) }
      }?.message
    }
    #expect(message(Array("hello".utf8)) == "not a .npz file: it is no ZIP archive")
    #expect(message(NumPyBytes.npz.dropLast(40)) == "the archive's directory is missing")
    var changed = NumPyBytes.npz
    changed[200] ^= 1
    #expect(message(changed) == "the checksum is wrong: the bytes were changed")
  }

  /// The check value of CRC-32 in the catalogue of parametrised CRC algorithms: "123456789" gives CBF43926.
  @Test func theChecksumIsCRC32() {
    var crc = CRC32()
    crc.update(Array("1234".utf8))
    crc.update(Array("56789".utf8))
    #expect(crc.value == 0xCBF4_3926)
  }
}
