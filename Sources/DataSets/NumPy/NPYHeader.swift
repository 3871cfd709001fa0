import LinearAlgebra

/// The header of a .npy file. Source: NumPy, `numpy.lib.format`: magic `\x93NUMPY`, version, the length of the
/// header (2 bytes in version 1, 4 in 2 and 3), then a Python dictionary in text.
struct NPYHeader {
  let type: NumPyArray.ElementType
  let isFortranOrder: Bool
  let isBigEndian: Bool
  let shape: Shape
  /// Where the elements begin.
  let dataOffset: Int

  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
  /// More than any header of a plain array; numpy itself refuses above 10,000 unless told otherwise.
  private static let largestText = 10_000
  /// Bytes in which any header lies that is read.
  static let largestSize = 12 + largestText

  /// Elements that are no real numbers, by the letter of their type.
  private static let others: [Character: String] = [
    "c": "complex numbers", "U": "texts", "S": "texts", "O": "Python objects", "M": "dates", "m": "times",
    "V": "records", "f": "floats",
  ]

  /// Shape, element type and length are checked against the bytes that there are.
  /// - Parameter total: bytes of the whole, where the source is its beginning.
  init(_ source: ByteSource, total: Int? = nil) throws(DataError) {
    let start = try source.bytes(at: 0, count: 8)
    guard start.starts(with: NPYHeader.magic) else {
      throw DataError(
        "not a .npy file: it does not start with \\x93NUMPY", path: source.path, byteOffset: source.base,
        hint: "numpy.save writes such files")
    }
    let major = start[6]
    guard (1...3).contains(major) else {
      throw DataError(
        "version \(major).\(start[7]) of the format is unknown", path: source.path,
        byteOffset: source.base + 6)
    }
    let lengthSize = major == 1 ? 2 : 4
    let length = try source.bytes(at: 8, count: lengthSize).reversed().reduce(0) { $0 << 8 | Int($1) }
    guard length <= NPYHeader.largestText else {
      throw DataError(
        "the header claims to be \(length) bytes long", path: source.path, byteOffset: source.base + 8)
    }
    dataOffset = 8 + lengthSize + length
    var parser = NPYDictionary(
      text: try source.bytes(at: 8 + lengthSize, count: length), path: source.path,
      offset: source.base + 8 + lengthSize)
    try parser.parse()
    guard let descriptor = parser.descriptor, let isFortranOrder = parser.isFortranOrder,
      let dimensions = parser.dimensions
    else {
      throw DataError(
        "the header lacks descr, fortran_order or shape", path: source.path, byteOffset: parser.offset)
    }
    let bare = "<|=>".contains(descriptor.prefix(1)) ? String(descriptor.dropFirst()) : descriptor
    guard let type = NumPyArray.ElementType(rawValue: bare) else {
      let kind = bare.first.flatMap { NPYHeader.others[$0] }
      throw DataError(
        (kind.map { "\($0) " } ?? "elements of type ") + "'\(descriptor)' are not read", path: source.path,
        byteOffset: parser.offset,
        hint: "save it as array.astype('<f8'); floats of 16 to 64 bits, integers and bools are read")
    }
    isBigEndian = descriptor.hasPrefix(">")
    self.type = type
    self.isFortranOrder = isFortranOrder
    shape = Shape(dimensions)
    guard dimensions.count <= 32, let count = shape.checkedCount else {
      throw DataError(
        "the header claims an array of shape \(Shape(Array(dimensions.prefix(32))))", path: source.path,
        byteOffset: parser.offset, hint: "at most \(Shape.largestCount) elements are read")
    }
    let needed = count * type.size
    let present = (total ?? source.count) - dataOffset
    guard needed == present else {
      throw DataError(
        "\(present) bytes of elements, but \(shape) of '\(descriptor)' needs \(needed)", path: source.path,
        byteOffset: source.base + dataOffset,
        hint: present < needed ? "the file is truncated: copy or save it again" : "one array a file is read")
    }
  }
}

/// The dictionary in a .npy header: three keys with a string, a bool and a tuple of numbers, nothing else.
struct NPYDictionary {
  let text: [UInt8]
  let path: String
  /// Of the text in the file.
  let offset: Int
  private(set) var descriptor: String?
  private(set) var isFortranOrder: Bool?
  private(set) var dimensions: [Int]?
  private var position = 0

  init(text: [UInt8], path: String, offset: Int) {
    self.text = text
    self.path = path
    self.offset = offset
  }

  mutating func parse() throws(DataError) {
    try expect("{")
    while !accept("}") {
      let key = try string()
      try expect(":")
      switch key {
      case "descr":
        if peek() == UInt8(ascii: "[") {
          throw error("structured arrays are not read", "save each field as an array of its own")
        }
        descriptor = try string()
      case "fortran_order":
        if accept("True") {
          isFortranOrder = true
        } else {
          try expect("False")
          isFortranOrder = false
        }
      case "shape": dimensions = try tuple()
      default: throw error("the header has an unknown key '\(key.prefix(20))'")
      }
      if !accept(",") {
        try expect("}")
        break
      }
    }
    guard peek() == nil else { throw error("there is text behind the header's dictionary") }
  }

  private func error(_ message: String, _ hint: String? = nil) -> DataError {
    DataError(message, path: path, byteOffset: offset + position, hint: hint)
  }

  /// The next byte that is not blank.
  private mutating func peek() -> UInt8? {
    while position < text.count, text[position] == 0x20 || text[position] == 0x0A { position += 1 }
    return position < text.count ? text[position] : nil
  }

  private mutating func accept(_ word: String) -> Bool {
    guard peek() != nil, text[position...].starts(with: word.utf8) else { return false }
    position += word.utf8.count
    return true
  }

  private mutating func expect(_ word: String) throws(DataError) {
    guard accept(word) else { throw error("the header is broken: '\(word)' expected here") }
  }

  private mutating func string() throws(DataError) -> String {
    guard let quote = peek(), quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else {
      throw error("the header is broken: a quoted word expected here")
    }
    let start = position + 1
    guard let end = text[start...].firstIndex(of: quote),
      text[start..<end].allSatisfy({ $0 >= 0x20 && $0 < 0x7F })
    else { throw error("the header is broken: the quoted word does not end") }
    position = end + 1
    return String(decoding: text[start..<end], as: UTF8.self)
  }

  private mutating func tuple() throws(DataError) -> [Int] {
    try expect("(")
    var result: [Int] = []
    while !accept(")") {
      var value = 0
      var digits = 0
      while let byte = peek(), byte >= 0x30, byte <= 0x39 {
        // 18 digits fit an Int; the shape is checked for its size afterwards.
        guard digits < 18 else { throw error("an extent in the header is too large") }
        value = value * 10 + Int(byte - 0x30)
        digits += 1
        position += 1
      }
      guard digits > 0, result.count < 64 else { throw error("the header is broken: a number expected here") }
      _ = accept("L")  // Python 2 wrote long integers so.
      result.append(value)
      if !accept(",") {
        try expect(")")
        break
      }
    }
    return result
  }
}
