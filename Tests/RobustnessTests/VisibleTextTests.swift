import LineEditing
import Platform
import Testing

@testable import LineEditing

@Suite struct VisibleTextTests {
  @Test func namesOfFilesDoNotReachTheTerminalRaw() {
    let completion = Completion(replaceFrom: 0, candidates: ["a\u{1B}[31mb", "c\u{9B}2Jd", "e\u{202E}f"])
    let lines = completion.listing(width: 80, rows: 10)
    #expect(!lines.joined().unicodeScalars.contains { VisibleText.isControl($0) })
  }

  @Test func theGateLetsOurColoursThroughAndNothingElse() {
    #expect(VisibleText.gate("\u{1B}[1;31mred\u{1B}[0m\n") == "\u{1B}[1;31mred\u{1B}[0m\n")
    #expect(VisibleText.gate("a\u{1B}]0;title\u{7}b") == "a␛]0;title␇b")
    #expect(VisibleText.gate("a\u{1B}[2Jb\r\u{9B}31m\u{202E}x") == "a␛[2Jb␍\\u{9b}31m\\u{202e}x")
  }

  @Test func aLineWithoutAnEndIsCut() throws {
    let text = try TemporaryText(String(repeating: "x", count: 500_000) + "\nA\r\n")
    let file = open(text.path, O_RDONLY)
    defer { close(file) }
    let reader = PlainReader(file: file, longest: 100)
    #expect(reader.readLine()?.count == 101)
    #expect(reader.readLine() == "A")
    #expect(reader.readLine() == nil)
  }
}
