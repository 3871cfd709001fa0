import Platform
import Testing

/// The line editor, driven through a pseudo-terminal. One at a time: each starts a process.
@Suite(.serialized) struct LineEditorTests {
  let state: TemporaryDirectory
  static let prompt = "stepgrad>"

  init() throws {
    state = try TemporaryDirectory()
  }

  func start(_ variables: [String: String] = [:], columns: Int = 80) throws -> PseudoTerminal {
    let environment = ["XDG_STATE_HOME": state.path].merging(variables) { $1 }
    let terminal = try PseudoTerminal(PseudoTerminal.probe, environment: environment, columns: columns)
    try terminal.expectCursorLine(Self.prompt)
    return terminal
  }

  @Test func tabCompletesTheOnlyCandidate() throws {
    let terminal = try start()
    try terminal.send("gr\tx\r")
    try terminal.expect("=> gradcheck x")
  }

  @Test func tabInsertsWhatCandidatesShareAndThenListsThem() throws {
    let terminal = try start()
    try terminal.send("∂\t")
    try terminal.expectCursorLine("stepgrad> ∂L/∂")
    try terminal.send("\t")
    try terminal.expect("∂L/∂W1  ∂L/∂Z1\nstepgrad> ∂L/∂")
    try terminal.send("Z\t\r")
    try terminal.expect("=> ∂L/∂Z1")
  }

  @Test func listFitsTheWindowAndStandsBelowAWrappedLine() throws {
    let terminal = try start(columns: 24)
    try terminal.send("xxxxxxxxxxxxxxxxxxxx ∂\t\t")
    try terminal.expect(
      "stepgrad> xxxxxxxxxxxxxx\nxxxxxx ∂L/∂\n∂L/∂W1  ∂L/∂Z1\nstepgrad> xxxxxxxxxxxxxx\nxxxxxx ∂L/∂")
  }

  @Test func tabCompletesFileNames() throws {
    state.write("lesson ∂.txt", [])
    let terminal = try start()
    try terminal.send("load \(state.path)/les\t\r")
    try terminal.expect("=> load \(state.path)/lesson ∂.txt")
  }

  @Test func fileNamesAreListedWithoutTheirDirectory() throws {
    for name in ["one.txt", "other.txt", ".hidden"] { state.write(name, []) }
    let terminal = try start()
    try terminal.send("load \(state.path)/\t\to\t\t")
    try terminal.expect("one.txt    other.txt\nstepgrad> load \(state.path)/o")
  }

  @Test func historyLastsFromOneSessionToTheNext() throws {
    for _ in 0..<2 {
      let terminal = try start()
      try terminal.send("first ∂\r")
      try terminal.expect("=> first ∂")
      try terminal.send("first ∂\rsecond\rquit\r")
      #expect(try terminal.waitForExit() == .status(0))
    }
    let saved = String(decoding: state.read("stepgrad/history"), as: UTF8.self)
    #expect(saved == "first ∂\nsecond\nquit\nfirst ∂\nsecond\nquit\n")
    var status = stat()
    #expect(stat(state.path + "/stepgrad/history", &status) == 0 && status.st_mode & 0o777 == 0o600)
    let terminal = try start()
    try terminal.send("\u{1B}[A\u{1B}[A")
    try terminal.expectCursorLine("stepgrad> second")
    try terminal.send("\u{1B}OA\u{1B}[B\u{1B}[A!\r")
    try terminal.expect("=> first ∂!")
  }

  @Test func twoSessionsAtOnceLoseNothing() throws {
    let one = try start()
    let other = try start()
    try one.send("from one\r")
    try one.expect("=> from one")
    try other.send("from other\r")
    try other.expect("=> from other")
    try one.send("again\r")
    try one.expect("=> again")
    #expect(state.read("stepgrad/history") == Array("from one\nfrom other\nagain\n".utf8))
  }

  @Test func damagedHistoryLinesAreSkipped() throws {
    mkdir(state.path + "/stepgrad", 0o700)
    state.write("stepgrad/history", Array("good\n".utf8) + [0xFF, 0xFE, 10] + Array("better\n".utf8))
    let terminal = try start()
    try terminal.send("history\r")
    try terminal.expect("=> [\"good\", \"better\", \"history\"]")
  }

  @Test func unwritableHistoryIsNoFailure() throws {
    let terminal = try start(["XDG_STATE_HOME": "/dev/null/nowhere"])
    try terminal.send("kept\r")
    try terminal.expect("=> kept")
    try terminal.send("\u{1B}[A!\r")
    try terminal.expect("=> kept!")
  }

  @Test(arguments: ["bind -e\n", "bind -v\n"])
  func searchFindsALineAndArrowsEditIt(editrc: String) throws {
    state.write(".editrc", Array(editrc.utf8))
    let terminal = try start(["HOME": state.path])
    try terminal.send("jacobian softmax\rother\r")
    try terminal.expect("=> other")
    try terminal.send("\u{12}jac")
    try terminal.expect("search the history: jac >")
    try terminal.send("\u{1B}[D\u{1B}[C\u{1B}[H<\u{1B}[F>\r")
    try terminal.expect("=> <jacobian softmax>")
  }

  @Test func viModeLeavesInsertionOnEscape() throws {
    state.write(".editrc", Array("bind -v\n".utf8))
    let terminal = try start(["HOME": state.path])
    try terminal.send("abc")
    try terminal.expectCursorLine("stepgrad> abc")
    try terminal.send("\u{1B}")
    try terminal.expect("cursor on c") { $0.column == 12 }
    try terminal.send("x0iX\r")
    try terminal.expect("=> Xab")
  }

  @Test func controlArrowsMoveByWords() throws {
    let terminal = try start()
    try terminal.send("one two three\u{1B}[1;5D\u{1B}[1;5DA\u{1B}[1;5CB\u{1B}[1;9Z\r")
    try terminal.expect("=> one AtwoB three")
  }

  @Test func controlWDeletesOneWord() throws {
    let terminal = try start()
    try terminal.send("one two three\u{17}\u{17}x\r")
    try terminal.expect("=> one x")
  }

  @Test func aPasteLargerThanTheWindowStaysWhole() throws {
    let terminal = try start()
    let long = String(repeating: "0123456789", count: 5000)
    try terminal.send("\u{1B}[200~\(long)\u{1B}[201~")
    try terminal.send("end\r")
    try terminal.expect("the prompt after the echo") { $0.text.hasSuffix("789end\nstepgrad>") }
    #expect(String(decoding: terminal.transcript, as: UTF8.self).contains("=> \(long)end"))
  }

  @Test func insertingIntoAWrappedLineKeepsItWhole() throws {
    let terminal = try start(columns: 30)
    let long = String(repeating: "abcdefghij", count: 5)
    try terminal.send(long + "\u{1}XYZ")
    try terminal.expect("stepgrad> XYZabcdefghijabcdefg\nhijabcdefghijabcdefghijabcdefg\nhij")
    try terminal.send("\u{3}")
    try terminal.expect("\nhij^C\nstepgrad>")
  }

  @Test func controlCDropsTheLine() throws {
    let terminal = try start()
    try terminal.send("half a line")
    try terminal.expect("half a line")
    try terminal.send("\u{3}")
    try terminal.expect("stepgrad> half a line^C\nstepgrad>")
    try terminal.send("whole\r")
    try terminal.expect("=> whole")
    try terminal.send("\u{12}who")
    try terminal.expect("search the history: who >")
    try terminal.send("\u{3}")
    try terminal.expectCursorLine(Self.prompt)
  }

  @Test func controlCStopsACommand() throws {
    let terminal = try start()
    try terminal.send("spin\r")
    try terminal.expect("=> spinning")
    try terminal.send("\u{3}")
    try terminal.expect("=> interrupted")
    try terminal.expectCursorLine(Self.prompt)
    try terminal.send("next\r")
    try terminal.expect("=> next")
  }

  @Test func controlDEndsOnlyAnEmptyLine() throws {
    let terminal = try start()
    try terminal.send("ab\u{4}c\r")
    try terminal.expect("=> abc")
    // Between two lines the terminal is the program's own.
    try terminal.expectCursorLine(Self.prompt)
    #expect(!terminal.isRestored)
    try terminal.send("\u{4}")
    #expect(try terminal.waitForExit() == .status(0))
    #expect(terminal.isRestored)
    #expect(String(decoding: terminal.transcript, as: UTF8.self).contains("\u{1B}[?2004l"))
  }

  @Test(arguments: [SIGTERM, SIGHUP, SIGQUIT])
  func endingSignalsGiveTheTerminalBack(signal: Int32) throws {
    let terminal = try start()
    try terminal.send("half")
    try terminal.expectCursorLine("stepgrad> half")
    kill(terminal.process, signal)
    #expect(try terminal.waitForExit() == .signal(signal))
    #expect(terminal.isRestored)
  }

  @Test func aCrashGivesTheTerminalBack() throws {
    let terminal = try start(["SWIFT_BACKTRACE": "enable=no"])
    try terminal.send("half")
    try terminal.expectCursorLine("stepgrad> half")
    kill(terminal.process, SIGILL)
    #expect(try terminal.waitForExit() == .signal(SIGILL))
    #expect(terminal.isRestored)
  }

  @Test func aLineSurvivesBeingStopped() throws {
    let terminal = try start()
    try terminal.send("half")
    try terminal.expectCursorLine("stepgrad> half")
    kill(terminal.process, SIGSTOP)
    kill(terminal.process, SIGCONT)
    try terminal.send(" whole\r")
    try terminal.expect("=> half whole")
  }

  @Test func controlZWithNobodyToResumeKeepsTheLine() throws {
    let terminal = try start()
    try terminal.send("half")
    try terminal.expectCursorLine("stepgrad> half")
    try terminal.send("\u{1A}")
    try terminal.expect("stepgrad> half\nstepgrad> half")
    try terminal.send(" whole\r")
    try terminal.expect("=> half whole")
  }

  @Test(arguments: ["C.UTF-8", "C", "nonsense"])
  func charactersBeyondASCIIAreTypedAndErased(locale: String) throws {
    let terminal = try start(["LC_ALL": locale])
    try terminal.send("∂L/∂W1 = A0ᵀ·δ ŷ Δé\u{7F}\u{1B}[D\u{1B}[3~\r")
    try terminal.expect("=> ∂L/∂W1 = A0ᵀ·δ ŷ")
  }

  @Test func windowChangesKeepTheLine() throws {
    let terminal = try start()
    try terminal.send("kept")
    try terminal.expectCursorLine("stepgrad> kept")
    terminal.resize(columns: 40, rows: 10)
    try terminal.send(" line\r")
    try terminal.expect("=> kept line")
    try terminal.send("size\r")
    try terminal.expect("=> 40x10")
  }

  /// libedit would take 34 GB for the cells of such a window, and not come to the prompt.
  @Test func aWindowThatNobodySeesIsMadeSmaller() throws {
    let terminal = try start()
    terminal.claim(columns: 65535, rows: 65535)
    try terminal.send("one\r")
    try terminal.expect("=> one")
    try terminal.send("size\r")
    try terminal.expect("=> 1000x1000")
  }

  @Test func aDumbTerminalGetsNoPasteCodes() throws {
    let terminal = try start(["TERM": "dumb"])
    try terminal.send("gr\t\r")
    try terminal.expect("=> gradcheck")
    #expect(!String(decoding: terminal.transcript, as: UTF8.self).contains("2004"))
  }

  @Test func aPasteOfSeveralLinesIsOneEntry() throws {
    let terminal = try start()
    try terminal.send("\u{1B}[200~one\tcell\r\ntwo \u{7}∂\r\rthree\n\u{1B}[201~")
    // Nothing of it runs before Return, and ↑ brings all of it back.
    try terminal.expectCursorLine("three")
    #expect(!terminal.screen.text.contains("=>"))
    try terminal.send("!\r")
    try terminal.expect("=> one cell\n\ntwo ∂\n\nthree!\nstepgrad>")
    try terminal.send("\u{1B}[A?\r")
    try terminal.expect("=> one cell\n\ntwo ∂\n\nthree!?\nstepgrad>")
  }
}
