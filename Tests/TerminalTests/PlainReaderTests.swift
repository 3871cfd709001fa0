import Platform
import Testing

/// Standard input that is no terminal.
struct PlainReaderTests {
  /// What the program writes for `input`, both through pipes.
  func output(for input: [UInt8]) throws -> [UInt8] {
    let directory = try TemporaryDirectory()
    directory.write("input", input)
    let command = "'\(PseudoTerminal.probe)' < \(directory.path)/input > \(directory.path)/output"
    let shell = try PseudoTerminal("/bin/sh", ["-c", command])
    #expect(try shell.waitForExit() == .status(0))
    #expect(shell.transcript.isEmpty)
    return directory.read("output")
  }

  @Test func linesArriveWithoutPromptOrCodes() throws {
    let input = Array("one\r\n\ntwo ∂\nlast".utf8)
    #expect(try output(for: input) == Array("=> one\n=> \n=> two ∂\n=> last\n".utf8))
  }

  @Test func damagedBytesAreReplaced() throws {
    #expect(try output(for: [0x61, 0xFF, 0x62, 10]) == Array("=> a\u{FFFD}b\n".utf8))
  }

  @Test func aLineLongerThanTheChunksStaysWhole() throws {
    let line = [UInt8](repeating: 0x78, count: 500_000)
    let result = try output(for: line + [10] + Array("end\n".utf8))
    #expect(result == Array("=> ".utf8) + line + Array("\n=> end\n".utf8))
  }
}
