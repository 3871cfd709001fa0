import LinearAlgebra

/// Named arrays as Hugging Face's safetensors: the length of a header, the header in JSON, the bytes of the arrays.
/// Source: github.com/huggingface/safetensors, README, "Format".
package enum SafetensorsWriter {
  /// Doubles, little-endian, in C order, in the order given.
  package static func encode(_ arrays: [(name: String, tensor: Tensor)]) throws(DataError) -> [UInt8] {
    guard Set(arrays.map(\.name)).count == arrays.count else {
      throw DataError("two arrays have the same name")
    }
    var fields = ["\"__metadata__\":{\"format\":\"stepgrad\"}"]
    var offset = 0
    for (name, tensor) in arrays {
      let shape = tensor.shape.dimensions.map(String.init).joined(separator: ",")
      let end = offset + 8 * tensor.count
      fields.append(
        "\(quoted(name)):{\"dtype\":\"F64\",\"shape\":[\(shape)],\"data_offsets\":[\(offset),\(end)]}")
      offset = end
    }
    var header = Array("{\(fields.joined(separator: ","))}".utf8)
    // The arrays begin at a multiple of 8.
    header += [UInt8](repeating: 0x20, count: (8 - header.count % 8) % 8)
    try DataError.check(memory: header.count + offset)
    var bytes = littleEndian(UInt64(header.count)) + header
    bytes.reserveCapacity(bytes.count + offset)
    for (_, tensor) in arrays {
      bytes += LittleEndian.doubles(tensor.elements)
    }
    return bytes
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": result += "\\\(scalar)"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
