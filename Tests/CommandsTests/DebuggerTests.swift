import Commands
import Formulas
import Lessons
import LinearAlgebra
import Rendering
import Reports
import Sessions
import Testing

/// Where one is, where the pass stops, what comes next, and what is taken back.
@Suite struct DebuggerTests {
  private struct Talk {
    var workspace = Workspace(commands: .withLessons)

    init(_ lines: String..., isInteractive: Bool = false) {
      workspace.outside.isInteractive = isInteractive
      for line in lines { _ = say(line) }
    }

    /// What a line prints, all of its commands together; errors with their hints.
    mutating func say(_ line: String) -> String {
      Interpreter.run(line, in: &workspace).map { outcome in
        switch outcome.result {
        case .success(let report): TextRenderer(width: 80).render(report)
        case .failure(let diagnostic): TextRenderer(width: 300).render(diagnostic, prompt: nil)
        }
      }.joined()
    }

    var cursor: Int { workspace.session.cursor }
  }

  // MARK: Prefixes and names

  /// The beginning of a name stands for a command only where the rest fits, and never for one that changes values.
  @Test(arguments: [
    ("upd", "did you mean update?"), ("tra", "train"), ("res", "short for several"),
    ("rese", "did you mean reset?"),
    ("forw 3", "did you mean forward? Nothing stands behind it"), ("grad W1", "dW1 is not computed yet"),
    ("for x in y", "train epochs"), ("hea maybe", "short for heat?"), ("z1", "did you mean Z1?"),
    ("show z1", "did you mean Z1?"), ("Forward", "did you mean forward?"), ("up", "no 'why' is open"),
  ])
  func whatIsNoCommandChangesNothing(_ line: String, _ words: String) {
    var talk = Talk()
    let before = talk.workspace.session
    let text = talk.say(line)
    #expect(text.contains("error") && text.contains(words), "\(text)")
    #expect(!talk.workspace.session.differs(from: before))
  }

  @Test(arguments: [("forw", 5), ("sho X", 0), ("ste 3", 3), ("backw", 13), ("unt dZ2", 6)])
  func aPrefixThatFitsIsTheCommand(_ line: String, _ cursor: Int) {
    var talk = Talk()
    #expect(!talk.say(line).contains("error"))
    #expect(talk.cursor == cursor)
  }

  @Test func bMeansBreakWhereANameFollows() {
    var talk = Talk()
    #expect(talk.say("b dZ1").contains("break 1"))
    #expect(talk.cursor == 0)
    _ = talk.say("delete")
    _ = talk.say("b")
    #expect(talk.cursor == 13)
  }

  // MARK: Lines of several commands

  @Test func whatIsNotRunIsNamed() {
    var talk = Talk()
    let text = talk.say("show Q; step; show W1")
    #expect(text.contains("not run: step; show W1"))
    #expect(talk.cursor == 0)
    #expect(!talk.say("show Q").contains("not run"))
  }

  @Test func aCheckThatIsWrongStopsNoOther() {
    var talk = Talk()
    let text = talk.say("check dW1 = X @ dZ1; check dW2 = A1.T @ dZ2")
    #expect(text.contains("cannot multiply X"))
    #expect(text.contains("dW2 is right in all 15 entries"))
    #expect(!text.contains("not run"))
  }

  @Test func undoSaysWhatItTookBack() {
    var talk = Talk("step", "set lr = 0.5", "update")
    #expect(talk.say("undo 2").contains("taken back: 'update', 'set lr = 0.5'; step 1 of 13"))
    #expect(talk.say("redo").contains("done again: 'set lr = 0.5'"))
    #expect(talk.say("undo 9").contains("'set lr = 0.5', 'step', and there is nothing before"))
  }

  // MARK: Stopping

  @Test func aBreakStopsBeforeItsStepAndLetsGo() {
    var talk = Talk("break dZ2", "break dW1")
    let text = talk.say("continue")
    #expect(text.contains("5 steps: Z1 to L") && text.contains("break 1: stopped before dZ2"))
    #expect(talk.cursor == 5)
    _ = talk.say("backward")
    #expect(talk.cursor == 10)
    _ = talk.say("c")
    #expect(talk.cursor == 13)
    #expect(talk.say("undo").contains("'c'"))
    #expect(talk.cursor == 10)
  }

  /// dZ1 is largest in size at 0.0945 (NumPy), so one condition holds behind it and the other nowhere.
  @Test func aConditionThatReadsTheStepIsAskedBehindIt() {
    var talk = Talk(
      "break dZ1 if max(abs(dZ1)) > 0.1", "break dZ1 if max(abs(dZ1)) > 0.09", "break dA1 if lr > 1")
    #expect(talk.say("c").contains("break 2: stopped at dZ1"))
    #expect(talk.cursor == 10)
    talk = Talk("break dA1 if lr > 1", "set lr = 2")
    #expect(talk.say("c").contains("break 1: stopped before dA1, lr > 1"))
  }

  @Test func aWatchStopsWhereAValueChanges() {
    var talk = Talk("watch L")
    #expect(talk.say("c").contains("watch 1: L is computed: 1.0409"))
    #expect(talk.cursor == 5)
    _ = talk.say("restart")
    #expect(talk.say("c").contains("8 steps") == false)
    #expect(talk.cursor == 13)
    _ = talk.say("update")
    #expect(talk.say("c").contains("watch 1: L was 1.0409, is 1.0000"))
    #expect(talk.say("delete 1").contains("1 taken away"))
    #expect(talk.say("break").contains("nothing stops"))
  }

  @Test func aDisplayIsShownBehindEveryStep() {
    var talk = Talk("display m", "display L")
    #expect(talk.say("step").contains("m = 4  [display 1]\ndisplay 2: L has no value yet\n"))
    _ = talk.say("undisplay 1")
    #expect(!talk.say("step").contains("display 1"))
    #expect(talk.say("finish").contains("[display 2]"))
  }

  @Test func aSavedSessionKeepsItsStops() throws {
    let talk = Talk("break dZ1 if max(abs(dZ1)) > 1", "watch L", "display W1", "explain on")
    var other = Talk()
    for line in SessionScript.text(talk.workspace.session).split(separator: "\n") {
      _ = other.say(String(line))
    }
    #expect(other.workspace.session.stops == talk.workspace.session.stops)
    #expect(other.workspace.session.settings.isExplaining)
  }

  // MARK: What comes next

  /// A person at a terminal is told what comes; a script and the pages of lessons stay as they are.
  @Test func theNextStepIsSaidAtATerminal() {
    var talk = Talk(isInteractive: true)
    #expect(talk.say("step").hasSuffix("next: A1 = relu(Z1)   (4×5)\n"))
    _ = talk.say("step 4")
    #expect(talk.say("where").contains("next: dZ2 = (S - Y) / m   (4×3), softmax with cross-entropy"))
    #expect(talk.say("step").hasPrefix("— backward"))
    #expect(
      talk.say("until dX").hasSuffix(
        "the pass is done: 'update' takes a step of gradient descent, 'restart' begins\n  again\n"))
    #expect(!talk.say("").contains("error"))
    #expect(talk.say("step").contains("error: the pass is done"))
    var script = Talk()
    #expect(!script.say("step").contains("next:"))
    _ = script.say("explain on")
    #expect(script.say("step").contains("next: Z2"))
  }

  @Test func aRuleStandsBetweenForwardAndBackward() {
    var talk = Talk()
    let text = talk.say("until dW2")
    #expect(text.contains("— backward"))
    #expect(!talk.say("backward").contains("—"))
    talk = Talk("forward")
    #expect(!talk.say("backward").contains("—"))
  }

  /// The first command ever typed fits a screen of 24 lines with the prompt behind it.
  @Test func theFirstForwardFitsTheScreen() {
    var talk = Talk(isInteractive: true)
    #expect(talk.say("forward").split(separator: "\n").count <= 22)
  }

  @Test func aStepSaysWhereItsFormulaComesFrom() {
    var talk = Talk("forward", "step")
    let text = talk.say("step why")
    #expect(text.contains("from Z2 = A1 @ W2 + b2, by matrix product [C = A @ B"))
    #expect(!talk.say("step").contains("from"))
    _ = talk.say("explain on")
    #expect(talk.say("step 2").contains("from A1 = relu(Z1), by relu [A = relu(Z): dZ = dA * (Z > 0)]"))
  }

  @Test func thePromptTellsThePlace() {
    var talk = Talk()
    #expect(talk.workspace.promptText == "[forward 0/13] > ")
    _ = talk.say("step 2")
    #expect(talk.workspace.promptText == "[forward 2/13] > ")
    _ = talk.say("[forward 2/13] > backward")
    #expect(talk.workspace.promptText == "[backward 13/13] > ")
    _ = talk.say("practice backward")
    #expect(talk.workspace.promptText == "[practice 1/25, backward 13/13] > ")
    talk.workspace.outside.width = 40
    #expect(talk.workspace.promptText == "[practice 1/25] > ")
    _ = talk.say("prompt plain")
    #expect(talk.workspace.promptText == "stepgrad> ")
    _ = talk.say("model Z = X @ Q; L = sum(Z)")
    _ = talk.say("prompt place")
    #expect(talk.workspace.promptText == "[no values yet] > ")
    // The batch of two classes and the three outputs.
    _ = talk.say("reset; data moons")
    #expect(talk.workspace.promptText == "[shapes do not fit] > ")
    #expect(talk.say("[shapes do not fit] > info").contains("moons"))
    // A list is no prompt.
    #expect(talk.say("[1, 2] > 1").contains("[ 0  1 ]"))
  }

  // MARK: Updates

  /// Losses of plain gradient descent with NumPy, from the same first values.
  @Test func tenUpdatesAreTenLines() {
    let losses = [
      "1.00001", "0.961781", "0.925825", "0.891858", "0.859681", "0.82916", "0.800196", "0.772715",
      "0.746654",
      "0.721954",
    ]
    var talk = Talk()
    let lines = talk.say("update 10").split(separator: "\n")
    #expect(lines.count == 11)
    for (line, loss) in zip(lines, losses) { #expect(line.hasSuffix("L = \(loss)"), "\(line)") }
    #expect(talk.say("undo").contains("'update 10'"))
    #expect(talk.say("update W1 2").contains("in 2 updates"))
    #expect(talk.say("update 0").contains("1 to 100000"))
  }

  // MARK: What if

  /// L at W1[0,2] + 0.01 by NumPy: 1.042585622155317, 0.001649176038874156 more.
  @Test func aNudgeShowsWhatMovesAndBackTakesItAway() throws {
    var talk = Talk("until dW2")
    let before = talk.workspace.session
    let outcome = try #require(Interpreter.run("nudge W1[0,2] 0.01", in: &talk.workspace).last)
    let report = try outcome.result.get()
    let scalars = Dictionary(report.scalars.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
    #expect(abs((scalars["change"] ?? 0) - 0.001649176038874156) < 1e-15)
    #expect(abs((scalars["promised"] ?? 0) - 0.001643990628755291) < 1e-15)
    let text = TextRenderer(width: 80).render(report)
    // The third unit lives for one sample only.
    #expect(text.contains("A1      2 of 20"))
    #expect(talk.say("show Z1").contains("1.1200"))
    #expect(talk.say("back").contains("taken away"))
    #expect(!talk.workspace.session.differs(from: before))
    #expect(talk.say("nudge Z1[0,0]").contains("nudge what it is computed from: nudge X"))
    #expect(talk.say("nudge W1").contains("say which entry"))
  }

  @Test func aNudgeIsTakenAwayBehindStepsAndOneByOne() throws {
    var talk = Talk()
    let before = talk.workspace.session
    #expect(talk.say("nudge W1[0,2] 0.01").contains("0.31"))
    #expect(talk.say("step 2").contains("A1"))
    #expect(talk.say("back 2").contains("W1[0,2] is nudged: 'back' takes it away"))
    #expect(talk.say("back").contains("the nudge of W1[0,2] is taken away"))
    #expect(!talk.workspace.session.differs(from: before))

    _ = talk.say("nudge W1[0,2] 0.01; nudge X[0,0] 0.5")
    let first = talk.say("back")
    #expect(first.contains("the nudge of X[0,0] is taken away") && first.contains("W1[0,2] is nudged"))
    #expect(talk.say("back").contains("the nudge of W1[0,2] is taken away"))
    #expect(!talk.workspace.session.differs(from: before))

    // Other values are not taken back with it.
    _ = talk.say("nudge W1[0,2] 0.01; set W2[0,0] = 1")
    #expect(talk.say("back").contains("this is the start"))
    #expect(talk.workspace.session.leaves["W2"]?.elements.first == 1)
  }

  @Test func aNudgeIsUndoneDoneAgainAndSaved() throws {
    var talk = Talk("forward; nudge X[0,0] 0.1; nudge W1[0,2] 0.01")
    #expect(talk.say("undo; where").contains("X[0,0] is nudged"))
    #expect(!talk.say("undo; where").contains("is nudged"))
    #expect(talk.say("redo; redo; step; where").contains("W1[0,2] is nudged"))
    var other = Talk("let q = 1; nudge X[0,1] 0.3")
    _ = try Script.run(SessionScript.text(talk.workspace.session), file: "saved", in: &other.workspace)
    #expect(!other.workspace.session.differs(from: talk.workspace.session))
    #expect(other.say("back; back").contains("the nudge of W1[0,2] is taken away"))
    #expect(other.say("back").contains("the nudge of X[0,0] is taken away"))
    #expect(other.workspace.session.leaves == Session.initial.leaves)

    // Numbers that nobody chose are those of before the nudge.
    talk = Talk("net 2 3; nudge X[0,0]")
    _ = try Script.run(SessionScript.text(talk.workspace.session), file: "saved", in: &other.workspace)
    #expect(talk.say("back") == other.say("back") && talk.workspace.session.hasToyBatch)
    #expect(!other.workspace.session.differs(from: talk.workspace.session))
    for wrong in [
      "W1[0,2] to", "W1[0,2] to 1 at", "W1[0,2] to [1, 2] at 3", "W1[9,2] to 1 at 3",
      "W1[0,2] to X at 3",
    ]
      + ["-3", "99999999999999999999"].map({ "W1[0,2] to 1 at \($0)" })
    {
      #expect(other.say("nudge " + wrong).contains("error"), "\(wrong)")
    }
  }

  @Test func aNarrowWindowKeepsBothNumbersOfANudge() throws {
    var workspace = Workspace(commands: .withLessons)
    workspace.outside.width = 40
    let report = try #require(Interpreter.run("nudge W1[0,2] 0.01", in: &workspace).last).result.get()
    #expect(TextRenderer(width: 40).render(report).contains("1.1000 → 1.1200"))
  }

  /// gdb's run: from the start, wherever one is, to where the pass stops.
  @Test func aPassRunsAgainFromItsStart() {
    var talk = Talk("break Z2; step 3")
    _ = talk.say("restart run")
    #expect(talk.cursor == 2)
    #expect(talk.say("restart sideways").contains("error"))
    _ = talk.say("delete; restart run")
    #expect(talk.cursor == 13)
  }

  /// What cannot be computed is not the same as what does not hold.
  @Test(arguments: [
    "foo > 1", "max(abs(dW1)) > 0", "dZ1 @ dZ1 > 0", "dZ1[9,9] > 0",
  ])
  func aConditionWithoutAValueStops(condition: String) {
    var talk = Talk("break dZ1 if \(condition)")
    #expect(
      talk.say("continue").contains("break 1: stopped at dZ1, since its condition cannot be computed here"))
    #expect(talk.cursor == 10)
  }

  /// A parameter changes between passes, not in a step.
  @Test func aWatchedParameterIsSeenWhereItChanges() {
    var talk = Talk("watch W1", "set b1[0,0] = 9")
    #expect(talk.say("set W1[0,0] = 9").contains("watch 1: W1 changed in 1 of 10 entries"))
    #expect(talk.say("update").contains("watch 1: W1 changed in 10 of 10 entries"))
    #expect(!talk.say("continue").contains("watch"))
    #expect(talk.cursor == 13)
    #expect(!talk.say("undo; undo; undo").contains("watch 1: W1 changed"))
  }

  /// Alone they would be run once and change the weights.
  @Test func theLinesOfARefusedLoopAreLeftOut() {
    var talk = Talk(isInteractive: true)
    let first = talk.say("W1")
    let refusal = talk.say("for epoch in range(100):")
    #expect(
      refusal.contains("train epochs=10") && refusal.contains("the indented lines behind it are left out"))
    #expect(talk.say("    loss.backward()").isEmpty && talk.say("\toptimizer.step()").isEmpty)
    #expect(talk.say("W1") == first && talk.cursor == 0)
    #expect(!talk.say("    forward").isEmpty)
  }

  @Test func anEntryIsNotDerived() {
    var talk = Talk()
    let text = talk.say("derive dW1[0,2]")
    #expect(text.contains("derive dW1, and why dW1[0,2] for one of its numbers"))
    #expect(talk.say("help z1").hasPrefix("Z1: 4×5"))
    #expect(talk.say("repeat t = 1..2:").contains("between 'model' and 'end'"))
  }

  @Test func displayAloneListsWhatIsDisplayed() {
    var talk = Talk("watch L")
    #expect(talk.say("display") == "nothing is displayed: 'display NAME' shows a value at every stop\n")
    _ = talk.say("display dZ1")
    #expect(talk.say("display") == "display 1: dZ1\n")
    #expect(talk.say("break").contains("watch 1") && talk.say("break").contains("display 1: dZ1"))
  }

  /// Typed again it is the same block.
  @Test func aBlockIsOneEntryOfTheHistory() throws {
    var talk = Talk("model", "Z = X @ W", "L = sum(Z**2)", "end")
    #expect(talk.workspace.typed == ["model\nZ = X @ W\nL = sum(Z**2)\nend"])
    #expect(talk.say("history").contains("1  model; Z = X @ W; L = sum(Z**2); end"))
    let model = talk.workspace.session.model
    #expect(talk.say("undo").contains("'model Z = X @ W; L = sum(Z**2)'"))
    for line in talk.workspace.typed[0].split(separator: "\n") { _ = talk.say(String(line)) }
    #expect(talk.workspace.session.model == model)
  }

  @Test func heatSaysWhereNothingIsColoured() {
    var talk = Talk()
    talk.workspace.outside.colorless = "NO_COLOR is set"
    #expect(talk.say("heat on").contains("nothing is coloured here: NO_COLOR is set"))
    #expect(!talk.say("heat off").contains("NO_COLOR"))
  }
}
