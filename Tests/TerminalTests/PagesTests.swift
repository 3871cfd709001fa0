import Lessons
import Platform
import Sessions
import Testing

/// What every command of the help brings to a real screen: no line that the terminal has to wrap, no page that is longer than
/// the window without a stop.
@Suite(.serialized) struct PagesTests {
  let state: TemporaryDirectory

  init() throws { state = try TemporaryDirectory() }

  /// The pages that a line prints, a key sent at every stop.
  private func pages(_ line: String, on terminal: PseudoTerminal) throws -> [[String]] {
    var pages: [[String]] = []
    var mark = terminal.transcript.count
    func written() -> String { String(decoding: terminal.transcript[mark...], as: UTF8.self) }
    try terminal.send(line + "\r")
    while true {
      // Every prompt begins by asking for marked pastes; once it stands there, the terminal itself echoes no more.
      try terminal.expect("the end of '\(line)'") { screen in
        written().contains("\u{1B}[?2004h") && screen.lines[screen.row] == "stepgrad>"
          || written().hasSuffix("--more--")
      }
      let isStopped = written().hasSuffix("--more--")
      var lines = Self.plain(written()).split(separator: "\n", omittingEmptySubsequences: false).map(
        String.init)
      // The line as it was typed comes first; the question or the next prompt last.
      if pages.isEmpty { lines.removeFirst() }
      if !lines.isEmpty { lines.removeLast() }
      pages.append(lines)
      guard isStopped else { return pages }
      mark = terminal.transcript.count
      try terminal.send(" ")
    }
  }

  /// Without escape sequences, and what `--more--` left behind.
  private static func plain(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    var rest = text.replacing("\r        \r", with: "").unicodeScalars[...]
    var isAtStart = false
    while let scalar = rest.popFirst() {
      if scalar == "\u{1B}" {
        let isSequence = rest.first == "["
        let isClearing = isSequence && rest.dropFirst().first == "K"
        rest = rest.dropFirst()
        guard isSequence else { continue }
        rest = rest.drop { !("@"..."~").contains($0) }.dropFirst()
        // A line that says how long a command is at work, and the one that takes it away.
        if isClearing, isAtStart { while let last = result.last, last != "\n" { result.removeLast() } }
      } else if scalar != "\r" {
        result.append(scalar)
      }
      if scalar != "\u{1B}" { isAtStart = scalar == "\r" }
    }
    return String(result)
  }

  private func check(_ lines: [String], columns: Int, rows: Int) throws {
    let terminal = try PseudoTerminal(
      PseudoTerminal.program, ["-q", "--no-rc", "-i", "-c", "prompt plain"],
      environment: ["XDG_STATE_HOME": state.path],
      columns: columns, rows: rows)
    try terminal.expectCursorLine("stepgrad>")
    for line in lines where line.count + 12 < columns {
      for page in try pages(line, on: terminal) {
        #expect(page.count < rows, "'\(line)' at \(columns)×\(rows): \(page.count) lines")
        for text in page { #expect(text.count <= columns, "'\(line)' at \(columns)×\(rows): \(text)") }
      }
    }
  }

  /// Examples that neither open files nor leave the session, and end at once.
  private static let examples = CommandTable.withLessons.commands.flatMap { command -> [String] in
    switch command.access {
    case .files, .program: []
    case .values, .wholePass, .asTyped:
      ["bench", "speech", "pager", "train", "data", "ascii", "learn"].contains(command.name)
        ? [] : command.examples
    }
  }

  @Test(arguments: [(40, 20), (80, 24), (120, 40)]) func everyCommandKeepsToTheWindow(columns: Int, rows: Int)
    throws
  {
    let lines =
      columns == 40 ? Self.examples : Self.examples.enumerated().filter { $0.offset % 3 == 0 }.map(\.element)
    try check(["backward", "help"] + lines, columns: columns, rows: rows)
  }

  @Test func digitsKeepToTheWindow() throws {
    try check(
      [
        "data digits", "net 64 12:relu 10:softmax", "backward", "show X", "info", "cost", "shapes", "graph",
        "trace",
      ],
      columns: 80, rows: 24)
  }
}
