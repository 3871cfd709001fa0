import LinearAlgebra
import Testing

@Suite struct LittleEndianTests {
  /// IEEE 754: 1 is 3ff0000000000000, -2 is c000000000000000, the smallest number above 0 has one bit.
  @Test func digitsAreTheBytesInTheirOrder() {
    let text = "000000000000f03f" + "00000000000000c0" + "0100000000000000"
    let read = LittleEndian.doubles(hexadecimal: ("x" + text).utf8.map { $0 }.dropFirst())
    #expect(read == [1, -2, 0x1p-1074])
    #expect(LittleEndian.doubles(hexadecimal: []) == [])
    for wrong in ["0", "000000000000f03", "000000000000F03f", text + "00000000000000g0", text + "00"] {
      #expect(LittleEndian.doubles(hexadecimal: Array(wrong.utf8)[...]) == nil, "\(wrong)")
    }
  }
}
