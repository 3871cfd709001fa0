import Commands
import Explanations
import Formulas
import LinearAlgebra
import Reports
import Sessions

/// Is it the answer? Values and formulas are judged as `check` judges them, shapes as lessons do. What cannot be read,
/// or uses what is hidden, is thrown and does not count as a try.
struct PracticeJudge {
  let question: PracticeQuestion
  let session: Session

  func judge(_ line: CommandLine) throws(Diagnostic) -> (isRight: Bool, report: Report) {
    if question.kind == .shape { return try shape(line) }
    let (text, start) = ExerciseAnswer.rightSide(line.rest, at: line.offset)
    let typed = try CommandLine.formula(text, at: start, in: line.text)
    let environment = SessionEnvironment(session)
    for name in typed.expression.names where session.hidden.contains(session.model.resolve(name)) {
      throw environment.missing(name)
    }
    var open = session
    open.practice = nil
    open.forget(question.name)
    if case .rowSum = question.kind { return try rowSum(typed, open, line) }
    var subscripts: [Subscript] = []
    if case .entry(let index) = question.kind { subscripts = index.map { .at($0) } }
    let isTyped = StudentAnswer.isTyped(typed.expression)
    if question.kind == .equation, isTyped {
      throw Diagnostic(
        "a formula is asked for, and these are numbers", at: [line.restRange],
        hint: "one that holds for every input; practice asks for the numbers later")
    }
    let check = try AnswerCheck(question.name, subscripts, is: typed, source: line.text, in: open)
    var report = CheckReport(check: check, session: open, mayShowValues: false).make()
    var isRight = check.isRight
    if isRight, isTyped, !hasDigits(check, text) {
      throw Diagnostic(
        "so far so good, but these are too few digits to tell", at: [line.restRange],
        hint: "give two digits or more, or the formula")
    }
    if isRight, question.kind == .equation {
      switch check.reach {
      case .everywhere: break
      case .coincidence, .onlyThisSampleCount: isRight = false
      case .theseNumbers(let reason):
        throw Diagnostic(
          "this gives \(question.name) here, but \(reason)", at: [line.restRange],
          hint: "write the formula with the names of the model")
      }
    }
    report.scalars.removeAll { $0.name == "correct" }
    report.scalar("correct", isRight ? 1 : 0)
    return (isRight, report)
  }

  /// A number of one digit would be right for a tenth of all values.
  private func hasDigits(_ check: AnswerCheck, _ text: String) -> Bool {
    guard let answer = check.answer else { return false }
    if case .entry = question.kind { return ExerciseAnswer.agrees(digits: text, answer.value, check.right) }
    return answer.digits >= Set(check.right.elements.filter { $0 != 0 }.map(abs)).count
  }

  private func shape(_ line: CommandLine) throws(Diagnostic) -> (isRight: Bool, report: Report) {
    var exercise = LessonExercise()
    exercise.kind = .shape
    exercise.answer = "\(try PracticeText(question, in: session).value.shape)"
    let answer = ExerciseAnswer(exercise, session: try session.completed(forward: false))
    switch try answer.judge(line.rest, at: line.offset, of: line.text) {
    case .right(let shape):
      var report = Report([.text("right: \(question.name) is \(shape ?? exercise.answer)", style: .success)])
      report.scalar("correct", 1)
      return (true, report)
    case .wrong(var report):
      report.scalar("correct", 0)
      return (false, report)
    }
  }

  private func rowSum(
    _ typed: Parsed, _ open: Session, _ line: CommandLine
  ) throws(Diagnostic) -> (isRight: Bool, report: Report) {
    let whole = try open.completed(forward: true)
    let value: Tensor
    do { value = try Evaluator(SessionEnvironment(whole)).checkedValue(of: typed) } catch {
      var diagnostic = error
      diagnostic.source = diagnostic.source ?? line.text
      throw diagnostic
    }
    let sum = value.count == 1 ? value.elements.first : nil
    let isRight = sum.map { abs($0) <= StudentAnswer.equality } ?? false
    var report = Report()
    if isRight {
      report.say("right: every row sums to 0, because a softmax always sums to 1", .success)
    } else if let sum {
      report.say("sum(\(question.title)) is not \(CheckReport.figure(sum))", .failure)
    } else {
      report.say("a sum is one number; yours is \(value.shape)", .failure)
    }
    report.diagnosis = []
    report.scalar("correct", isRight ? 1 : 0)
    return (isRight, report)
  }
}
