import Commands
import DataSets
import Lessons
import Formulas
import LinearAlgebra
import Operations
import Platform
import Sessions
import Testing

/// A file as numpy.save writes it: version 1.0, the header padded to a multiple of 64.
private func npy(_ descriptor: String, _ shape: String, _ bytes: [UInt8], fortran: Bool = false) -> [UInt8] {
  var header =
    "{'descr': '\(descriptor)', 'fortran_order': \(fortran ? "True" : "False"), 'shape': \(shape), }"
  header += String(repeating: " ", count: 63 - (10 + header.utf8.count) % 64) + "\n"
  return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count & 255), UInt8(header.utf8.count >> 8)]
    + Array(header.utf8) + bytes
}

private func safetensors(_ header: String, _ bytes: [UInt8]) -> [UInt8] {
  let count = header.utf8.count
  return (0..<8).map { UInt8(count >> ($0 * 8) & 255) } + Array(header.utf8) + bytes
}

/// A value of a formula in a fresh session.
private func value(_ text: String, _ workspace: Workspace = Workspace()) throws -> Tensor {
  try Evaluator(SessionEnvironment(workspace.session)).checkedValue(of: Parser.parse(text))
}

@Suite struct FileValueTests {
  /// Bytes by hand from IEEE 754 (binary16: 3E00 is 1.5, C080 is -2.25, 0001 the smallest, 7BFF 65504) and NumPy's
  /// documentation of the format.
  @Test(
    arguments: [
      (
        npy("<f2", "(2, 2)", [0x00, 0x3E, 0x80, 0xC0, 0x01, 0x00, 0xFF, 0x7B]), [2, 2],
        [1.5, -2.25, 0x1p-24, 65504]
      ),
      (npy(">f4", "(2,)", [0x3F, 0x80, 0, 0, 0xC0, 0, 0, 0]), [2], [1, -2]),
      (npy(">i8", "(1,)", [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFE]), [1], [-2]),
      (
        npy("<i2", "(2, 3)", [1, 0, 4, 0, 2, 0, 5, 0, 3, 0, 6, 0], fortran: true), [2, 3], [1, 2, 3, 4, 5, 6]
      ),
      (npy("|b1", "(3,)", [1, 0, 1]), [3], [1, 0, 1]),
      (npy("|u1", "()", [7]), [], [7]),
      (npy("<f8", "(0, 3)", []), [0, 3], []),
    ] as [([UInt8], [Int], [Double])]) func whatNumPySavesIsRead(
      _ bytes: [UInt8], _ shape: [Int], _ numbers: [Double]
    ) throws
  {
    let folder = try Folder()
    try folder.write(bytes, "a.npy")
    let read = try value("np.load('\(folder.file("a.npy"))')")
    #expect(read.shape.dimensions == shape && read.elements == numbers)
  }

  @Test(arguments: [
    ("<c16", "complex numbers"), ("<U3", "texts"), ("|O", "Python objects"), ("<M8[s]", "dates"),
  ])
  func othersAreRefusedByName(_ descriptor: String, _ word: String) throws {
    let folder = try Folder()
    try folder.write(npy(descriptor, "(1,)", [0, 0, 0, 0, 0, 0, 0, 0]), "a.npy")
    var workspace = Workspace()
    let refusal = try #require(type("load(\"\(folder.file("a.npy"))\")", &workspace))
    #expect(refusal.message.text().contains("\(word) '\(descriptor)' are not read"))
  }

  /// 3FC0 is 1.5 in bfloat16.
  @Test func safetensorsOfSeveralTypes() throws {
    let folder = try Folder()
    try folder.write(
      safetensors(
        #"{"__metadata__":{"a":"\u00e9"},"0.weight":{"dtype":"BF16","shape":[2,1],"data_offsets":[0,4]},"n":{"dtype":"I64","shape":[],"data_offsets":[4,12]}}"#,
        [0xC0, 0x3F, 0xC0, 0xBF, 5, 0, 0, 0, 0, 0, 0, 0]), "a.safetensors")
    let path = folder.file("a.safetensors")
    #expect(try value("load(\"\(path)\")[\"0.weight\"]").elements == [1.5, -1.5])
    #expect(try value("2 * load(\"\(path)\")['n']").elements == [10])
    #expect(try value("load(\"\(path)\")[\"0.weight\"][1, 0]").elements == [-1.5])
  }

  @Test func tablesAndTheirColumns() throws {
    let folder = try Folder()
    try folder.write("a,b,label\n1,2,0\n3,4.5,1\n", "t.csv")
    let path = folder.file("t.csv")
    #expect(try value("load(\"\(path)\")").shape == [2, 3])
    #expect(try value("load(\"\(path)\")[\"b\"]").elements == [2, 4.5])
    #expect(try value("load(\"\(path)\")[:, 0:2].T").elements == [1, 3, 2, 4.5])
    var workspace = Workspace()
    #expect(type("load(\"\(path)\")[\"c\"]", &workspace)?.hint?.text().contains("a, b, label") == true)
  }

  /// numpy.savetxt's default form, and what stands between numbers in other countries and programs.
  @Test(arguments: [
    (
      "-2.97e-01 -8.10e-01\n 7.522438271795928166e+00   1.5  \r\n",
      [-0.297, -0.81, 7.522438271795928166, 1.5]
    ),
    ("# a b\n1 2\n3 4\n", [1, 2, 3, 4]), ("1\t2\n3\t4", [1, 2, 3, 4]), ("a;b\n1;2\n3;4\n", [1, 2, 3, 4]),
    ("1, 2\n3, 4\n", [1, 2, 3, 4]), ("  1 2\n  3 4\n\n", [1, 2, 3, 4]),
  ]) func numbersWithBlanksBetweenAreATable(_ text: String, _ numbers: [Double]) throws {
    let folder = try Folder()
    try folder.write(text, "t.txt")
    let table = try value("load(\"\(folder.file("t.txt"))\")")
    #expect(table.shape == [2, 2] && table.elements == numbers)
  }

  /// Nothing is changed by a file that holds no table of numbers, and its place is said.
  @Test(
    arguments: [
      (Array("<!DOCTYPE html><html>404</html>".utf8), "no row of numbers"),
      ([UInt8](repeating: 0xFF, count: 240), "no row of numbers"), (Array("a,b\n".utf8), "no row of numbers"),
      (Array("a;b\n0,1;0,2\n".utf8), "a number has a point"),
      (Array("1 2\n3,4 5\n".utf8), "a number has a point"),
      (Array("0,1;0,2\n0,3;0,4\n".utf8), "separated by commas"), (Array("1 2\n3 4 5\n".utf8), "3 fields"),
    ] as [([UInt8], String)]) func foreignTextIsRefused(_ bytes: [UInt8], _ words: String) throws
  {
    let folder = try Folder()
    try folder.write(bytes, "page.csv")
    var workspace = Workspace()
    let before = workspace.session
    let refusal = try #require(type("set X = load(\"\(folder.file("page.csv"))\")", &workspace))
    let said = refusal.message.text() + " " + (refusal.hint?.text() ?? "")
    #expect(said.contains(words) && said.contains("line "), "\(said)")
    #expect(!workspace.session.differs(from: before))
  }

  /// One array, and what it is given to.
  @Test func anArrayWithoutANameIsTakenByItsShapeOrByAName() throws {
    let folder = try Folder()
    let W = Tensor(unchecked: [2, 5], (0..<10).map(Double.init))
    try folder.write(NPY.encode(W), "w1.npy")
    try folder.write(NPY.encode(Tensor(unchecked: [3, 3], Array(repeating: 1, count: 9))), "w.npy")
    let path = folder.file("w1.npy")
    for line in ["weights \(path)", "weights \(path) W1", "weights \(path) W1=w1", "weights \(path) W1="] {
      var workspace = Workspace()
      #expect(type(line, &workspace) == nil, "\(line)")
      #expect(workspace.session.leaves["W1"] == W, "\(line)")
    }
    var workspace = Workspace()
    #expect(type("weights \(path) W2", &workspace)?.message.text().contains("W2 is 5×3") == true)
    let refusal = try #require(type("weights \(folder.file("w.npy"))", &workspace))
    #expect(refusal.hint?.text().contains("KEY") == false)
    type("net 3 3 3:softmax", &workspace)
    #expect(
      type("weights \(folder.file("w.npy"))", &workspace)?.message.text().contains("fits W1 and W2") == true)
  }

  /// What fits nothing is told from its header: these numbers are not in the file.
  @Test func arraysThatFitNothingAreNotRead() throws {
    let folder = try Folder()
    var archive = try NPZ.encode([("0.weight", Tensor(unchecked: [7, 7], Array(repeating: 1, count: 49)))])
    // The array's last byte lies before the directory: changed, it would fail its checksum if it were read.
    let end = try #require(archive.indices.last { archive[$0...].starts(with: [0x50, 0x4B, 1, 2]) })
    archive[end - 1] ^= 1
    try folder.write(archive, "bomb.npz")
    var workspace = Workspace()
    #expect(
      type("weights \(folder.file("bomb.npz"))", &workspace)?.message.text().contains(
        "the arrays do not fit the parameters: the file has 0.weight (7×7)") == true)
    let path = folder.file("bomb.npz")
    #expect(type("set X = load(\"\(path)\")", &workspace)?.message.text().contains("checksum") == true)
  }

  /// An archive in which there is a text, and no array.
  @Test func anArchiveWithoutArraysIsNamed() throws {
    let folder = try Folder()
    let bytes = try NPZ.encode([("readme", Tensor(1))])
    let text = String(decoding: bytes.map { $0 < 0x80 ? $0 : 1 }, as: UTF8.self)
    var other = bytes
    for place in text.utf8.indices where text.utf8[place...].starts(with: ".npy".utf8) {
      let start = text.utf8.distance(from: text.utf8.startIndex, to: place)
      other.replaceSubrange(start..<start + 4, with: Array(".txt".utf8))
    }
    try folder.write(other, "other.npz")
    var workspace = Workspace()
    let path = folder.file("other.npz")
    #expect(type("weights \(path)", &workspace)?.message.text().contains("there is no array in it") == true)
    let one = try #require(type("show load(\"\(path)\")[\"readme.txt\"]", &workspace))
    #expect(one.message.text().contains("'readme.txt' in it is no array"))
  }

  @Test func labelsAreClassesUnlessNumbersAreMeant() throws {
    let folder = try Folder()
    try folder.write("y\n0\n2\n1\n1\n", "y.csv")
    var workspace = Workspace()
    #expect(type("set Y = load(\"\(folder.file("y.csv"))\")[\"y\"]", &workspace) == nil)
    #expect(workspace.session.leaves["Y"]?.elements == [1, 0, 0, 0, 0, 1, 0, 1, 0, 0, 1, 0])
    // Three classes in columns, three samples: labels, since X has three samples.
    #expect(
      type("net 2 3:softmax layout=columns; set X = [[1, 2, 3], [4, 5, 6]]; set Y = [2, 0, 1]", &workspace)
        == nil)
    #expect(workspace.session.leaves["Y"]?.elements == [0, 1, 0, 0, 0, 1, 1, 0, 0])
    #expect(type("net 2 1:linear; set Y = load(\"\(folder.file("y.csv"))\")[\"y\"]", &workspace) == nil)
    #expect(workspace.session.leaves["Y"]?.elements == [0, 2, 1, 1])
    #expect(workspace.session.leaves["Y"]?.shape == [4, 1])
    // One sample whose row is typed.
    #expect(type("net 2 3:softmax; set X = [1, 2]; set Y = [0, 1, 0]", &workspace) == nil)
    #expect(workspace.session.leaves["Y"]?.shape == [1, 3])
  }

  @Test(arguments: [
    "load(\"x.npy\")", "set X = load('x.npy')", "check L = np.load(\"x.npy\")", "weights x.npz",
    "export x.py",
    "let q = 2 * load(\"x.npy\")[\"k\"]",
  ]) func aLessonOpensNoFile(_ command: String) {
    var workspace = LessonRunner.workspace(LessonParser.parse("# t").lesson, commands: .withLessons)
    #expect(type(command, &workspace)?.message.text().hasPrefix("a lesson may not run") == true)
  }

  @Test func anEquationReadsNoFile() {
    var workspace = Workspace()
    #expect(
      type("model L = sum(load(\"x.npy\"))", &workspace)?.message.text().contains("an equation reads names")
        == true)
  }
}

@Suite struct WeightsTests {
  /// A PyTorch state of Linear(2, 5), ReLU, Linear(5, 3), in whole numbers. The logits by NumPy:
  /// np.maximum(X @ W0.T + b0, 0) @ W2.T + b2 with W0 = arange(10).reshape(5, 2) - 4, b0 = arange(5),
  /// W2 = arange(15).reshape(3, 5) - 7, b2 = [1, 2, 3] and the X of the first session.
  private static let state: [(name: String, tensor: Tensor)] = [
    ("0.bias", Tensor(unchecked: [5], [0, 1, 2, 3, 4])),
    ("0.weight", Tensor(unchecked: [5, 2], (0..<10).map { Double($0) - 4 })),
    ("1.num_batches_tracked", Tensor(3)),
    ("10.bias", Tensor(unchecked: [3], [1, 2, 3])),
    ("10.weight", Tensor(unchecked: [3, 5], (0..<15).map { Double($0) - 7 })),
  ]
  private static let logits: [Double] = [-117, 49, 215, -41, 20, 81, -64, 12, 88, -166, -40, 86]

  @Test(arguments: ["npz", "safetensors"]) func aPyTorchStateGivesItsLogits(_ ending: String) throws {
    let folder = try Folder()
    let bytes = ending == "npz" ? try NPZ.encode(Self.state) : try SafetensorsWriter.encode(Self.state)
    try folder.write(bytes, "state.\(ending)")
    var workspace = Workspace()
    #expect(type("weights \(folder.file("state." + ending)); until Z2", &workspace) == nil)
    #expect(try value("Z2", workspace).elements == Self.logits)
    // Samples in columns: the matrices lie as PyTorch has them.
    #expect(
      type("net 2 5:relu 3:softmax layout=columns; weights \(folder.file("state." + ending))", &workspace)
        == nil)
    #expect(workspace.session.leaves["W1"] == Self.state[1].tensor)
  }

  @Test func aSquareMatrixIsAskedFor() throws {
    let folder = try Folder()
    let W = Tensor(unchecked: [3, 3], (0..<9).map(Double.init))
    try folder.write(
      SafetensorsWriter.encode([("fc.weight", W), ("fc.bias", Tensor(unchecked: [3], [1, 2, 3]))]),
      "w.safetensors")
    let path = folder.file("w.safetensors")
    var workspace = Workspace()
    type("net 3 3:softmax", &workspace)
    let before = workspace.session
    #expect(type("weights \(path)", &workspace)?.hint?.text().contains("layout=torch") == true)
    #expect(!workspace.session.differs(from: before))
    #expect(type("weights \(path) layout=torch", &workspace) == nil)
    #expect(workspace.session.leaves["W1"] == W.transposed())
    #expect(type("weights \(path) W1=fc.weight layout=here", &workspace) == nil)
    #expect(workspace.session.leaves["W1"] == W)
  }

  @Test func whatWasExportedComesBack() throws {
    let folder = try Folder()
    var workspace = Workspace()
    let before = workspace.session.leaves
    #expect(type("export \(folder.file("a.safetensors")); net 2 5:relu 3:softmax seed=9", &workspace) == nil)
    #expect(workspace.session.leaves["W2"] != before["W2"])
    #expect(type("weights \(folder.file("a.safetensors")) X=X Y=Y", &workspace) == nil)
    #expect(workspace.session.leaves == before)
  }
}

@Suite struct BrokenFileTests {
  private static func files() throws -> [(name: String, bytes: [UInt8])] {
    let state = [
      ("W1", Tensor(unchecked: [2, 5], (0..<10).map { Double($0) / 3 })),
      ("b1", Tensor(unchecked: [1, 5], [1, 2, 3, 4, 5])),
    ]
    return [
      ("a.npy", try NPY.encode(state[0].1)), ("a.npz", try NPZ.encode(state)),
      ("a.safetensors", try SafetensorsWriter.encode(state)),
    ]
  }

  /// Cut off anywhere, a file is refused and nothing is changed.
  @Test func truncatedFilesAreRefused() throws {
    let folder = try Folder()
    for (name, bytes) in try Self.files() {
      for cut in 0..<50 {
        try folder.write(Array(bytes.prefix(bytes.count * cut / 50)), name)
        var workspace = Workspace()
        let before = workspace.session
        let refusal = type("weights \(folder.file(name))", &workspace)
        #expect(refusal != nil, "\(name) cut to \(cut)/50")
        #expect(!workspace.session.differs(from: before))
      }
    }
  }

  /// Bytes changed anywhere: refused, or other numbers; never more than the file can hold.
  @Test func changedFilesEndWell() throws {
    let folder = try Folder()
    var random = RandomGenerator(seed: 5)
    for (name, bytes) in try Self.files() {
      for _ in 0..<50 {
        var changed = bytes
        for _ in 0...random.integer(below: 3) {
          changed[random.integer(below: min(changed.count, 400))] = UInt8(random.integer(below: 256))
        }
        try folder.write(changed, name)
        var workspace = Workspace()
        type("weights \(folder.file(name))", &workspace)
        #expect((workspace.session.leaves["W1"]?.count ?? 0) == 10)
      }
    }
  }

  /// A table with bytes of it changed or cut off: other numbers, or refused; nothing is set by half.
  @Test func damagedTablesEndWell() throws {
    let folder = try Folder()
    var random = RandomGenerator(seed: 6)
    let table = Array("a,b,c\n1,2.5,-3e2\n4,5,6\n\"7\",8,9\n".utf8)
    for number in 0..<50 {
      var bytes = Array(table.prefix(number % 2 == 0 ? table.count : random.integer(below: table.count)))
      for _ in 0..<(bytes.isEmpty ? 0 : 3) {
        bytes[random.integer(below: bytes.count)] = UInt8(random.integer(below: 256))
      }
      try folder.write(bytes, "t.csv")
      var workspace = Workspace()
      let before = workspace.session
      if type("set X = load(\"\(folder.file("t.csv"))\")", &workspace) != nil {
        #expect(!workspace.session.differs(from: before))
      } else {
        #expect((workspace.session.leaves["X"]?.count ?? 0) <= table.count)
      }
    }
  }

  @Test(arguments: [
    (#"{"W1":{"dtype":"F64","shape":[1000000,1000000],"data_offsets":[0,8]}}"#, "it claims a shape"),
    (#"{"W1":{"dtype":"F64","shape":[1],"data_offsets":[0,9]}}"#, "needs 8 bytes"),
    (#"{"W1":{"dtype":"F64","shape":[1],"data_offsets":[8,0]}}"#, "needs 8 bytes"),
    (#"{"W1":{"dtype":"F8_E4M3","shape":[8],"data_offsets":[0,8]}}"#, "F8_E4M3 are not read"),
    (
      #"{"W1":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},"W1":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}"#,
      "two arrays"
    ),
    (
      #"{"W1":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},"b":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}"#,
      "overlap"
    ),
    (#"{"W1":{"dtype":"F64","shape":[1]}}"#, "is missing"), (#"{"W1":[[[[[[[[[[]]]]]]]]]]}"#, "nested"),
    (#"{"W1":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}"#, "expected here"), ("[]", "no object"),
    ("", "no object"),
  ]) func lyingHeadersAreRefused(_ header: String, _ words: String) throws {
    let folder = try Folder()
    try folder.write(safetensors(header, [0, 0, 0, 0, 0, 0, 0, 0]), "a.safetensors")
    var workspace = Workspace()
    let refusal = try #require(type("weights \(folder.file("a.safetensors"))", &workspace))
    let said = refusal.message.text() + " " + (refusal.hint.map { $0.text() } ?? "")
    #expect(said.contains(words))
  }

  @Test func foreignFilesAreNamed() throws {
    let folder = try Folder()
    try folder.write([0x80, 2, 0x7D, 0x71, 0, 0x2E], "model.pt")
    try folder.write([0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A], "model.h5")
    try folder.write([0, 1, 2], "model.npz")
    var workspace = Workspace()
    #expect(
      type("weights \(folder.file("model.pt"))", &workspace)?.hint?.text().contains("save_file") == true)
    #expect(type("weights \(folder.file("model.h5"))", &workspace)?.message.text().contains("HDF5") == true)
    #expect(
      type("weights \(folder.file("model.npz"))", &workspace)?.message.text().contains("none of npy") == true)
    #expect(type("weights /tmp", &workspace)?.message.text().contains("not a regular file") == true)
  }
}
