import Commands
import Lessons
import LinearAlgebra
import Operations
import Reports
import Sessions
import Testing

/// A lesson cannot go stale: every way of breaking one is reported at its place.
@Suite struct LessonCheckTests {
  static let good = recorded(
    """
    ```stepgrad
    > forward
    > dW2 # fails
    ```

    ```stepgrad
    > backward
    ```

    The shortcut is `dZ2 = (S - Y) / m`.

    ```exercise
    What is the shape of dW2?
    kind: shape
    answer: A1.T @ dZ2
    wrong: 3x5
    ```
    """
  )

  /// Figures worked with NumPy: A1 @ W2 + b2 with relu(X @ W1 + b1) of the first session; its entry (0, 2) is 0.35.
  @Test func recordedOutputIsWhatNumPySays() {
    #expect(Self.good.contains("⎡  0.1900  -0.1000   0.3500 ⎤"))
    #expect(check.faults(Self.good).isEmpty)
  }

  @Test func wrongDigitIsReportedAtItsLine() throws {
    let broken = Self.good.replacing("-0.1000   0.3500", with: "-0.1000   0.3700")
    let fault = try #require(check.faults(broken).first)
    #expect(fault.line == line(of: "0.3700", in: broken))
    #expect(fault.expected?.contains("0.3700") == true && fault.printed?.contains("0.3500") == true)
    #expect(check.faults(broken).count == 1)
  }

  @Test func lastDigitMayDifferByOne() {
    #expect(check.faults(Self.good.replacing("-0.1000   0.3500", with: "-0.1000   0.3501")).isEmpty)
    #expect(check.faults(Self.good.replacing("-0.1000   0.3500", with: "-0.1000   0.3502")).count == 1)
    // A count has no last digit to be off by.
    #expect(check.faults(Self.good.replacing("\nZ1 (4×5)", with: "\nZ1 (4×6)")).count == 1)
  }

  @Test func changedFormulaIsReportedAtItsLine() throws {
    let broken = Self.good.replacing("dW2 (5×3) = A1.T @ dZ2", with: "dW2 (5×3) = A1 @ dZ2.T")
    let fault = try #require(check.faults(broken).first)
    #expect(fault.line == line(of: "A1 @ dZ2.T", in: broken))
  }

  @Test func missingLineIsReportedOnceAtItsPlace() throws {
    let removed = "A1 (4×5) = relu(Z1)\n"
    let broken = Self.good.replacing(removed, with: "")
    let faults = check.faults(broken)
    #expect(faults.count == 1)
    #expect(faults.first?.line == line(of: "A1 (4×5)", in: Self.good))
    #expect(faults.first?.printed == "A1 (4×5) = relu(Z1)")
  }

  @Test func lineTooManyIsReportedOnceAtItsPlace() throws {
    let broken = Self.good.replacing("S (4×3) = softmax(Z2)\n", with: "Q = 1\nS (4×3) = softmax(Z2)\n")
    let faults = check.faults(broken)
    #expect(faults.map(\.line) == [line(of: "Q = 1", in: broken)])
  }

  @Test func changedFormulaOfTheProseIsReported() throws {
    let broken = Self.good.replacing("is `dZ2 = (S - Y) / m`", with: "is `dZ2 = (Y - S) / m`")
    let faults = check.faults(broken)
    #expect(faults.map(\.line) == [line(of: "(Y - S)", in: broken)])
  }

  @Test func allFaultsComeInOneRun() {
    let broken = Self.good.replacing("-0.1000   0.3500", with: "-0.1000   0.3700")
      .replacing("dW2 (5×3) = A1.T @ dZ2", with: "dW2 (5×3) = A1 @ dZ2.T")
      .replacing("is `dZ2 = (S - Y) / m`", with: "is `dZ2 = S - Y + m`")
      .replacing("> backward", with: "> bakward")
    let faults = check.faults(broken)
    // The digit, the command, the prose, and the exercise whose dZ2 is now never computed.
    #expect(faults.count == 4)
    #expect(faults.map(\.line) == faults.map(\.line).sorted())
  }

  @Test func failureMustBeExpectedAndExpectedFailureMustFail() throws {
    let unexpected = Self.good.replacing("> dW2 # fails", with: "> dW2")
    #expect(check.faults(unexpected).contains { $0.message.contains("fails: dW2 is not computed yet") })
    let needless = Self.good.replacing("> backward", with: "> backward # fails")
    #expect(check.faults(needless).contains { $0.message.contains("does not fail") })
    let message = Self.good.replacing("is not computed yet", with: "is computed")
    #expect(check.faults(message).first?.line == line(of: "is computed", in: message))
  }

  @Test func dotsSkipAndAreKept() {
    let short = recorded("```stepgrad\n> forward\nx\n...\nx\n```\n")
    #expect(short.contains("> forward\nZ1 (4×5) = X @ W1 + b1\n...\n"))
    #expect(check.faults(short).isEmpty)
    #expect(check.recorded(short) == short)
    let broken = short.replacing("Z1 (4×5)", with: "Z9 (4×5)")
    #expect(check.faults(broken).count == 1)
  }

  /// What stands between two `...` is kept where it is printed still, with the numbers of now.
  @Test func whatStandsBetweenDotsIsKept() {
    let text = recorded(
      "```stepgrad\n> train epochs=9\nepoch 1: loss 1\n...\nepoch 5: loss 7.777, accuracy 5 %\n...\nepoch 9: loss 7.7, accuracy 5 %\n...\n```\n"
    )
    let lines = text.split(separator: "\n").filter { $0.hasPrefix("epoch") || $0 == "..." }
    #expect(lines.count == 6 && lines[2].hasPrefix("epoch 5: loss") && !lines[2].contains("7.777"))
    #expect(check.faults(text).isEmpty, "\(text)")
    let other = text.replacing("epoch 5: loss", with: "era 5: loss")
    let (kept, refused) = check.recording(other)
    #expect(kept == other && refused.first?.message.contains("between two '...'") == true)
  }

  @Test func dotsAtTheEndOfALineSkipTheRestOfIt() {
    let text = Self.good.replacing("⎡  0.1900  -0.1000   0.3500 ⎤", with: "⎡  0.1900 ...")
    #expect(check.faults(text).isEmpty)
    #expect(check.recorded(text) == text)
    #expect(check.faults(text.replacing("⎡  0.1900 ...", with: "⎡  0.1700 ...")).count == 1)
  }

  @Test func exercisesAreChecked() {
    let body = """
      ```stepgrad
      > forward
      ...
      > backward
      ...
      ```

      ```exercise
      dW2?
      kind: equation
      name: dW2
      answer: A1.T @ dZ2
      wrong: dZ2.T @ A1
      ```

      """
    #expect(check.faults(recorded(body)).isEmpty)
    #expect(
      check.faults(recorded(body.replacing("answer: A1.T", with: "answer: 2 * A1.T"))).map(\.message) == [
        "the answer '2 * A1.T @ dZ2' is judged wrong", "the answer '2 * A1.T @ dZ2' is not dW2",
      ])
    #expect(
      check.faults(recorded(body.replacing("wrong: dZ2.T @ A1", with: "wrong: (dZ2.T @ A1).T"))).count == 1)
    #expect(check.faults(recorded(body.replacing("answer: A1.T @ dZ2", with: "answer: A9"))).count == 1)
    #expect(check.faults(recorded(body.replacing("kind: equation", with: "kind: essay"))).count == 1)
  }

  @Test func aLessonOpensNoFiles() throws {
    let target = try temporaryFile("untouched", "old")
    for command in ["save \(target)", "load \(target)", "quit", "next"] {
      let faults = check.faults("# A\n\n```stepgrad\n> \(command)\n```\n")
      #expect(faults.contains { $0.message.contains("a lesson may not run") }, "\(command)")
    }
    #expect(try FileAccess.read(target) == "old")
  }

  @Test func controlCharactersAreFaultsAndNeverPrinted() {
    let text = "# A\u{1B}[2J\n\n```stepgrad\n> W1 \u{7}\u{9B}31m\nx\u{1B}]0;evil\u{7}\n```\n"
    let faults = check.faults(text)
    #expect(faults.contains { $0.line == 1 && $0.message.contains("control character") })
    for fault in faults {
      let printed = fault.text(file: "f")
      #expect(
        !printed.unicodeScalars.contains { $0.value < 32 && $0 != "\n" || (127..<160).contains($0.value) })
    }
  }

  /// Any text is a lesson or is told what it lacks; none traps.
  @Test(arguments: [
    "", "```", "```stepgrad\n>", "```exercise\nkind:", "# \n> x\n```stepgrad\n...\n> \n```", "|",
    "```stepgrad\n> model\n> a\n```",
  ])
  func brokenFilesAreReported(_ text: String) {
    #expect(!check.faults(text).isEmpty)
    _ = check.recorded(text)
  }

  @Test func settingsAreRead() {
    let (lesson, faults) = LessonParser.parse("<!-- stepgrad: width=60 seed=7 color=never -->\n# A\n")
    #expect(
      lesson.settings
        == {
          var s = LessonSettings(); s.width = 60; s.seed = 7; return s
        }())
    #expect(faults.isEmpty)
    #expect(LessonParser.parse("<!-- stepgrad: width=x -->\n# A\n").faults.map(\.line) == [1])
    let wide =
      "<!-- stepgrad: width=40 seed=1 color=never -->\n# A\n\n```stepgrad\n> 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1\n...\n```\n"
    #expect(check.faults(wide).contains { $0.message.contains("wider than 40") })
  }
}
