import Platform
import Testing

@Suite struct TextLinesTests {
  /// The bytes are the oracle: a line feed ends a line, whatever stands beside it.
  @Test(arguments: [
    "", "a", "a\nb", "a\n", "\n\na\n\n", "é\nx\u{301}\n\u{301}y", "\u{1F468}\u{200D}\n\u{1F469}",
  ])
  func aLineFeedEndsALine(_ text: String) {
    let lines = TextBytes.lines(text).map { Array($0.utf8) }
    #expect(lines == Array(text.utf8).split(separator: 10, omittingEmptySubsequences: false).map(Array.init))
  }

  @Test(arguments: ["", "\t", "a", "a\tb", "\t\ta\t", "a\nb\tcd\t\te"]) func partsStandBetweenAByte(
    _ text: String
  ) {
    let bytes = Array("x\t\(text)".utf8).dropFirst(2)
    let parts = TextBytes.parts(of: bytes, at: 9).map(Array.init)
    #expect(parts == bytes.split(separator: 9, omittingEmptySubsequences: false).map(Array.init))
  }
}
