import Formulas
import Fuzzing
import Sessions
import Testing

@Suite struct ExtremeNumberTests {
  private static let numbers = [
    "9223372036854775807", "-9223372036854775808", "9223372036854775808", "-9223372036854775807", "1e308",
    "-1e308", "1e999", "nan", "5e-324", "-1", "0",
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

  /// Each of them ended the process: the least number has no absolute value, and these products are beyond the largest.
  @Test(arguments: [
    ("arange(-9223372036854775808, 3)", "arange"),
    ("let A = 9223372036854775807×2 Matrix{Float64}:\n 1.0 2.0", "the first line says 9223372036854775807×2"),
    (
      "einsum(\"abc,def,ghi,jkl->\", ones(60, 60, 60), ones(60, 60, 60), ones(60, 60, 60), ones(60, 60, 60))",
      "more products than can be counted"
    ),
  ]) func areRefused(_ line: String, _ message: String) {
    var workspace = Workspace(commands: CommandTable.withoutFiles)
    var said = ""
    do throws(Diagnostic) { _ = try Script.run(line + "\n", file: "typed", in: &workspace) } catch {
      said = error.message.text()
    }
    #expect(said.contains(message), "\(said)")
  }
}
