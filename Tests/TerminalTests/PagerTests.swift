import Platform
import Testing

/// Output that is longer than the window.
@Suite(.serialized) struct PagerTests {
  let state: TemporaryDirectory

  init() throws { state = try TemporaryDirectory() }

  private func start(_ arguments: [String] = [], columns: Int = 80, rows: Int = 24) throws -> PseudoTerminal {
    let environment = ["XDG_STATE_HOME": state.path, "XDG_CONFIG_HOME": state.path, "HOME": state.path]
    let terminal = try PseudoTerminal(
      PseudoTerminal.program, arguments, environment: environment, columns: columns, rows: rows)
    return terminal
  }

  @Test func aFullWindowWaitsForAKey() throws {
    let terminal = try start()
    try terminal.expectCursorLine("[forward 0/13] >")
    try terminal.send("help\r")
    try terminal.expectCursorLine("--more--")
    // All that was printed is still to be seen.
    #expect(terminal.screen.text.contains("Stepping through a pass"))
    try terminal.send(" ")
    try terminal.expect("Looking at it")
    try terminal.expectCursorLine("--more--")
    try terminal.send("q")
    try terminal.expectCursorLine("[forward 0/13] >")
    try terminal.send("help\r")
    try terminal.expectCursorLine("--more--")
    try terminal.send("\u{3}")
    try terminal.expectCursorLine("[forward 0/13] >")
    try terminal.send("set pager off; help\r")
    try terminal.expect("';' separates commands.\n[forward 0/13] >")
    try terminal.send("quit\r")
    #expect(try terminal.waitForExit() == .status(0))
    #expect(terminal.isRestored)
  }

  @Test func linesThatWereTypedAheadRunThrough() throws {
    let terminal = try start()
    try terminal.expectCursorLine("[forward 0/13] >")
    try terminal.send("backward\rshow lr\r")
    try terminal.expect("lr = 0.1")
  }

  @Test(arguments: [SIGTERM, SIGHUP]) func whoEndsItAtTheQuestionGetsTheTerminalBack(signal: Int32) throws {
    let terminal = try start()
    try terminal.expectCursorLine("[forward 0/13] >")
    try terminal.send("help\r")
    try terminal.expectCursorLine("--more--")
    kill(terminal.process, signal)
    #expect(try terminal.waitForExit() == .signal(signal))
    #expect(terminal.isRestored)
  }

  @Test func aWindowOfAnotherSizeIsFilledAnew() throws {
    let terminal = try start()
    try terminal.expectCursorLine("[forward 0/13] >")
    try terminal.send("help\r")
    try terminal.expectCursorLine("--more--")
    terminal.resize(columns: 80, rows: 200)
    try terminal.send(" ")
    try terminal.expect("Session, lessons, help")
  }

  @Test func theGreetingAndTheTourFitANarrowWindow() throws {
    let terminal = try start(["-i", "-c", "pager off", "-c", "learn"], columns: 40, rows: 20)
    try terminal.expect("1 of 7.")
    try terminal.expectCursorLine("[tour 1/7] >")
    try terminal.send("\r")
    try terminal.expect("2 of 7.")
    try terminal.send("quit\r")
    #expect(try terminal.waitForExit() == .status(0))
  }

  @Test func commandsComeFirstAndThePromptBehindThem() throws {
    let terminal = try start(["-i", "-c", "set lr = 0.25"])
    try terminal.expect("lr = 0.25")
    try terminal.expectCursorLine("[forward 0/13] >")
    try terminal.send("show lr\r")
    try terminal.expect("[forward 0/13] > show lr\nlr = 0.25")
  }
}
