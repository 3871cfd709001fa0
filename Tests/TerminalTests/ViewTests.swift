import Platform
import Testing

/// `view` on a real terminal: what it shows, and that the terminal is as before however it ends.
@Suite(.serialized) struct ViewTests {
  let state: TemporaryDirectory

  init() throws { state = try TemporaryDirectory() }

  /// The settings of the terminal are written to `before` and `after`, around a shell that runs the program.
  private func start(columns: Int = 80, rows: Int = 24) throws -> PseudoTerminal {
    let script = """
      stty -g > \(state.path)/before
      sh -c 'echo $$ > \(state.path)/parent; sh -c "echo \\$\\$ > \(state.path)/pid; exec \(PseudoTerminal.program) -q --no-rc"; exit 0'
      sleep 1; stty -g > \(state.path)/after; echo finished; sleep 20
      """
    let terminal = try PseudoTerminal(
      "/bin/sh", ["-c", script], environment: ["XDG_STATE_HOME": state.path, "HOME": state.path],
      columns: columns, rows: rows)
    try terminal.expectCursorLine("[forward 0/13] >")
    try terminal.send("view\r")
    try terminal.expect("step 0 of 13   next: Z1 = X @ W1 + b1")
    return terminal
  }

  private func text(_ name: String) -> String {
    String(decoding: state.read(name), as: UTF8.self).split(separator: "\n").joined()
  }

  private func process(_ name: String) throws -> pid_t { try #require(pid_t(text(name))) }

  private func expectRestored(_ terminal: PseudoTerminal) throws {
    try terminal.expect("finished")
    #expect(!text("before").isEmpty)
    #expect(text("after") == text("before"))
    // The other screen is left and the mouse is the terminal's own again.
    let written = String(decoding: terminal.transcript, as: UTF8.self)
    let (entered, left) = ("\u{1B}[?1049h", "\u{1B}[?1049l")
    #expect(written.components(of: entered) == written.components(of: left))
    #expect(written.components(of: "\u{1B}[?1000h") == written.components(of: "\u{1B}[?1000l"))
  }

  @Test(arguments: [(60, 20), (80, 24), (120, 40)]) func thePassIsSteppedAndAsked(columns: Int, rows: Int)
    throws
  {
    let terminal = try start(columns: columns, rows: rows)
    try terminal.send("n")
    try terminal.expect("step 1 of 13")
    try terminal.expect("Z1 (4×5) = X @ W1 + b1")
    try terminal.send("\u{1B}[B\u{1B}[C")
    try terminal.expect("Z1[1,1] = -0.9000")
    try terminal.send("\r")
    try terminal.expect("Z1[1,1] = Σ")
    // The reasons have the whole window, and a number goes into a term.
    try terminal.expect("    1  X[1,0]·W1[0,1]  = 2·(-0.2000)")
    try terminal.send("1")
    try terminal.expect("Z1[1,1] › term 1")
    try terminal.send("9")
    try terminal.expect("there is no 9 here")
    try terminal.send("u")
    try terminal.expect("Z1[1,1] = Σ")
    try terminal.send("\rg")
    try terminal.expect("□")
    try terminal.send("gp")
    try terminal.expect("step 0 of 13")
    try terminal.send("nn")
    try terminal.expect("A1 (4×5) = relu(Z1)")
    // A click on the second number of the second row, then on the first equation.
    let line = try #require(
      terminal.screen.lines.firstIndex { $0.contains("A1 (4×5) = relu") && $0.contains("│ A1") })
    let bar = try #require(terminal.screen.lines[line].firstIndex(of: "│")).utf16Offset(
      in: terminal.screen.lines[line])
    let second = try #require(
      terminal.screen.lines[(line + 1)...].firstIndex { $0.contains("⎢") || $0.contains("⎡") })
    try terminal.send("\u{1B}[<0;\(bar + 16);\(second + 2)M")
    try terminal.expect("A1[1,1] = 0")
    try terminal.send("\u{1B}[<0;4;2M")
    try terminal.expect("Z1[1,1] = -0.9000")
    try terminal.send("q")
    try terminal.expect("/13] >")
    try terminal.send("show m; quit\r")
    try expectRestored(terminal)
  }

  @Test(arguments: [SIGTERM, SIGHUP, SIGINT, SIGQUIT]) func aSignalGivesTheTerminalBack(signal: Int32) throws
  {
    let terminal = try start()
    kill(try process("pid"), signal)
    if signal == SIGINT {
      try terminal.expectCursorLine("[forward 0/13] >")
      try terminal.send("quit\r")
    }
    try expectRestored(terminal)
  }

  @Test func theDeathOfItsParentGivesTheTerminalBack() throws {
    let terminal = try start()
    kill(try process("parent"), SIGKILL)
    try expectRestored(terminal)
  }

  /// Ctrl-Z under a shell with job control, which then reads the settings that it finds.
  @Test func stoppedItLeavesTheScreenAndContinuedItDrawsAgain() throws {
    let script = """
      set -m; stty -g > \(state.path)/before
      \(PseudoTerminal.program) -q --no-rc
      stty -g > \(state.path)/stopped; fg
      stty -g > \(state.path)/after; echo finished; sleep 20
      """
    let terminal = try PseudoTerminal(
      "/bin/sh", ["-c", script], environment: ["XDG_STATE_HOME": state.path, "HOME": state.path])
    try terminal.expectCursorLine("[forward 0/13] >")
    try terminal.send("view\rn")
    try terminal.expect("step 1 of 13")
    try terminal.send("\u{1A}")
    try terminal.expect("the shell's own settings") { _ in !text("stopped").isEmpty }
    #expect(text("stopped") == text("before"))
    // What is typed before it is back in the foreground is the terminal's.
    try terminal.expect("the other screen again") { _ in
      String(decoding: terminal.transcript, as: UTF8.self).components(of: "\u{1B}[?1049h") == 3
    }
    try terminal.send("n")
    try terminal.expect("step 2 of 13")
    try terminal.send("q")
    try terminal.expect("[forward 2/13] >")
    try terminal.send("quit\r")
    try expectRestored(terminal)
  }

  @Test func aWindowOfOneCellIsSurvived() throws {
    let terminal = try start()
    for (columns, rows) in [(1, 1), (2, 1), (1, 30), (59, 19), (200, 60), (80, 24)] {
      terminal.resize(columns: columns, rows: rows)
      usleep(100_000)
    }
    try terminal.send("n")
    try terminal.expect("step 1 of 13")
    try terminal.expect("Z1 (4×5) = X @ W1 + b1")
    try terminal.send("q")
    try terminal.expect("/13] >")
    try terminal.send("quit\r")
    try expectRestored(terminal)
  }
}

extension String {
  /// How often a part occurs.
  fileprivate func components(of part: String) -> Int {
    split(separator: part, omittingEmptySubsequences: false).count
  }
}
