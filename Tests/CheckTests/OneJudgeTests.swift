import Commands
import Lessons
import LinearAlgebra
import Reports
import Sessions
import Testing

/// `check`, an exercise of a lesson and a question of practice judge the same digits in the same way.
@Suite struct OneJudgeTests {
  enum Said: String, Sendable { case right, wrong, undecided }

  /// L = 0.15327; every row by hand.
  static let answers: [(String, Said)] = [
    ("0.15327", .right), ("0.1533", .right), ("0.1532", .right), ("0.153", .right), ("0.15", .right),
    ("1.533e-1", .right), ("15.3e-2", .right), ("0.15327 + 0", .right), ("15327 / 100000", .right),
    ("0.1531", .wrong), ("0.1534", .wrong), ("0.16", .wrong), ("0.14", .wrong), ("-0.1533", .wrong),
    ("0.3", .wrong), ("0", .wrong), ("15", .wrong), ("1e308", .wrong), ("1e308 * 10", .wrong),
    ("0.2", .undecided), ("0.1", .undecided),
  ]

  @Test(arguments: answers) func theSameDigitsAreJudgedTheSame(_ answer: String, _ said: Said) throws {
    let model = ["model L = sum(v)", "set v = 0.15327"]

    var check = Conversation()
    for line in model { check.run(line) }
    let report = check.run("check L = \(answer)")
    #expect(scalar("correct", report) == (said == .undecided ? nil : said == .right ? 1 : 0))
    #expect(scalar("undecided", report) == (said == .undecided ? 1 : nil))

    var exercise = LessonExercise()
    exercise.answer = "sum(v)"
    let (isRight, text) = try exercise.judge(answer, in: check.workspace.session)
    #expect(isRight == (said == .right))
    #expect(scalar("undecided", text) == (said == .undecided ? 1 : nil))

    var practice = Conversation()
    for line in model { practice.run(line) }
    practice.run("practice L")
    practice.run("skip")
    let tried = practice.run("answer \(answer)")
    #expect(scalar("correct", tried) == (said == .undecided ? nil : said == .right ? 1 : 0))
  }

  /// A matrix is right exactly when each of its entries is, whatever stands beside it.
  @Test(arguments: ["0.1533", "0.1531", "0.2", "0.3"], ["2.7183", "2.718281828", "3", "2.7182", "2.7180"])
  func everyNumberCountsByItsOwnDigits(_ a: String, _ b: String) {
    var c = Conversation("model A = 1 * v; L = sum(A)", "set v = [0.15327, 2.718281828]")
    let (first, second) = (c.run("check A[0] = \(a)"), c.run("check A[1] = \(b)"))
    let both = c.run("check A = [\(a), \(b)]")
    let each = [scalar("correct", first), scalar("correct", second)]
    let isRight = scalar("correct", both)
    if each.contains(0) {
      #expect(isRight == 0)
    } else if each.contains(nil) {
      #expect(isRight == nil && scalar("undecided", both) == 1)
    } else {
      #expect(isRight == 1)
    }
  }

  @Test func roundingOnTheWayIsToldFromAMistake() {
    var c = Conversation("model L = sum(v)", "set v = 0.15327")
    #expect(c.text("check L = 0.1535").contains("off by 2 units of the last digit") == true)
    #expect(c.text("check L = 0.1739").contains("last digit") == false)
  }

  @Test func enoughDigitsAreShownToSeeTheDifference() {
    var c = Conversation("model L = sum(v)", "set v = 0.123456789")
    #expect(c.text("check L = 0.1234571").contains("L is 0.1234568, and yours is 0.1234571"))
  }

  @Test(arguments: ["check L = 1e308", "check Z1 = [[1, 1e308, 1, 1], [1, 2, 3, 4], [1, 2, 3, 4]]"])
  func hugeNumbersAreWrongAndEndNothing(_ command: String) {
    var c = Conversation()
    #expect(scalar("correct", c.run(command)) == 0)
    c.run("practice Z1")
    c.run("skip")
    c.run("skip")
    #expect(scalar("correct", c.run("answer 1e308")) == 0)
    #expect(scalar("correct", c.run("answer -1e-308")) == 0)
  }

  @Test func nothingAgreesWithNan() {
    var c = Conversation("set X = [[1e308, 1e308], [1, 2], [3, 4], [5, 6]]", "set W1 = 10 * W1")
    let text = c.text("check Z1 = X @ W1 + b1")
    #expect(text.contains("no answer agrees with that"))
    #expect(scalar("correct", c.run("check Z1 = X @ W1 + b1")) == 0)
  }

  /// db is 0 on paper, since the mean takes the bias away again, and about 1e-17 in floating point.
  @Test func whatIsZeroOnPaperIsZero() {
    var c = Conversation(
      "model H = X @ W + b; N = H - mean(H, axis=0); L = sum(N**3) / m", "set X = randn(5, 2, seed=1)",
      "param W = randn(2, 3, seed=2)", "param b = randn(1, 3, seed=3)")
    #expect(scalar("correct", c.run("check db = sum(dH, axis=0)")) == 1)
    #expect(scalar("correct", c.run("check db = [0, 0, 0]")) == 1)
    #expect(scalar("correct", c.run("check db = sum(dN, axis=0)")) == 0)
    #expect(scalar("correct", c.run("check db = [1e-9, 0, 0]")) == 0)
  }

  /// Z is exactly 0, where the mask switches: that is no rounding, and hides no wrong answer. 3 · (0 > 0) = 0.
  @Test func aSwitchingMaskIsNoRounding() throws {
    var c = Conversation(
      "model Z = X @ W + b; A = relu(Z); L = sum(A * G)", "set X = [[1]]", "set G = [[3]]",
      "param W = [[0.5]]",
      "param b = [[-0.5]]")
    c.run("forward")
    var exercise = LessonExercise()
    exercise.answer = "G * ((X @ W + b) > 0)"
    #expect(try exercise.judge("0", in: c.workspace.session).isRight)
    for wrong in ["2.5", "0.0001", "3", "G"] {
      #expect(try !exercise.judge(wrong, in: c.workspace.session).isRight, "\(wrong)")
    }
  }

  /// A gradient however small is told from twice as much.
  @Test(arguments: ["1e-30", "1e-10", "1", "1e30"]) func scaleChangesNoVerdict(_ scale: String) {
    var c = Conversation(
      "model Z = X @ W; L = \(scale) * sum((Z - Y)**2) / m", "set X = randn(4, 2, seed=1)",
      "set Y = randn(4, 3, seed=2)", "param W = randn(2, 3, seed=3)")
    #expect(scalar("general", c.run("check dW = 2 * \(scale) * X.T @ (Z - Y) / m")) == 1)
    #expect(scalar("correct", c.run("check dW = \(scale) * X.T @ (Z - Y) / m")) == 0)
    #expect(scalar("correct", c.run("check dW = -2 * \(scale) * X.T @ (Z - Y) / m")) == 0)
  }
}
