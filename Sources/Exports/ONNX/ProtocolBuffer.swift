/// A message of Protocol Buffers, as far as ONNX needs them. Source: protobuf.dev, "Encoding".
struct ProtocolBuffer {
  private(set) var bytes: [UInt8] = []

  private mutating func variable(_ value: UInt64) {
    var rest = value
    while rest > 0x7F {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }

  mutating func add(_ field: Int, _ number: Int) {
    variable(UInt64(field) << 3)
    variable(UInt64(bitPattern: Int64(number)))
  }

  mutating func add(_ field: Int, _ content: [UInt8]) {
    variable(UInt64(field) << 3 | 2)
    variable(UInt64(content.count))
    bytes += content
  }

  mutating func add(_ field: Int, _ text: String) { add(field, Array(text.utf8)) }

  mutating func add(_ field: Int, _ message: ProtocolBuffer) { add(field, message.bytes) }

  static func make(_ fill: (inout ProtocolBuffer) -> Void) -> ProtocolBuffer {
    var result = ProtocolBuffer()
    fill(&result)
    return result
  }
}
