import LinearAlgebra

/// Reads Hugging Face's safetensors. The header only at first; the arrays follow when they are asked for.
/// Source: github.com/huggingface/safetensors, README, "Format".
package struct Safetensors {
  private struct Entry {
    let name: String
    let type: NumberType
    let shape: Shape
    /// In the file.
    let offset: Int
  }

  private let file: InputFile
  private let entries: [Entry]
  package var names: [String] { entries.map(\.name) }

  /// The format's own bound.
  private static let largestHeader = 100_000_000

  private static let types: [String: NumberType] = [
    "F64": .float64, "F32": .float32, "F16": .float16, "BF16": .bfloat16, "I8": .int8, "I16": .int16,
    "I32": .int32, "I64": .int64, "U8": .uint8, "U16": .uint16, "U32": .uint32, "U64": .uint64, "BOOL": .bool,
  ]

  package init(_ path: String) throws(DataError) {
    let file = try InputFile(path)
    self.file = file
    guard file.size >= 8 else {
      throw DataError("not a safetensors file: it has \(file.size) bytes", path: path, byteOffset: 0)
    }
    let length = try file.bytes(at: 0, count: 8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= UInt64(min(file.size - 8, Self.largestHeader)) else {
      throw DataError(
        "the header claims to be \(length) bytes long, and \(file.size - 8) follow", path: path,
        byteOffset: 0,
        hint: "it is no safetensors file, or truncated: copy or save it again")
    }
    let start = 8 + Int(length)
    let bytes = try file.bytes(at: 8, count: Int(length))
    guard bytes.first == UInt8(ascii: "{"),
      case .object(let fields) = try JSONText.parse(bytes, path: path, offset: 8)
    else { throw DataError("the header is no object in JSON", path: path, byteOffset: 8) }
    var entries: [Entry] = []
    var seen: Set<String> = []
    var total = 0
    for (name, value) in fields where name != "__metadata__" {
      let (entry, count) = try Self.entry(name, value, start, file)
      guard seen.insert(name).inserted else {
        throw DataError("there are two arrays '\(name)'", path: path, byteOffset: 8)
      }
      entries.append(entry)
      total += count
    }
    guard total == file.size - start else {
      throw DataError(
        "the arrays take \(total) bytes, and \(file.size - start) are there", path: path, byteOffset: start,
        hint: "the file is truncated, or arrays overlap: save it again")
    }
    self.entries = entries
  }

  private static func entry(
    _ name: String, _ value: JSONText, _ start: Int, _ file: InputFile
  ) throws(DataError) -> (Entry, Int) {
    func broken(_ message: String, _ hint: String? = nil) -> DataError {
      DataError("'\(name.prefix(60))': \(message)", path: file.path, byteOffset: 8, hint: hint)
    }
    var (type, shape, offsets): (String?, [Int]?, [Int]?) = (nil, nil, nil)
    guard case .object(let fields) = value else { throw broken("its entry is no object") }
    for (key, value) in fields {
      switch (key, value) {
      case ("dtype", .text(let text)): type = text
      case ("shape", .array(let items)): shape = items.compactMap(\.whole)
      case ("data_offsets", .array(let items)): offsets = items.compactMap(\.whole)
      default: continue
      }
    }
    guard let type, let shape, let offsets, offsets.count == 2 else {
      throw broken("dtype, shape or data_offsets is missing")
    }
    guard let kind = types[type] else {
      throw broken(
        "numbers of type \(type.prefix(20)) are not read",
        "float16, bfloat16, float32, float64, integers and bools are")
    }
    guard shape.count <= 32, let count = Shape(shape).checkedCount, count <= Shape.largestCount else {
      throw broken(
        "it claims a shape of \(shape.prefix(32))", "at most \(Shape.largestCount) numbers are read")
    }
    guard offsets[0] <= offsets[1], offsets[1] <= file.size - start,
      offsets[1] - offsets[0] == count * kind.size
    else {
      throw broken(
        "\(Shape(shape)) of \(type) needs \(count * kind.size) bytes, and it is said to lie at \(offsets[0]) to \(offsets[1]) of \(file.size - start)",
        "the file is truncated: copy or save it again")
    }
    return (
      Entry(name: name, type: kind, shape: Shape(shape), offset: start + offsets[0]), offsets[1] - offsets[0]
    )
  }

  func shape(_ name: String) throws(DataError) -> Shape {
    guard let entry = entries.first(where: { $0.name == name }) else {
      throw DataError.noArray(name, in: names, path: file.path)
    }
    return entry.shape
  }

  package func array(_ name: String) throws(DataError) -> FileArray {
    guard let entry = entries.first(where: { $0.name == name }) else {
      throw DataError.noArray(name, in: names, path: file.path)
    }
    let elements = try entry.type.read(entry.shape.count) { (position, count) throws(DataError) in
      try file.bytes(at: entry.offset + position, count: count)
    }
    return FileArray(tensor: Tensor(unchecked: entry.shape, elements), isWhole: entry.type.isWhole)
  }
}

extension JSONText {
  fileprivate var whole: Int? {
    guard case .number(let text) = self, let value = Int(text),
      (0..<1_000_000_000_000_000_000).contains(value)
    else { return nil }
    return value
  }
}
