import Fuzzing
import Sessions
import Testing

@Suite struct ExtremeNumberTests {
  private static let numbers = [
    "9223372036854775807", "-9223372036854775808", "9223372036854775808", "-9223372036854775807", "1e308",
    "-1e308",
    "1e999", "nan", "5e-324", "-1", "0",
  ]

  /// Whatever takes a number takes these, or says why not; no command reckons with them unasked. `list` did, with the
  /// least of all.
  @Test(arguments: CommandTable.withoutFiles.commands.map { $0.name }) func areNoTraps(_ command: String)
    throws
  {
    for number in Self.numbers {
      for words in [number, "W1[\(number), 0]", "W1 \(number)", "\(number) \(number)"] {
        var workspace = Workspace(commands: CommandTable.withoutFiles)
        try FuzzTarget.run("\(command) \(words)", in: &workspace, width: 80)
      }
    }
  }
}
