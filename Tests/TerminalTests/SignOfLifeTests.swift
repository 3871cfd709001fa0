import Testing

/// A command that takes long and says nothing of its own.
@Suite(.serialized) struct SignOfLifeTests {
  @Test func longWorkShowsThatItGoesOnAndIsStopped() throws {
    let state = try TemporaryDirectory()
    let terminal = try PseudoTerminal(
      PseudoTerminal.program, ["-q", "--no-rc"], environment: ["XDG_STATE_HOME": state.path])
    try terminal.expectCursorLine("[forward 0/13] >")
    try terminal.send("net 784 3000:relu 10:softmax; check dW1 = A1.T @ dZ2\r")
    try terminal.expect("(Ctrl-C stops)")
    try terminal.send("\u{3}")
    try terminal.expect("the end of the work") { $0.lines[$0.row].hasSuffix("/13] >") }
    // The line of the work has gone.
    #expect(!terminal.screen.text.contains("at work"))
    #expect(terminal.screen.text.contains("stopped; the session is as before"))
    try terminal.send("show m; quit\r")
    #expect(try terminal.waitForExit() == .status(0))
    #expect(terminal.isRestored)
  }
}
