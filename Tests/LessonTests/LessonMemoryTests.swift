import Commands
import Lessons
import LinearAlgebra
import Sessions
import Testing

/// Predictions, hunts, what was missed, and where one is in the course.
@Suite struct LessonMemoryTests {
  static let text = """
    # Memory

    ```exercise
    The sum of 2 and 3?
    answer: 2 + 3
    hint: Count.
    ```

    ```exercise
    Will it be bigger than 1?
    kind: predict
    answer: bigger
    because: ans1 > 1
    ```

    ```stepgrad
    > let ans1 = 2
    ...
    > backward
    ...
    ```

    ```exercise
    Which line is wrong?
    kind: hunt
    answer: dZ2 missing-mean
    ```

    ```exercise
    Which?
    kind: choice
    choice: this
    choice: that
    answer: b
    ```
    """

  private func workspace() throws -> (Workspace, folder: String) {
    var workspace = Workspace(commands: .withLessons)
    workspace.outside.isInteractive = true
    let file = try temporaryFile("08-memory.md", Self.text)
    let folder = String(file.dropLast("/08-memory.md".count))
    workspace.outside.lessonDirectories = [folder]
    workspace.outside.stateDirectory = folder
    return (workspace, folder)
  }

  @Test func theLessonWaitsForAPrediction() throws {
    var (w, _) = try workspace()
    _ = output("lesson 8.2", &w)
    #expect(output("", &w).contains("say first what you expect: bigger, smaller or the same"))
    #expect(output("smaller", &w).contains("noted: smaller"))
    #expect(output("", &w).contains("> let ans1 = 2"))
    #expect(w.lesson?.solved == [])
  }

  @Test func aHuntInALesson() throws {
    var (w, _) = try workspace()
    #expect(output("lesson 8.3", &w).contains("Which line is wrong?"))
    // m = 4 samples, so dW2 is four times too large: gradcheck says so, and the formula shown is the right one.
    #expect(output("gradcheck", &w).contains("WRONG"))
    #expect(output("dZ1 missing-mean", &w).contains("no"))
    #expect(output("accuse dZ2 missing-mean", &w).contains("right"))
    #expect(w.lesson?.solved == [2])
    // The letter b is an answer, and not gdb's break.
    _ = output("", &w)
    #expect(output("b", &w).contains("right"))
  }

  @Test func whatIsRevealedIsClosedAndComesBack() throws {
    var (w, folder) = try workspace()
    _ = output("lesson 8.1", &w)
    #expect(output("4", &w).contains("not right"))
    #expect(output("reveal", &w).contains("2 + 3"))
    #expect(w.lesson?.asks == false && w.lesson?.solved == [])
    let tomorrow = try FileAccess.read(folder + "/missed")
    #expect(tomorrow.hasPrefix("memory\t0\t0\t"))
    #expect(output("today", &w).contains("comes back in 1 day"))
    // A day later.
    try FileAccess.write("memory\t0\t0\t100\nmemory\t3\t4\t101\ngone\t0\t0\t99\n", to: folder + "/missed")
    _ = output("lesson leave", &w)
    #expect(output("lessons", &w).contains("3 questions that you missed"))
    let page = output("today", &w)
    #expect(page.contains("From 'memory'") && page.contains("sum of 2 and 3") && !page.contains("hint 1"))
    #expect(output("5", &w).contains("right"))
    #expect(output("", &w).contains("Which?"))
    #expect(output("b", &w).contains("right"))
    #expect(output("", &w).contains("the end of 'today'"))
    let left = try FileAccess.read(folder + "/missed").split(separator: "\n").map(String.init)
    // After three days more; the one that was answered five times is known now.
    #expect(
      left.count == 2 && left.contains { $0.hasPrefix("memory\t0\t1\t") } && left.contains("gone\t0\t0\t99"))
  }

  /// There the page does not go on to show it.
  @Test func aPredictionOfAnotherDayIsResolved() throws {
    var (w, folder) = try workspace()
    try FileAccess.write("memory\t1\t0\t100\n", to: folder + "/missed")
    #expect(output("today", &w).contains("Enter to pass by"))
    #expect(output("smaller", &w).contains("no: not smaller"))
    #expect(w.lesson?.asks == true)
    #expect(output("bigger", &w).contains("right"))
    #expect(w.lesson?.asks == false)
  }

  /// What is typed at an open question is meant for it.
  @Test func strayAnswers() throws {
    let text = """
      # Orders

      ```exercise
      In which order?
      kind: order
      item: dZ2
      item: dA1
      item: dZ1
      ```

      ```exercise
      Which?
      kind: choice
      choice: this
      choice: that
      answer: b
      ```

      ```exercise
      Which line is wrong?
      kind: hunt
      answer: dZ2 missing-mean
      ```

      ```exercise
      Will it grow?
      kind: predict
      answer: bigger
      because: k == 2
      ```

      ```stepgrad
      > let k = 2
      ```
      """
    var w = Workspace(commands: .withLessons)
    w.outside.isInteractive = true
    let file = try temporaryFile("08-orders.md", text)
    w.outside.lessonDirectories = [String(file.dropLast("/08-orders.md".count))]
    _ = output("lesson 8.1", &w)
    #expect(output("dZ1, dA1, dZ2", &w).contains("no: "))
    #expect(output("dZ2, dA1, dZ1, dX", &w).contains("error"))
    #expect(output("d", &w).contains("the letters in their order"))
    #expect(output("answer dZ2, dA1, dZ1", &w).contains("right"))
    _ = output("lesson 8.2", &w)
    #expect(output("d", &w).contains("answered by a, b"))
    #expect(!output("h", &w).contains("answered by"))
    _ = output("lesson 8.4", &w)
    #expect(output("+", &w).contains("bigger, smaller or the same"))
    #expect(output("positive", &w).contains("bigger, smaller or the same"))
    _ = output("lesson 8.3", &w)
    #expect(output("dZ1", &w).contains("and which mistake?"))
    #expect(output("dZ1 divided by m twice", &w).contains("the line and the mistake"))
    #expect(output("double-mean dZ1", &w).contains("no: that line"))
    _ = output("backward", &w)
    #expect(output("dZ1", &w).contains("dZ1 (4×5)"))
    #expect(output("missing-mean dZ2", &w).contains("right"))
  }

  @Test func lessonsSayWhatIsRightAndWhatIsOpen() throws {
    var (w, _) = try workspace()
    _ = output("lesson 8.1", &w)
    _ = output("5", &w)
    _ = output("lesson leave", &w)
    let list = output("lessons", &w)
    #expect(list.contains("1/4") && list.contains("lesson 8.2  the first question that is open"))
    #expect(output("lesson 8.9", &w).contains("'memory' has 4 exercises"))
    #expect(output("lesson 9.1", &w).contains("error: there is no lesson"))
  }
}
