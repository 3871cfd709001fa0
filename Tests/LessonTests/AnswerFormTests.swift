import Commands
import Formulas
import Lessons
import LinearAlgebra
import Sessions
import Testing

/// Answers in every way that people write them, and what a wrong one is told.
@Suite struct AnswerFormTests {
  private func exercise(_ fields: String) -> LessonExercise {
    let text = "# A\n\n```exercise\nWhat?\n\(fields)\n```\n"
    return LessonParser.parse(text).lesson.exercises.first ?? LessonExercise()
  }

  private func session() throws -> Session {
    var session = Session.initial
    try session.run(to: 12)
    return session
  }

  @Test(arguments: [
    ("answer: 2.4e-4", "2.4e-4", true), ("answer: 2.4e-4", "0.00024", true), ("answer: 6400", "6,400", true),
    ("answer: 6400", "6400", true), ("answer: 6400", "6 400", true), ("answer: log(2)", "ln(2)", true),
    ("answer: [4, -8, 20]", "(4, -8, 20)", true),
    ("answer: [[0.16, -0.16], [-0.16, 0.16]]", "0.16 -0.16; -0.16 0.16", true),
    ("kind: order\nitem: dZ3\nitem: dA2\nitem: dZ2", "dZ3 dA2 dZ2", true),
    ("kind: order\nitem: dZ3\nitem: dA2\nitem: dZ2", "dZ2, dA2, dZ3", false),
    ("answer: log(2)", "0.69", true), ("answer: 784 * 800", "784 x 800", true),
    ("answer: 784 * 800", "784×800", true), ("kind: shape\nanswer: 784x800", "784 x 800", true),
    ("kind: shape\nanswer: 784x800", "(784, 800)", true), ("answer: [4, -8, 20]", "4, -8, 20", true),
    ("answer: [4, -8, 20]", "4 -8 20", true), ("answer: [4, -8, 20]", "[[4, -8, 20]]", true),
    ("answer: [4, -8, 20]", "[4, -8, 21]", false), ("answer: [[4, -8, 20]]", "[4, -8, 20]", true),
    ("answer: [[1], [2]]", "1, 2", true), ("answer: 1 / 3", "1/3", true), ("answer: 0.5", "1/2", true),
    ("answer: 5", "[[5]]", true), ("answer: [[5]]", "5", true), ("answer: -2", "−2", true),
    ("kind: sign\nanswer: -3 + 1", "-", true), ("kind: sign\nanswer: -3 + 1", "negative", true),
    ("kind: sign\nanswer: 0", "zero", true), ("kind: sign\nanswer: 0", "+", false),
    ("kind: choice\nchoice: up\nchoice: down\nanswer: b", "B)", true),
    ("kind: choice\nchoice: up\nchoice: down\nanswer: b", "down", true),
    ("kind: choice\nchoice: up\nchoice: down\nanswer: b", "(a)", false),
    ("kind: predict\nanswer: smaller\nbecause: 1", "less", true),
    ("kind: predict\nanswer: smaller\nbecause: 1", "the same", false),
    ("kind: predict\nanswer: 3x4\nbecause: 1", "(3, 4)", true),
    ("kind: hunt\nanswer: dZ2 missing-mean", "accuse dZ2 missing-mean", true),
    ("kind: hunt\nanswer: dZ2 missing-mean", "missing-mean dZ2", true),
    ("answer: 6400", "6_400", true), ("answer: 6400.5", "6,400.5", true), ("answer: 0.75", "75 %", true),
    ("answer: 0.7512", "75%", true), ("answer: 0.125", "12.5%", true), ("answer: 0.75", "76 %", false),
    ("answer: -1438", "-1,438", true), ("kind: shape\nanswer: 784x800", "torch.Size([784, 800])", true),
    (
      "kind: order\nitem: the logits\nitem: the loss, a mean\nitem: the end",
      "the logits, the loss, a mean; the end", true
    ),
  ])
  func forms(_ fields: String, _ typed: String, _ isRight: Bool) throws {
    #expect(try exercise(fields).judge(typed, in: session()).isRight == isRight)
  }

  /// A digit that decides nothing asks for another and is never called a wrong sign.
  @Test func fewDigits() throws {
    let (isRight, report) = try exercise("answer: -0.2521").judge("-0.3", in: session())
    #expect(!isRight)
    #expect(text(report).contains("one more digit") && !text(report).contains("sign"))
  }

  /// 6 may be the beginning of 6.1; where the file knows it as a mistake, it is one.
  @Test func aForeseenDigitIsNoBeginning() throws {
    let item = exercise("answer: 6.1\nbecause: 6.1\nwrong: 6 | So it would be for an h of 0.")
    let (isRight, report) = try item.judge("6", in: session())
    #expect(!isRight && text(report).contains("h of 0") && !text(report).contains("so far so good"))
    #expect(try text(item.judge("6.", in: session()).report).contains("h of 0"))
    let other = exercise("answer: 6.1\nbecause: 6.1\nwrong: 5.9 | The other side.")
    #expect(try text(other.judge("6", in: session()).report).contains("one more digit"))
  }

  @Test func anOrderIsToldHowFarItIsRight() throws {
    let item = exercise("kind: order\nitem: one\nitem: two\nitem: three\nitem: four")
    #expect(try item.judge(item.answer, in: session()).isRight)
    #expect(try item.judge(item.answer.map(String.init).joined(separator: ", "), in: session()).isRight)
    #expect(item.answer != "abcd")
    var swapped = Array(item.answer)
    swapped.swapAt(2, 3)
    let report = try item.judge(String(swapped), in: session()).report
    #expect(text(report).contains("up to \(swapped[1]) it is right"))
  }

  @Test(arguments: [
    ("kind: equation\nname: dW2\nanswer: A1.T @ dZ2", "dW2", "is what is asked for"),
    ("kind: value\nname: dW2\nanswer: A1.T @ dZ2", "dW2", "is what is asked for"),
    ("kind: equation\nname: dW2\nwithout: S, A1\nanswer: dW2 * 1", "A1.T @ dZ2", "without A1"),
    ("kind: equation\nname: dZ2\nwith: @\nanswer: dZ2 * 1", "(S - Y) / m", "with @"),
    ("kind: sign\nanswer: 1", "seven", "positive, negative or zero"),
    ("answer: 6400", "6,4", "one number is asked for"),
    ("kind: order\nitem: a\nitem: b\nitem: c", "ab", "letters in their order"),
    ("kind: order\nitem: dZ2\nitem: dZ1\nitem: dX", "dZ2, dZ1, dX, dQ", "letters in their order"),
    ("answer: 0.001", "0,001", "one number is asked for"), ("answer: 0.001", "-0,001", "one number"),
    ("kind: predict\nanswer: positive\nbecause: 1", "1", "positive, negative or zero"),
    ("kind: predict\nanswer: positive\nbecause: 1", "bigger", "positive, negative or zero"),
    ("kind: predict\nanswer: 3x4\nbecause: 1", "bigger", "a shape"),
    ("kind: predict\nanswer: same\nbecause: 1", "+", "bigger, smaller or the same"),
    ("kind: hunt\nanswer: dZ2 missing-mean", "dZ2", "and which mistake"),
    // What breaks a condition has not made the mistake whose value it has.
    (
      "kind: equation\nname: dZ1\nwithout: dZ1\nanswer: dA1 * (Z1 > 0)\nwrong: dA1 | Nothing is masked.",
      "dZ1 * 1", "without dZ1"
    ),
  ])
  func whatTheQuestionForbidsIsNoTry(_ fields: String, _ typed: String, _ says: String) throws {
    let item = exercise(fields)
    let session = try session()
    let error = #expect(throws: Diagnostic.self) { try item.judge(typed, in: session) }
    #expect(error?.message.text().contains(says) == true)
  }

  @Test(arguments: [
    ("answer: 15\nwrong: 8 | Added, not multiplied.", "5 + 3"),
    ("answer: 15\nwrong: 8 | Added, not multiplied.", "8"),
    ("kind: shape\nanswer: 5x3\nwrong: 3x5 | Added, not multiplied.", "W2.T"),
    ("kind: choice\nchoice: up\nchoice: down\nanswer: b\nwrong: a | Added, not multiplied.", "up"),
    (
      "kind: equation\nname: dW2\nanswer: A1.T @ dZ2\nwrong: A1.T @ dZ2 * m | Added, not multiplied.",
      "A1.T @ (S - Y)"
    ),
  ])
  func aForeseenMistakeGetsItsOwnWords(_ fields: String, _ typed: String) throws {
    let (isRight, report) = try exercise(fields).judge(typed, in: session())
    #expect(!isRight && text(report).contains("Added, not multiplied."), "\(text(report))")
  }

  /// A reason is true of what it is said of.
  @Test func aReasonIsNotSaidOfARightValue() throws {
    let session = try session()
    let item = exercise(
      "kind: equation\nname: db2\nanswer: sum(dZ2, axis=0)\nwrong: ones(1, 4) @ dZ2 | Four samples only.")
    #expect(try text(item.judge("ones(1, 4) @ dZ2", in: session).report).contains("Four samples"))
    #expect(try !text(item.judge("4 * mean(dZ2, axis=0)", in: session).report).contains("Four samples"))
    let conditional = exercise(
      "kind: equation\nname: db2\nwith: @\nanswer: ones(1, m) @ dZ2\nwrong: ones(1, 4) @ dZ2 | Four samples only."
    )
    let error = #expect(throws: Diagnostic.self) { try conditional.judge("sum(dZ2, axis=0)", in: session) }
    #expect(error?.message.text().contains("with @") == true)
  }

  @Test(arguments: [
    ("[4, -8, 19]", false), ("[4, -8, 20.4]", false), ("[8, -16, 40]", true), ("[5, -9, 21]", false),
  ])
  func aMultipleIsSaidOfMultiples(_ typed: String, _ isSaid: Bool) throws {
    let report = try exercise("answer: [4, -8, 20]").judge(typed, in: session()).report
    #expect(text(report).contains("same multiple") == isSaid, "\(text(report))")
  }

  @Test func whatIsSaidOfDigits() throws {
    let digits = try exercise("answer: [[0.16, -0.18], [-0.22, 0.21]]").judge(
      "[[0.2,-0.2],[-0.2,0.2]]", in: session())
    #expect(text(digits.report).contains("one more digit of every entry"))
    #expect(
      try !text(exercise("answer: -5").judge("-4.9", in: session()).report).contains("round at the end"))
    let choice = exercise("kind: choice\nchoice: up it goes\nchoice: down it goes\nanswer: b")
    #expect(try text(choice.judge("a", in: session()).report).contains("no: not a"))
    #expect(try text(choice.judge("up it goes", in: session()).report).contains("no: not that, which is a"))
  }

  /// Neither the right formula nor the right numbers.
  @Test(arguments: ["A1.T @ dZ2 * m", "dZ2.T @ A1", "X.T @ dZ1", "[[1, 2, 3]]", "(S - Y)", "A1.T @ dZ2 + 1"])
  func noAnswerIsGivenAway(_ typed: String) throws {
    let session = try session()
    let item = exercise("kind: equation\nname: dW2\nanswer: A1.T @ dZ2")
    var said = ""
    do throws(Diagnostic) { said = text(try item.judge(typed, in: session).report) } catch {
      said = error.message.text() + (error.hint?.text() ?? "")
    }
    let own = typed == "A1.T @ dZ2 * m" || typed == "A1.T @ dZ2 + 1"
    #expect(own || !said.contains("A1.T @ dZ2"), "\(said)")
    // Its transpose has the student's own numbers.
    guard typed != "dZ2.T @ A1" else { return }
    let right = try #require(session.computed("dW2"))
    for entry in right.elements {
      #expect(!said.contains(String(format(entry))), "\(said)")
    }
  }

  private func format(_ x: Double) -> String {
    let digits = (abs(x) * 10_000).rounded()
    return "\(x < 0 ? "-" : "")0." + String(String(Int(digits) + 10_000).dropFirst())
  }

  @Test func aRightAnswerSaysWhatItShows() throws {
    let item = exercise("answer: 15\nbecause: 5 * 3\nright: Every unit has its own.")
    #expect(text(try item.judge("15", in: session()).report).contains("Every unit has its own."))
    #expect(text(try item.revealed(in: session())).contains("5 * 3"))
  }
}
