import Commands
import Lessons
import LinearAlgebra
import Operations
import Reports
import Sessions
import Testing

/// A good lesson with one thing made wrong in it: found, in its line, and alone.
@Suite struct PlantedFaultTests {
  static let good = recorded(
    """
    - Assumes: nothing.
    - Teaches: something.
    - Source: Simple Neural Network, the backward pass.

    Before it comes [what a gradient is](README.md).

    ```stepgrad
    > forward
    > dW2 # fails
    > quiet let k = 2
    > k / 4
    > zeros(1, 1) / 0 # nan
    ```

    The logit is `0.1900` at first.

    | step | formula |
    | --- | --- |
    | logits | `dZ2 = (S - Y) / m` |

    ```exercise
    Which way does the loss go with the pass?
    kind: predict
    answer: same
    because: loss < 10
    wrong: bigger | A pass changes no parameter.
    ```

    ```stepgrad
    > backward
    ```

    ```stepgrad shown loss < 2, k == 2
    > X
    > L
    ```

    The shortcut is `dZ2 = (S - Y) / m`.

    ```exercise
    What is the shape of dW2?
    kind: shape
    name: dW2
    answer: A1.T @ dZ2
    wrong: 3x5 | That is its transpose.
    ```

    ```exercise
    How many weights has W2?
    answer: 15
    because: 5 * 3
    wrong: 8 | Added, not multiplied.
    ```

    ```exercise
    Write dW2.
    kind: equation
    name: dW2
    without: S
    answer: A1.T @ dZ2
    answer: (dZ2.T @ A1).T
    wrong: dZ2.T @ A1 | Transposed.
    wrong: A1 @ dZ2 # fails | The inner dimensions differ.
    ```

    ```exercise
    Which layer is first?
    kind: choice
    choice: the hidden one
    choice: the last one
    answer: a
    wrong: b | It comes behind.
    ```

    ```exercise
    Which sign has dW2[0,0] here?
    kind: sign
    answer: dW2[0,0]
    wrong: zero
    ```

    ```exercise
    Put the pass in order.
    kind: order
    item: Z1 = X @ W1 + b1
    item: A1 = relu(Z1)
    item: Z2 = A1 @ W2 + b2
    ```

    ```exercise
    One line computes something else. Which, and what?
    kind: hunt
    answer: dZ2 missing-mean
    hint: Look at the size.
    ```
    """)

  @Test func theLessonIsGood() throws {
    #expect(check.faults(Self.good).map { $0.text(file: "good") } == [])
    let file = try temporaryFile("07-good.md", Self.good)
    try FileAccess.write("# Lessons\n", to: String(file.dropLast("07-good.md".count)) + "README.md")
    #expect(LessonShelf([file]).faults(of: file, Self.good).map { $0.text(file: "good") } == [])
  }

  struct Fault: Sendable, CustomTestStringConvertible {
    var from: String
    var to: String
    /// What stands in the line of the fault.
    var at: String
    /// How many lines above that the fault is.
    var above = 0
    var says: String
    var testDescription: String { "\(from) → \(to)" }
    init(_ from: String, _ to: String, at: String, above: Int = 0, _ says: String) {
      (self.from, self.to, self.at, self.above, self.says) = (from, to, at, above, says)
    }
  }

  static let planted: [Fault] = [
    // Fences and lines.
    Fault("```stepgrad\n> forward", "```stepgard\n> forward", at: "```stepgard", "did you mean stepgrad"),
    Fault("```exercise\nHow", "```excercise\nHow", at: "```excercise", "did you mean exercise"),
    Fault("```stepgrad shown", "```stepgrad showing", at: "```stepgrad showing", "no word of a transcript"),
    Fault("```stepgrad\n> backward", "> backward", at: "> backward", "opens this block is missing"),
    Fault("```exercise\nWrite dW2.", "Write dW2.", at: "Write dW2.", "opens this block is missing"),
    Fault(
      "kind: hunt\nanswer: dZ2 missing-mean\nhint: Look at the size.\n```",
      "kind: hunt\nanswer: dZ2 missing-mean\nhint: Look at the size.", at: "One line computes", above: 1,
      "not closed"),
    Fault("something.", "some\u{7}thing.", at: "- Teaches", "control character"),
    Fault("something.", "some\u{FFFD}thing.", at: "- Teaches", "no UTF-8"),
    Fault("width=80", "width=8000", at: "<!-- stepgrad", "no setting"),
    Fault("```stepgrad\n> backward", "~~~stepgrad\n> backward", at: "~~~", "opens and closes with"),
    Fault("Before it comes", "<!-- Before it comes", at: "<!-- Before", "not closed by"),
    Fault("Before it comes", "Before it <!-- comes", at: "Before it", "in the middle of a line"),
    Fault("Before it comes", "Before `it comes", at: "Before `it", "is not closed"),
    Fault("Before it comes", "Before **it comes", at: "Before **it", "is not closed"),
    Fault("Before it comes", "# Another\n\nBefore it comes", at: "# Another", "one title"),
    Fault("Before it comes", "Before it\n64. comes", at: "64. comes", "as an item of a list"),
    Fault("Before it comes", "Before it\n* comes", at: "* comes", "as an item of a list"),
    Fault("The logit is", "0. The logit is", at: "0. The logit", "as an item of a list"),
    // Transcripts.
    Fault("> forward\n", "> forwards\n", at: "> forwards", "fails"),
    Fault("> dW2 # fails", "> dW2", at: "> dW2", "fails: dW2 is not computed"),
    Fault("> backward\n", "> backward # fails\n", at: "> backward", "does not fail"),
    Fault("-0.1000   0.3500", "-0.1000   0.3700", at: "0.3700", "prints something else"),
    Fault("A1 (4×5) = relu(Z1)", "A1 (4×5) = tanh(Z1)", at: "tanh(Z1)", "prints something else"),
    Fault(
      "S (4×3) = softmax(Z2)\n", "S (4×3) = softmax(Z2)\nQ is new\n", at: "Q is new", "does not print this"),
    Fault("> quiet let k = 2\n", "> quiet let k = 2\nk = 2\n", at: "k = 2\n", above: -1, "shows nothing"),
    Fault("> quiet let k = 2\n", "> quiet let k = q\n", at: "> quiet let k = q", "fails"),
    Fault("k / 4 = 0.5000\n", "", at: "> k / 4", "never recorded"),
    Fault("k / 4 = 0.5000", "k / 4 = 0.6000", at: "0.6000", "prints something else"),
    Fault("loss < 2, k", "loss < 1, k", at: "> L", "does not hold"),
    Fault("loss < 2, k", "lss < 2, k", at: "> L", "cannot be told"),
    Fault("loss < 2, k == 2", "loss < 2, k == 3", at: "> L", "does not hold"),
    Fault("X (4×2)", "X (5×2)", at: "X (5×2)", "prints something else"),
    // Prose.
    Fault("is `dZ2 = (S - Y) / m`", "is `dZ2 = (Y - S) / m`", at: "(Y - S)", "is stated"),
    Fault("is `dZ2 = (S - Y) / m`", "is `dZ2=(Y-S)/m`", at: "(Y-S)", "is stated"),
    Fault("is `dZ2 = (S - Y) / m`", "is `dZ2 == (Y - S) / m`", at: "(Y - S)", "is stated"),
    Fault("is `dZ2 = (S - Y) / m`", "is `dZ2 = (Y − S)/m`", at: "(Y − S)", "is stated"),
    Fault("is `dZ2 = (S - Y) / m`", "is `dW1 = Xᵀ @ dZ2`", at: "Xᵀ", "is stated"),
    Fault("logits | `dZ2 = (S - Y) / m` |", "logits | `dZ2 = S - Y` |", at: "| logits", "is stated"),
    Fault("is `0.1900` at", "is `0.1950` at", at: "0.1950", "figure"),
    Fault("is `0.1900` at", "is `1.9e-3` at", at: "1.9e-3", "figure"),
    Fault("is `0.1900` at", "is `0.1950 nats` at", at: "0.1950", "figure"),
    Fault("is `0.1900` at", "is `0.1900, 0.1950` at", at: "0.1950", "figure '0.1950'"),
    Fault("is `0.1900` at", "is `19.5 %` at", at: "19.5", "figure"),
    Fault("is `0.1900` at", "is `−0.1950` at", at: "0.1950", "figure"),
    Fault(
      "is `dZ2 = (S - Y) / m`", "is `dZ2 = (S - Y) / m = S - Y`", at: "= S - Y`", "'dZ2 = S - Y' is stated"),
    Fault("is `dZ2 = (S - Y) / m`", "is ``dZ2 = S - Y``", at: "``dZ2", "is stated"),
    Fault("is `dZ2 = (S - Y) / m`", "is **`dZ2 = S - Y`**", at: "**`dZ2", "is stated"),
    Fault("hint: Look at the size.", "hint: See `dZ2 = S - Y`.", at: "hint: See", "is stated"),
    Fault("| It comes behind.", "| It is `dZ2 = S - Y`.", at: "wrong: b |", "is stated"),
    // Parts of what is printed.
    Fault("is `dZ2 = (S - Y) / m`", "is `dZ2 = (S - Y)`", at: "`dZ2 = (S - Y)`", "is stated"),
    Fault("is `dZ2 = (S - Y) / m`", "is `dA1 = dZ2 @ W2`", at: "`dA1 = dZ2", "is stated"),
    Fault("is `dZ2 = (S - Y) / m`", "is `dZ1 = dA1`", at: "`dZ1 = dA1`", "is stated"),
    Fault("is `dZ2 = (S - Y) / m`", "is `dW1 = X`", at: "`dW1 = X`", "is stated"),
    Fault("is `dZ2 = (S - Y) / m`", "is `Z1 = X @ W1`", at: "`Z1 = X", "is stated"),
    Fault("is `dZ2 = (S - Y) / m`", "is `L = 1.0`", at: "`L = 1.0`", "is stated"),
    Fault("is `dZ2 = (S - Y) / m`", "is `Z1 = dA1 * (Z1 > 0)`", at: "`Z1 = dA1", "is stated"),
    Fault("is `dZ2 = (S - Y) / m`", "is `db2 = sum(dZ2`", at: "`db2 = sum(dZ2", "is stated"),
    Fault("is `dZ2 = (S - Y) / m`", "is `dZ1 = dA1 *`", at: "`dZ1 = dA1 *`", "is stated"),
    Fault("is `dZ2 = (S - Y) / m`", "is `L = 1.05`", at: "`L = 1.05`", "is stated"),
    Fault("is `dZ2 = (S - Y) / m`", "is `dZ2 (3×4) = (S - Y) / m`", at: "(3×4)", "is stated"),
    Fault("is `dZ2 = (S - Y) / m`", "is `W1 ← W1 + lr * dW1`", at: "W1 ←", "is stated"),
    Fault("is `dZ2 = (S - Y) / m`", "is `dW1 := X.T @ dZ2`", at: "dW1 :=", "is stated"),
    Fault("is `dZ2 = (S - Y) / m`", "is `dW1 ≈ X.T @ dZ2`", at: "dW1 ≈", "is stated"),
    Fault("is `dZ2 = (S - Y) / m`", "is `dW1` = `X.T @ dZ2`", at: "`X.T @ dZ2`", "is stated"),
    Fault("is `dZ2 = (S - Y) / m`", "is `sum(S) = 4.5`", at: "sum(S)", "is stated"),
    Fault("is `0.1900` at", "is `0.1900 → 0.1950` at", at: "0.1950", "figure '0.1950'"),
    // Without backticks, and in the second line of a paragraph.
    Fault(
      "The shortcut is", "The shortcut is\nthis, dW1 = X @ dZ1, again, or", at: "this, dW1", "is stated"),
    Fault("The shortcut is", "The shortcut is\nnot dW1=X·dZ1 but", at: "not dW1", "is stated"),
    Fault("The shortcut is", "The shortcut is ∂W1 = X.T @ dZ2 or", at: "∂W1 =", "is stated"),
    Fault("| logits | `dZ2 = (S - Y) / m` |", "| logits | dW1 = X @ dZ1 |", at: "| logits", "is stated"),
    Fault("hint: Look at the size.", "hint: See dW1 = X @ dZ1.", at: "hint: See", "is stated"),
    Fault("The shortcut is", "The shortcut is, at\n`0.8618`,", at: "`0.8618`", "figure"),
    Fault("```exercise\nHow", "```exercise hard\nHow", at: "```exercise hard", "stands alone"),
    Fault("```stepgrad\n> backward", "````stepgrad\n> backward", at: "````", "three backticks"),
    Fault("wrong: 8 | Added, not multiplied.", "wrong: 8 | It is 15.", at: "wrong: 8", "given away"),
    Fault("wrong: b | It comes behind.", "wrong: b | The answer is a.", at: "wrong: b |", "given away"),
    Fault(
      "wrong: dZ2.T @ A1 | Transposed.",
      "wrong: dZ2.T @ A1 | Transposed.\nhint: Not so.\nhint: It is A1.T@dZ2.",
      at: "hint: It is", "given away"),
    // Exercises.
    Fault("because: 5 * 3\n", "because: 15\n", at: "answer: 15", "gives no reason"),
    Fault(
      "name: dW2\nanswer: A1.T @ dZ2\nwrong: 3x5", "name: dW2\nanswer: 4x3\nwrong: 3x5", at: "answer: 4x3",
      "is not dW2"),
    Fault(
      "name: dW2\nanswer: A1.T @ dZ2\nwrong: 3x5", "answer: 5x3\nwrong: 3x5", at: "answer: 5x3",
      "needs a 'because"),
    Fault(
      "name: dW2\nanswer: A1.T @ dZ2\nwrong: 3x5", "answer: 5x3\nbecause: dW1\nwrong: 3x5", at: "answer: 5x3",
      "not the shape of dW1"),
    Fault(
      "answer: dW2[0,0]", "answer: positive\nbecause: -L", at: "answer: positive", "not the sign"),
    Fault("answer: dW2[0,0]", "answer: positive", at: "answer: positive", "needs a 'because"),
    Fault("kind: choice", "kind: chioce", at: "kind: chioce", "no kind"),
    Fault("kind: equation", "kind: essay", at: "kind: essay", "no kind"),
    Fault("answer: 15\n", "answer: 16\n", at: "answer: 16", "is not 5 * 3"),
    Fault("because: 5 * 3\n", "", at: "answer: 15", "because"),
    Fault("because: 5 * 3\n", "because: 5 * Q\n", at: "answer: 15", "fails"),
    Fault("hint: Look at the size.", "hint:", at: "hint:", "says nothing"),
    Fault("kind: sign\n", "kind: sign\nkind: sign\n", at: "kind: sign\n", above: -1, "stands here twice"),
    Fault("because: 5 * 3\n", "because: 5 * 3\nbecause: 15\n", at: "because: 15", "stands here twice"),
    Fault("choice: the last one", "choice: the hidden one", at: "Which layer", above: 1, "are the same"),
    Fault("without: S\n", "without: A9\n", at: "without: A9", above: -1, "there is no 'A9'"),
    Fault("because: loss < 10", "because: 1", at: "answer: same", "true of everything"),
    Fault(
      "wrong: 8 | Added, not multiplied.", "wrong: 8 | Added.\nwrong: 5 + 3 | Not multiplied.",
      at: "wrong: 5 + 3",
      "have one value"),
    Fault("answer: 15\nbecause: 5 * 3\n", "", at: "How many weights", above: 1, "no 'answer"),
    Fault("How many weights has W2?\nanswer", "answer", at: "answer: 15", above: 1, "asks nothing"),
    Fault("wrong: 8 |", "wrong: 15.0 |", at: "wrong: 15.0", "judged right"),
    Fault("wrong: 8 |", "wrong: Q + 1 |", at: "wrong: Q", "has no value"),
    Fault("wrong: 3x5", "wrong: A1.T @ dZ2 * 2", at: "wrong: A1.T", "judged right"),
    Fault("wrong: A1 @ dZ2 # fails", "wrong: A1 @ dZ2", at: "wrong: A1 @ dZ2", "has no value"),
    Fault("wrong: dZ2.T @ A1 |", "wrong: dZ2.T @ A1 # fails |", at: "wrong: dZ2.T @ A1", "has a value"),
    Fault("answer: (dZ2.T @ A1).T", "answer: (dZ2.T @ A1).T * 2", at: "answer: (dZ2", "is not 'A1.T"),
    Fault("answer: (dZ2.T @ A1).T", "answer: dW2", at: "answer: dW2", "is not 'A1.T"),
    Fault(
      "without: S\nanswer: A1.T @ dZ2", "without: S\nanswer: A1.T @ (S - Y) / m", at: "answer: A1.T @ (S",
      "without S"),
    Fault(
      "without: S\nanswer: A1.T @ dZ2", "without: S\nanswer: dW2", at: "answer: dW2", "name that is asked for"
    ),
    Fault(
      "without: S\nanswer: A1.T @ dZ2", "without: S\nanswer: 2 * A1.T @ dZ2", at: "answer: 2 * A1",
      "judged wrong"),
    Fault("without: S\nanswer: A1.T @ dZ2", "without: S\nanswer: A9", at: "answer: A9", "fails"),
    Fault("answer: a\n", "answer: c\n", at: "answer: c", "takes a, b"),
    Fault("wrong: b |", "wrong: a |", at: "wrong: a", "judged right"),
    Fault(
      "choice: the hidden one\nchoice: the last one", "choice: the hidden one", at: "Which layer", above: 1,
      "two 'choice"),
    Fault("wrong: zero", "wrong: negative", at: "wrong: negative", "judged right"),
    Fault("wrong: zero", "wrong: maybe", at: "wrong: maybe", "takes positive"),
    Fault("answer: dW2[0,0]", "answer: dW2", at: "answer: dW2\n", "sign of a number"),
    Fault("item: Z2 = A1 @ W2 + b2\n", "", at: "Put the pass", above: 1, "three 'item"),
    Fault(
      "answer: same\nbecause: loss < 10", "answer: same\nbecause: loss < 1", at: "answer: same", "come true"),
    Fault("answer: same\nbecause: loss < 10", "answer: same", at: "answer: same", "needs a 'because"),
    Fault(
      "answer: dZ2 missing-mean", "answer: dZ2 missing-flip", at: "answer: dZ2 missing-flip",
      "the answer fails"),
    Fault("answer: dZ2 missing-mean", "answer: dQ missing-mean", at: "answer: dQ", "the answer fails"),
    Fault(
      "hint: Look at the size.", "hint: Look at the size.\nNothing else.", at: "Nothing else.",
      "no other text"),
  ]

  @Test(arguments: planted) func isFoundInItsLine(_ fault: Fault) throws {
    let broken = Self.good.replacing(fault.from, with: fault.to, maxReplacements: 1)
    try #require(broken != Self.good, "\(fault.from) is not there")
    let faults = check.faults(broken)
    let place = line(of: fault.at.split(separator: "\n").joined(), in: broken).map { $0 - fault.above }
    #expect(
      faults.contains { $0.line == place && $0.message.contains(fault.says) },
      "line \(place ?? 0): \(faults.map { $0.text(file: "f") })")
  }

  /// What holds only behind the command after next was not shown by the next one.
  @Test func aPredictionIsSeenByTheNextCommand() {
    let text = recorded(
      """
      ```exercise
      How large is k?
      kind: predict
      choice: 1
      choice: 2
      answer: b
      because: k == 2
      ```

      ```stepgrad
      > let k = 1
      > let k = 2
      ```
      """)
    #expect(check.faults(text).map(\.line) == [line(of: "answer: b", in: text)])
    #expect(check.faults(text.replacing("k == 2", with: "k == 1")).isEmpty)
  }

  /// A condition says what was predicted only if it speaks of it.
  @Test func aPredictedShapeIsThatOfItsReason() {
    let text = recorded(
      """
      ```exercise
      Which shape has W1 + b1?
      kind: predict
      answer: 2x5
      because: sum(0 * (W1 + b1) + 1) == 10
      ```

      ```stepgrad
      > W1 + b1
      ```
      """)
    #expect(check.faults(text).isEmpty)
    #expect(
      check.faults(text.replacing("answer: 2x5", with: "answer: 2x6")).map(\.line) == [
        line(of: "answer: ", in: text)
      ])
  }

  @Test func aPageDoesNotAccuseWrongly() {
    let text = recorded("```stepgrad\n> hunt dZ2 missing-mean\n> backward\n> accuse dZ2 missing-mean\n```\n")
    #expect(check.faults(text).isEmpty)
    let wrong = check.recorded(text.replacing("> accuse dZ2", with: "> accuse dW2"))
    #expect(check.faults(wrong).contains { $0.message.contains("accuses what is not planted") })
    #expect(
      check.faults(wrong.replacing("> accuse dW2 missing-mean", with: "> accuse dW2 missing-mean # fails"))
        .isEmpty)
  }

  /// One fault is one line, whatever the block would print.
  @Test func ofABlockThatWasNeverRecordedThereIsOneLine() {
    let text = "<!-- stepgrad: width=80 seed=1 color=never -->\n# A\n\n```stepgrad\n> forward\n```\n"
    #expect(check.faults(text).count == 1)
    let many = check.faults(text.replacing("> forward", with: "> forward\n> backward\n> loss"))
    #expect(many.map(\.line) == [5] && many.first?.message.contains("3 commands") == true)
  }

  /// Whole formulas, in another way of writing, are what is printed.
  @Test(arguments: [
    "`dZ2=(S−Y)/m`", "`dZ2 == (S - Y) / m`", "`∂Z2 = (S - Y) / m`", "dZ2 = (S - Y) / m (the shortcut)",
    "`dZ2` = `(S - Y) / m`", "`dZ2 (4×3) = (S - Y) / m`", "`k = 2`", "`k = 2.0`", "`h=1e-5`", "m = 4 samples",
    "`L = 1.04`",
  ])
  func isShown(_ stated: String) {
    let text = Self.good.replacing("is `dZ2 = (S - Y) / m`", with: "is \(stated)")
    #expect(check.faults(text).map { $0.text(file: "f") } == [])
  }

  /// What only the file's neighbours and the whole page tell.
  @Test(arguments: [
    ("<!-- stepgrad: width=80 seed=1 color=never -->\n", "", 1, "the first line"),
    ("- Source: Simple Neural Network, the backward pass.\n", "", 6, "'- Source: …' is missing here"),
    ("- Source:", "- Sorce:", 6, "did you mean 'Source'"),
    ("(README.md)", "(04-nowhere.md)", 8, "leads nowhere"),
    ("comes [what", "comes, as lesson 12 says, [what", 8, "there is no lesson 12"),
    ("(README.md)", "(#nowhere)", 8, "leads nowhere"),
    ("Write dW2.", "Write dW2 as in lesson 12.", 0, "there is no lesson 12"),
    ("Write dW2.", "Write dW2, see [here](nowhere.md).", 0, "leads nowhere"),
    ("hint: Look at the size.", "hint: Look into lesson 12.", 0, "there is no lesson 12"),
    ("- Assumes: nothing.", "- Assumes:", 1, "says nothing"),
    ("# A test", "# 8. A test", 2, "the title says 8"),
    ("<!-- stepgrad", "\n<!-- stepgrad", 1, "the first line"),
    ("How many weights has W2?", "What is log(2)?", 0, "asks this as well"),
  ])
  func beside(_ from: String, _ to: String, _ number: Int, _ says: String) throws {
    var broken = Self.good.replacing(from, with: to)
    if says.contains("asks") { broken = broken.replacing("answer: 15\n", with: "answer: log(2)\n") }
    let file = try temporaryFile("07-good.md", broken)
    let folder = String(file.dropLast("07-good.md".count))
    try FileAccess.write("# Lessons\n", to: folder + "README.md")
    try FileAccess.write(
      "# Other\n\n```exercise\nWhat is log(2)?\nanswer: log(2)\n```\n", to: folder + "08-other.md")
    let faults = LessonShelf([file]).faults(of: file, broken)
    // Outputs above it have as many lines as they have.
    let place = number > 0 ? number : (line(of: to, in: broken) ?? 0) - (says.contains("asks") ? 1 : 0)
    #expect(faults.contains { $0.message.contains(says) && $0.line == place }, "\(faults)")
  }

  @Test func twoFilesOfOneName() throws {
    let file = try temporaryFile("07-good.md", Self.good)
    let twin = file.replacing("07-good", with: "08-good")
    try FileAccess.write(Self.good, to: twin)
    #expect(LessonShelf([file]).faults(of: file, Self.good).contains { $0.message.contains("the same name") })
  }

  @Test func aLessonAsksSomething() throws {
    let text = "<!-- stepgrad: width=80 seed=1 color=never -->\n# A\n\nWords.\n"
    let file = try temporaryFile("01-a.md", text)
    #expect(LessonShelf([file]).faults(of: file, text).contains { $0.message.contains("no exercise") })
  }

  @Test func whatFailsIsNotRecorded() {
    for command in ["forwards", "zeros(1, 1) / 0"] {
      let text = "<!-- stepgrad: width=80 seed=1 color=never -->\n# A\n\n```stepgrad\n> \(command)\n```\n"
      let (recorded, refused) = check.recording(text)
      #expect(recorded == text && refused.map(\.line) == [5], "\(command)")
    }
  }
}
