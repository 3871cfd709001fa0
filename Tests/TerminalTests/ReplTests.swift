import Platform
import Testing

/// The REPL as a person at a terminal meets it.
@Suite(.serialized) struct ReplTests {
  let state: TemporaryDirectory

  init() throws { state = try TemporaryDirectory() }

  private func start(columns: Int = 80, rows: Int = 60) throws -> PseudoTerminal {
    let environment = ["XDG_STATE_HOME": state.path, "XDG_CONFIG_HOME": state.path, "HOME": state.path]
    let terminal = try PseudoTerminal(environment: environment, columns: columns, rows: rows)
    try terminal.expectCursorLine("[forward 0/13] >")
    return terminal
  }

  @Test func aFirstSessionNeedsNothingThatIsNotOnTheScreen() throws {
    let terminal = try start()
    try terminal.expect("'forward' runs the")
    try terminal.send("forward\r")
    try terminal.expect("L = 1.0409 = cross_entropy(Y, S)")
    try terminal.send("backward\r")
    try terminal.expect("dX (4×2) = dZ1 @ W1.T")
    try terminal.send("show dW1\r")
    try terminal.expect("dW1 (2×5) = X.T @ dZ1")
    try terminal.send("jacobian softmax\r")
    try terminal.expect("Every row sums to 0")
    try terminal.send("compare softmax\r")
    try terminal.expect("largest difference")
    try terminal.send("gradcheck\r")
    try terminal.expect("33 entries agree")
    try terminal.send("forwrad\r")
    try terminal.expect("did you mean forward?")
    try terminal.expectCursorLine("[backward 13/13] >")
    try terminal.send("\u{4}")
    #expect(try terminal.waitForExit() == .status(0))
    #expect(terminal.isRestored)
  }

  @Test func anErrorPointsAtWhatWasTyped() throws {
    let terminal = try start()
    try terminal.send("backward\rA1 @ dZ2\r")
    try terminal.expect("[backward 13/13] > A1 @ dZ2\n                   ^^ ^ ^^^\n")
    try terminal.expect("A1.T @ dZ2 is (5×4) @ (4×3) = (5×3), the shape of W2")
    // Behind what the line's first command printed, the line stands again above its signs.
    try terminal.send("shapes; A1 @ dZ1\r")
    try terminal.expect("\nshapes; A1 @ dZ1\n        ^^ ^ ^^^\n")
  }

  @Test func completionKnowsWhatExistsAtThisMoment() throws {
    let terminal = try start()
    try terminal.send("show dW\t")
    try terminal.expectCursorLine("[forward 0/13] > show dW")
    try terminal.send("\u{3}")
    try terminal.expectCursorLine("[forward 0/13] >")
    try terminal.send("backward\r")
    try terminal.expect("dX (4×2)")
    try terminal.send("show dW\t\t")
    try terminal.expect("dW1  dW2")
    // Ctrl-C throws away what was typed ahead: what follows waits for the new prompt.
    try terminal.send("\u{3}")
    try terminal.expectCursorLine("[backward 13/13] >")
    try terminal.send("gradch\t\r")
    try terminal.expect("33 entries agree")
  }

  @Test func ctrlCDropsTheLineAndNotTheSession() throws {
    let terminal = try start()
    try terminal.send("set lr = 0.25\r")
    try terminal.expect("lr = 0.25")
    try terminal.expectCursorLine("[forward 0/13] >")
    try terminal.send("garbage")
    try terminal.expect("[forward 0/13] > garbage")
    try terminal.send("\u{3}")
    try terminal.expect("garbage^C\n[forward 0/13] >")
    try terminal.send("info\r")
    try terminal.expect("lr 0.25")
  }

  @Test func ctrlCStopsAScriptAndKeepsTheSession() throws {
    let terminal = try start()
    state.write("long.sg", Array("set lr = 0.5\ntrain epochs=100000000\n".utf8))
    try terminal.send("load \(state.path)/long.sg\r")
    try terminal.expect("epoch 1")
    try terminal.send("\u{3}")
    try terminal.expect("stopped; the session is as before")
    try terminal.expectCursorLine("[forward 0/13] >")
    try terminal.send("info\r")
    try terminal.expect("lr 0.1")
  }

  @Test func ctrlCStopsAPipeThatNobodyWritesTo() throws {
    let terminal = try start()
    mkfifo(state.path + "/pipe", 0o600)
    // What is typed behind it is thrown away with it.
    try terminal.send("load \(state.path)/pipe\r")
    usleep(300_000)
    try terminal.send("\u{3}")
    try terminal.expectCursorLine("[forward 0/13] >")
    try terminal.send("set lr = 0.25\r")
    try terminal.expect("lr = 0.25")
  }

  @Test func matricesFollowTheWindow() throws {
    let terminal = try start()
    try terminal.send("set X = rand(3, 2)\rlet wide = rand(4, 30)\r")
    try terminal.expect("wide (4×30)")
    terminal.resize(columns: 50, rows: 24)
    try terminal.send("show wide\r")
    try terminal.expect("…")
  }

  @Test func aModelIsTypedOverSeveralLines() throws {
    let terminal = try start()
    try terminal.send("model\r")
    try terminal.expectCursorLine("     ...>")
    try terminal.send("Z = X @ W\rL = sum(Z²)\rend\rparam W = [[1], [2]]\rforward\r")
    try terminal.expect("L = 90 = sum(Z**2)")
  }

  @Test func anEmptyLineStepsOn() throws {
    let terminal = try start()
    try terminal.send("step\r")
    try terminal.expect("Z1 (4×5)")
    try terminal.send("\r")
    try terminal.expect("A1 (4×5)")
  }

  @Test func enterAtTheEndOfThePassSaysSo() throws {
    let terminal = try start()
    try terminal.send("step 12\r\r\r")
    try terminal.expect("the pass is done; 'update' takes a step")
    try terminal.expectCursorLine("[backward 13/13] >")
    #expect(!terminal.screen.text.contains("error"))
  }

  /// The first command ever typed fits the smallest usual screen, and every line a narrow one.
  @Test func theFirstPassFitsTheScreen() throws {
    let terminal = try start(rows: 24)
    try terminal.send("forward\r")
    try terminal.expectCursorLine("[forward 5/13] >")
    #expect(terminal.screen.lines.first == "[forward 0/13] > forward")
    let narrow = try start(columns: 40, rows: 20)
    try narrow.send("step\r")
    try narrow.expect("next: A1 = relu(Z1)   (4×5)\n[forward 1/13] >")
  }

  /// Leaving says what is not saved, keeps it, and offers it the next time.
  @Test func whatWasNotSavedIsKept() throws {
    let terminal = try start()
    try terminal.send("let mine = 42\rupdate\r\u{4}")
    try terminal.expect("not saved, but kept: 'load last' brings this session back")
    #expect(try terminal.waitForExit() == .status(0))
    let later = try start()
    try later.expect("'load last' brings back the session that was not saved last time")
    try later.send("load last\rmine\r")
    try later.expect("mine = 42  [yours]")
    try later.send("quit\r")
    #expect(try later.waitForExit() == .status(0))
    #expect(!later.screen.text.contains("not saved, but"))
    let looking = try start()
    try looking.send("forward\r\u{4}")
    #expect(try looking.waitForExit() == .status(0))
    #expect(!looking.screen.text.contains("not saved, but"))
    // What has a file of its own is not offered again.
    let saving = try start()
    try saving.send("load last\rsave \(state.path)/kept.sg\r\u{4}")
    #expect(try saving.waitForExit() == .status(0))
    let fresh = try start()
    try fresh.send("quit\r")
    #expect(try fresh.waitForExit() == .status(0))
    #expect(!fresh.screen.text.contains("load last"))
  }

  /// The tour greets by itself.
  @Test func theTourBeginsAtTheTop() throws {
    let terminal = try PseudoTerminal(
      PseudoTerminal.program, ["learn"], environment: ["XDG_STATE_HOME": state.path, "HOME": state.path])
    try terminal.expect("] >")
    #expect(!terminal.screen.text.contains("a debugger for backpropagation. 'forward' runs"))
  }
}
