import Commands
import Formulas
import LinearAlgebra
import Operations
import Rendering
import Sessions
import Testing

/// Practice as a student goes through it, on the network of the start: X 4×2, W1 2×5, W2 5×3.
@Suite struct PracticeTests {
  /// What can be nothing but a shape needs no 'answer' before it.
  @Test func aShapeAloneAnswers() {
    var w = Workspace(commands: .withLessons)
    #expect(output("practice dW1", &w).contains("shape"))
    #expect(output("5x2", &w).contains("no: not 5×2"))
    #expect(output("2x5", &w).contains("right: dW1 is 2×5"))
  }

  /// A number of the session with enough digits, worked out where nothing is hidden.
  func literal(_ expression: String) throws -> String {
    var w = Workspace(commands: .withLessons)
    _ = output("backward", &w)
    let parsed = try Parser.parse(expression).expression
    let value = try Evaluator(SessionEnvironment(w.session)).value(of: parsed)
    func text(_ x: Double) -> String {
      let rounded = (x * 1e6).rounded() / 1e6
      return "\(rounded == 0 ? 0 : rounded)"
    }
    guard value.rank == 2 else { return text(value.elements[0]) }
    let width = value.shape.columns
    let rows = (0..<value.shape.rows).map { i in
      "[" + value.elements[i * width..<(i + 1) * width].map(text).joined(separator: ", ") + "]"
    }
    return "[" + rows.joined(separator: ", ") + "]"
  }

  /// The entry that the open question asks for.
  func asked(_ w: Workspace) throws -> String {
    try #require(w.session.practice?.question?.title.text())
  }

  @Test func playedToTheEndWithRightAnswers() throws {
    var w = Workspace(commands: .withLessons)
    let start = output("practice dW1", &w)
    #expect(start.contains("question 1 of 4") && start.contains("Which shape has dW1"))
    #expect(output("answer 2x5", &w).contains("right: dW1 is 2×5"))
    let equation = try #require(report("answer X.T @ dZ1", &w))
    #expect(equation.figure("correct") == 1 && equation.figure("score") == 2 && equation.figure("asked") == 2)
    #expect(equation.diagnosis == [])
    let entry = try asked(w)
    #expect(entry.hasPrefix("dW1["))
    #expect(report("answer \(try literal(entry))", &w)?.figure("score") == 3)
    let end = output("answer \(try literal("dW1"))", &w)
    #expect(end.contains("practice dW1 is done") && end.contains("4 right at the first try without help"))
    #expect(w.session.hidden.isEmpty)
    #expect(output("backward; dW1", &w).contains("dW1 (2×5) = X.T @ dZ1\n"))
    #expect(output("answer 2x5", &w).contains("error: practice dW1 is done"))
  }

  @Test(arguments: ["2x5", "2×5", "[2,5]", "(2, 5)", "2 by 5", "W1", "X.T @ dZ1"])
  func shapesAreRead(_ text: String) {
    var w = Workspace(commands: .withLessons)
    _ = output("practice dW1", &w)
    #expect(report("answer \(text)", &w)?.figure("correct") == 1)
  }

  @Test(arguments: ["5x2", "2x3", "10", "X", "2x5x1"])
  func wrongShapesAreRefused(_ text: String) {
    var w = Workspace(commands: .withLessons)
    _ = output("practice dW1", &w)
    #expect(report("answer \(text)", &w)?.figure("correct") == 0)
    #expect(w.session.practice?.question?.kind == .shape)
  }

  @Test(arguments: [
    "X.T @ dZ1", "dW1 = X.T @ dZ1", "(dZ1.T @ X).T", "X.T @ (dA1 * (Z1 > 0))", "X.T @ (dA1 * relu'(A1))",
    "X.T @ (((S - Y) / m @ W2.T) * relu'(Z1))",
  ])
  func equivalentEquationsCount(_ formula: String) {
    var w = Workspace(commands: .withLessons)
    _ = output("practice dW1; answer 2x5", &w)
    #expect(report("answer \(formula)", &w)?.figure("correct") == 1)
    #expect(w.session.practice?.position == 2)
  }

  @Test func wrongAnswersAreNamedAndMayBeTriedAgain() throws {
    var w = Workspace(commands: .withLessons)
    _ = output("practice dW1; answer 2x5", &w)
    let wrong = try #require(report("answer X.T @ (((S - Y) @ W2.T) * (Z1 > 0))", &w))
    #expect(wrong.figure("correct") == 0 && wrong.diagnosis?.contains("missing-mean") == true)
    // The mistake is told, the right formula and the right numbers are not.
    let text = output("answer X.T @ dA1", &w)
    #expect(text.contains("missing-activation-derivative") && text.contains("try again"))
    #expect(!text.contains("X.T @ dZ1") && !text.contains("0.0853"))
    let right = try #require(report("answer X.T @ dZ1", &w))
    #expect(right.figure("correct") == 1 && right.figure("score") == 1 && right.figure("asked") == 2)
    #expect(w.session.practice?.score.right == 2 && w.session.practice?.score.firstTries == 1)
  }

  @Test func formulasMustHoldForOtherNumbers() throws {
    var w = Workspace(commands: .withLessons)
    _ = output("practice dZ2; answer 4x3", &w)
    // Right for four samples only.
    #expect(report("answer (S - Y) / 4", &w)?.figure("correct") == 0)
    #expect(
      output("answer [[1, 2, 3], [1, 2, 3], [1, 2, 3], [1, 2, 3]]", &w).contains(
        "error: a formula is asked for"))
    _ = output("let mine = (S - Y) / m", &w)
    #expect(output("answer mine", &w).contains("error:"))
    #expect(w.session.practice?.tries == 1)
    #expect(report("answer (S - Y) / m", &w)?.figure("correct") == 1)
  }

  @Test func hintsComeByDegrees() throws {
    var w = Workspace(commands: .withLessons)
    _ = output("practice dW1; skip", &w)
    let hints = (0..<5).map { _ in output("hint", &w) }
    #expect(hints[0].contains("hint 1 of 4: the rule") && hints[0].contains("dB = A.T @ dC"))
    #expect(hints[1].contains("X is 4×2 and dZ1 is 4×5; dW1 is 2×5"))
    #expect(hints[2].contains("dW1 = ….T @ …"))
    #expect(hints[3].contains("dW1 = X.T @ dZ1"))
    #expect(hints[4].contains("those were all hints"))
    for early in hints[..<3] { #expect(!early.contains("X.T @ dZ1")) }
    // Right with help is no first try.
    #expect(report("answer X.T @ dZ1", &w)?.figure("score") == 0)
    let text = output("practice score", &w).split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(text.contains("1 right later") && text.contains("1 shown") && text.contains("4 hints"))
  }

  @Test func entryHintIsTheSum() throws {
    var w = Workspace(commands: .withLessons)
    _ = output("practice dW1; skip; skip; hint; hint", &w)
    let entry = try asked(w)
    let hint = output("hint", &w)
    #expect(hint.contains("\(entry) = Σ_i X[i,") && hint.contains("·dZ1[i,"))
  }

  @Test func leftAndTakenUpAgain() throws {
    var w = Workspace(commands: .withLessons)
    _ = output("practice dW1; answer 2x5", &w)
    #expect(output("dW1", &w).contains("error: dW1 is what practice asks for"))
    #expect(output("practice leave", &w).contains("nothing is hidden"))
    #expect(output("backward; dW1", &w).contains("-0.0853"))
    #expect(output("answer X.T @ dZ1", &w).contains("error: you have left practice"))
    #expect(output("update", &w).contains("W1"))
    let again = output("practice", &w)
    #expect(again.contains("question 2 of 4"))
    #expect(output("dW1", &w).contains("error: dW1 is what practice asks for"))
    // Another network has other answers.
    _ = output("net 2 6:relu 3:softmax", &w)
    #expect(w.session.practice == nil)
  }

  @Test(arguments: [
    "dW1", "show dW1", "dW1 * 2", "let a = dW1", "set W1 = dW1", "why dW1[0, 0]", "jacobian dW1 X",
    "derive dW1", "gradcheck", "gradcheck W1", "compare softmax", "update", "check dW1 = X.T @ dZ1", "db1",
    "answer dW1", "answer db1",
  ])
  func whatIsAskedForStaysHidden(_ command: String) throws {
    var w = Workspace(commands: .withLessons)
    _ = output("backward; practice dW1; answer 2x5", &w)
    let before = w.session.practice
    #expect(report(command, &w) == nil)
    #expect(w.session.practice == before)
    #expect(!output("restart; backward", &w).contains("dW1 (2×5)"))
    #expect(!output("trace", &w).contains("X.T @ dZ1"))
    // What comes before it stays in sight.
    #expect(output("dZ1", &w).contains("dZ1 (4×5)"))
  }

  @Test func undoTakesBackAnswersAndHints() throws {
    var w = Workspace(commands: .withLessons)
    _ = output("practice dW1; answer 2x5", &w)
    let second = w.session.practice
    _ = output("hint", &w)
    #expect(w.session.practice != second)
    _ = output("undo", &w)
    #expect(w.session.practice == second)
    _ = output("undo", &w)
    #expect(w.session.practice?.position == 0 && w.session.practice?.score.right == 0)
    _ = output("undo", &w)
    #expect(w.session.practice == nil)
    _ = output("redo; redo", &w)
    #expect(w.session.practice == second)
  }
}
