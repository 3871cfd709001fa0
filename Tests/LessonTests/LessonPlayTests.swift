import Commands
import Formulas
import Lessons
import LinearAlgebra
import Sessions
import Testing

/// Playing a lesson: pages, free commands between them, exercises, leaving and coming back.
@Suite struct LessonPlayTests {
  static let text = """
    # Test lesson

    First **words**.

    ```stepgrad
    > forward
    Z1
    ...
    ```

    Second words.

    ```stepgrad
    > show S[0, 0]
    S
    > backward
    ...
    ```

    ```exercise
    Write dW2.
    kind: equation
    name: dW2
    answer: A1.T @ dZ2
    hint: The shape of W2 is 5×3.
    hint: A1 is transposed.
    ```

    Last words.
    """

  func workspace(state: String? = nil) throws -> (Workspace, String) {
    var workspace = Workspace(commands: .withLessons)
    workspace.outside.isInteractive = true
    workspace.outside.stateDirectory = state
    return (workspace, try temporaryFile("test.md", Self.text))
  }

  @Test func pagesGoForwardsAndBackwards() throws {
    var (w, file) = try workspace()
    let first = output("load \(file)", &w)
    #expect(
      first.contains("First words.") && first.contains("> forward\nZ1 (4×5)") && first.contains("step 1 of 4")
    )
    let second = output("", &w)
    #expect(second.contains("Second words.") && second.contains("S[0,0] = 0.3423"))
    // What the page skips is skipped.
    #expect(second.contains("> backward\n...\n") && !second.contains("dZ2 ("))
    #expect(w.session.computed("dW2") != nil)
    #expect(output("back", &w).contains("First words."))
    #expect(w.session.computed("dW2") == nil)
    #expect(output("", &w).contains("Second words."))
    #expect(output("n", &w).contains("Write dW2."))
    #expect(output("lesson", &w).contains("step 3 of 4"))
    #expect(output("next", &w).contains("Last words."))
    #expect(output("next", &w).contains("the end of 'test'"))
    _ = output("lesson restart", &w)
    #expect(output("back", &w).contains("error: this is the first page"))
  }

  @Test func freeCommandsDoNotDisturbTheLesson() throws {
    var (w, file) = try workspace()
    _ = output("load \(file)", &w)
    _ = output("set W1 = zeros(2, 5); net 2 6:tanh 3:softmax", &w)
    // S[0, 0] of the first session; exp(0.19) / (exp(0.19) + exp(-0.1) + exp(0.35)).
    #expect(output("next", &w).contains("S[0,0] = 0.3423"))
    _ = output("restart; step; step", &w)
    // Behind a command of the pass, back is the pass's; an empty line goes on with the lesson all the same.
    #expect(output("back", &w).contains("Z1 (4×5)"))
    #expect(output("", &w).contains("Write dW2."))
    #expect(output("lesson back", &w).contains("Second words."))
    #expect(output("lesson back", &w).contains("First words."))
  }

  @Test func sessionOfBeforeComesBack() throws {
    var (w, file) = try workspace()
    _ = output("let mine = 42; step", &w)
    _ = output("load \(file)", &w)
    _ = output("next", &w)
    #expect(w.session.scratch["mine"] == nil)
    _ = output("load \(file)", &w)
    #expect(output("lesson leave", &w).contains("left 'test'"))
    #expect(w.session.scratch["mine"] == Tensor(42) && w.session.cursor == 1 && w.lesson == nil)
    #expect(output("undo", &w).contains("taken back"))
    #expect(w.session.cursor == 0)
    // Without a lesson it is the next step, and is taken back as one.
    #expect(output("next", &w).contains("Z1 (4×5)"))
    #expect(output("undo", &w).contains("taken back: 'next'") && w.session.cursor == 0)
  }

  @Test func everyEquivalentAnswerCounts() throws {
    for answer in ["A1.T @ dZ2", "dW2 = A1.T @ dZ2", "(dZ2.T @ A1).T", "answer A1.T @ (S - Y) / m"] {
      var (w, file) = try workspace()
      _ = output("load \(file)", &w)
      _ = output("next", &w)
      _ = output("next", &w)
      #expect(output(answer, &w).contains("right"), "\(answer)")
      #expect(w.lesson?.solved == [0])
    }
  }

  @Test func wrongAnswersAreToldSoAndHintsComeByDegrees() throws {
    var (w, file) = try workspace()
    _ = output("load \(file)", &w)
    _ = output("next", &w)
    _ = output("next", &w)
    #expect(!output("dZ2.T @ A1", &w).contains("right:"))
    #expect(w.lesson?.solved == [])
    #expect(output("A9", &w).contains("error"))
    #expect(output("hint", &w).contains("hint 1 of 2: The shape"))
    #expect(output("hint", &w).contains("hint 2 of 2: A1"))
    #expect(output("hint", &w).contains("all 2 hints"))
    #expect(output("reveal", &w).contains("dW2 (5×3) = A1.T @ dZ2"))
    // The numbers of the matrix are no formula.
    #expect(output("[[1, 2, 3]]", &w).contains("right") == false)
  }

  @Test func progressLastsAndIsKeptOnlyForAPerson() throws {
    let state = String(try temporaryFile("x", "").dropLast(2))
    var (w, file) = try workspace(state: state)
    _ = output("load \(file)", &w)
    _ = output("next", &w)
    _ = output("next", &w)
    _ = output("A1.T @ dZ2", &w)
    #expect(try FileAccess.read(state + "/lessons") == "test\t3\t3\t4\t0\n")
    var (later, _) = try workspace(state: state)
    let resumed = output("load \(file)", &later)
    #expect(resumed.contains("taken up where you left") && resumed.contains("Write dW2."))
    #expect(later.lesson?.solved == [0] && later.session.computed("dW2") != nil)
    later.outside.isInteractive = false
    _ = output("lesson restart", &later)
    #expect(try FileAccess.read(state + "/lessons") == "test\t3\t3\t4\t0\n")
  }

  @Test func lessonsAreFoundByNameAndNumber() throws {
    var w = Workspace(commands: .withLessons)
    w.outside.lessonDirectories = [lessonFolder]
    for name in ["softmax-jacobian", "10", "10-softmax-jacobian", "softmax-jac"] {
      #expect(output("load \(name)", &w).contains("softmax Jacobian"), "\(name)")
    }
    #expect(output("load softmax-jacobain", &w).contains("error: there is no lesson"))
    #expect(output("lessons", &w).contains("softmax-jacobian"))
    let choice = CommandCompletion.complete("load softmax", cursor: 12, in: w)
    #expect(
      choice.words
        == ["softmax", "softmax-jacobian"].filter { name in
          LessonLibrary.all([lessonFolder]).contains { $0.name == name }
        })
    #expect(choice.words.contains("softmax-jacobian") && choice.path == "softmax")
  }

  @Test(arguments: [
    ("4x5", true), ("4×5", true), ("(4, 5)", true), ("[4, 5]", true), ("A1", true), ("5x4", false),
    ("scalar", false), ("99999999999x99999999999999", false),
  ])
  func shapesAreReadAsTheyAreWritten(_ text: String, _ isRight: Bool) throws {
    var exercise = LessonExercise()
    exercise.kind = .shape
    exercise.answer = "4x5"
    var session = Session.initial
    try session.run(to: 2)
    #expect(((try? exercise.judge(text, in: session))?.isRight ?? false) == isRight)
  }

  /// 1/3 worked by hand: two digits count, one does not, and a wrong second digit does not.
  @Test(arguments: [
    ("0.33", true), ("0.333", true), ("1/3", true), ("0.3", false), ("0.36", false), ("-0.33", false),
  ])
  func numbersCountToTheirDigits(_ text: String, _ isRight: Bool) throws {
    var exercise = LessonExercise()
    exercise.answer = "1 / 3"
    #expect(try exercise.judge(text, in: .initial).isRight == isRight)
  }

  /// A count is right or wrong: 937 is not 938.
  @Test func countsAreExact() throws {
    var exercise = LessonExercise()
    exercise.answer = "938"
    #expect(try !exercise.judge("937", in: .initial).isRight)
  }

  @Test func aFormulaMustHoldForOtherNumbers() throws {
    var exercise = LessonExercise()
    exercise.kind = .equation
    exercise.answer = "sum(X)"
    // -1 is the sum of the first session's inputs, and nothing more.
    #expect(try !exercise.judge("-1", in: .initial).isRight, "-1 is no formula")
    #expect(try exercise.judge("sum(X.T)", in: .initial).isRight, "the sum does not depend on the order")
  }
}
