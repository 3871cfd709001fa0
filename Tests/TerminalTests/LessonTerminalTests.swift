import Platform
import Testing

/// A lesson played at a terminal.
@Suite(.serialized) struct LessonTerminalTests {
  let state: TemporaryDirectory
  static let prompt = "[forward 0/13] >"

  static let lesson = """
    <!-- stepgrad: width=80 seed=1 color=never -->
    # A lesson at the terminal

    First words.

    ```stepgrad
    > forward
    ...
    > backward
    ...
    ```

    ```exercise
    Write dW2.
    kind: equation
    name: dW2
    answer: A1.T @ dZ2
    hint: A1 comes first.
    ```

    ```stepgrad
    > show dW2[0, 0]
    dW2[0,0] = -0.0058
    ```

    Last words.

    """

  init() throws {
    state = try TemporaryDirectory()
    state.write("played.md", Array(Self.lesson.utf8))
  }

  func start() throws -> PseudoTerminal {
    let terminal = try PseudoTerminal(
      PseudoTerminal.program, ["--no-rc"], environment: ["XDG_STATE_HOME": state.path], rows: 60)
    try terminal.expectCursorLine(Self.prompt)
    return terminal
  }

  /// Enter goes on, a wrong answer is refused, the lesson is left and taken up again where it was, to its end.
  @Test func lessonIsPlayedLeftAndTakenUpAgain() throws {
    let terminal = try start()
    try terminal.send("load \(state.path)/played.md\r")
    try terminal.expect("(step 1 of 4; Enter goes on)")
    try terminal.send("\r")
    try terminal.expect("Write dW2.")
    try terminal.send("(dZ2.T @ A1)\r")
    try terminal.expect("'reveal' shows the answer\n[lesson 2/4, backward 13/13] >")
    try terminal.send("hint\r")
    try terminal.expect("hint 1 of 1: A1 comes first.")
    try terminal.send("lesson leave\rquit\r")
    try terminal.expect("left 'played' at step 2 of 4")
    #expect(try terminal.waitForExit() == .status(0))

    let later = try start()
    try later.send("load \(state.path)/played.md\r")
    try later.expect("taken up where you left")
    try later.expect("Write dW2.")
    try later.send("A1.T @ dZ2\r")
    try later.expect("right\n")
    try later.send("\r")
    try later.expect("dW2[0,0] = -0.0058")
    try later.send("\r")
    try later.expect("(the end of 'played'; 1 of 1 exercises answered)")
    try later.send("quit\r")
    #expect(try later.waitForExit() == .status(0))
  }

  /// A teacher's own file is checked and recorded anywhere: 0 when it holds, 1 when not, 2 for wrong usage.
  @Test func checkAndRecordFromTheShell() throws {
    let file = state.path + "/mine.md"
    func run(_ words: String...) throws -> (status: PseudoTerminal.Exit, text: String) {
      let terminal = try PseudoTerminal(PseudoTerminal.program, ["lesson"] + words, rows: 60)
      let status = try terminal.waitForExit()
      return (status, terminal.screen.text)
    }
    state.write("mine.md", Array("# Mine\n\n```stepgrad\n> 1 + 1\n1 + 1 = 3\n> nonsense\n```\n".utf8))
    let broken = try run("check", file)
    #expect(broken.status == .status(1))
    #expect(broken.text.contains("mine.md:5:") && broken.text.contains("mine.md:6:"))
    #expect(try run("record", file).status == .status(1))
    #expect(String(decoding: state.read("mine.md"), as: UTF8.self).contains("> 1 + 1\n1 + 1 = 2\n"))
    let head =
      "<!-- stepgrad: width=80 seed=1 color=never -->\n# Mine\n\n- Assumes: a\n- Teaches: b\n- Source: c\n\n"
    let exercise = "```exercise\nWhat is 1 + 1?\nanswer: 1 + 1\n```\n"
    state.write("mine.md", Array((head + "```stepgrad\n> 1 + 1\n1 + 1 = 2\n```\n\n" + exercise).utf8))
    #expect(try run("check", file).status == .status(0))
    #expect(try run("check").status == .status(2))
    #expect(try run("check", state.path + "/none.md").status == .status(1))
  }

  @Test func wrongAnswerIsToldWhichMistakeItIs() throws {
    let terminal = try start()
    try terminal.send("load \(state.path)/played.md\r\r")
    try terminal.expect("Write dW2.")
    try terminal.send("dZ2.T @ A1\r")
    try terminal.expect("transpose")
    #expect(!terminal.screen.text.contains("right\n"))
  }

  /// Enter goes on with the lesson whatever was typed before it.
  @Test func enterGoesOnBehindCommandsOfThePass() throws {
    let terminal = try start()
    try terminal.send("load \(state.path)/played.md\r")
    try terminal.expectCursorLine("[lesson 1/4, backward 13/13] >")
    try terminal.send("restart\rstep\r")
    try terminal.expectCursorLine("[lesson 1/4, forward 1/13] >")
    try terminal.send("\r")
    try terminal.expect("Write dW2.")
  }
}
