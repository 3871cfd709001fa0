import LineEditing
import Platform
import Sessions
import Testing

@testable import LineEditing
@testable import stepgrad

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

  /// A large matrix with colours: it goes out in parts, each behind the end of a line or, where a line is longer, of the text.
  @Test func whatIsLongGoesOutAsItIs() throws {
    let cells = (0..<30_000).map { "\u{1B}[1m\($0)\u{1B}[0m" }
    for ending in ["\n", " "] {
      let lines = cells.map { $0 + ending }
      let bad = lines.dropLast(7_000).joined() + "\u{1B}[2Jü" + lines.suffix(7_000).joined()
      let good = lines.dropLast(7_000).joined() + "␛[2Jü" + lines.suffix(7_000).joined()
      #expect(VisibleText.gate(bad) == good)
      let file = try TemporaryText("")
      let descriptor = open(file.path, O_WRONLY | O_TRUNC)
      Console.write(bad, to: descriptor)
      close(descriptor)
      #expect(try FileAccess.read(file.path) == good)
    }
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
