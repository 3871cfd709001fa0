import Commands
import Explanations
import Formulas
import LinearAlgebra
import Operations
import Reports
import Sessions

/// An answer to a question of practice, judged as `check` judges it, with the right values kept back. What cannot be
/// read, uses what is hidden, or decides nothing is thrown and does not count as a try.
struct PracticeAnswer {
  let question: PracticeQuestion
  let session: Session

  func judge(_ line: CommandLine) throws(Diagnostic) -> (isRight: Bool, report: Report) {
    var open = session
    open.practice = nil
    open.forget(question.name)
    let whole = try open.completed(forward: false)
    var (isRight, report) = try judge(line, whole)
    report.scalars.removeAll { $0.name == "correct" }
    report.scalar("correct", isRight ? 1 : 0)
    return (isRight, report)
  }

  private func judge(_ line: CommandLine, _ whole: Session) throws(Diagnostic) -> (
    isRight: Bool, report: Report
  ) {
    if question.kind == .shape {
      let right = try PracticeText(question, in: session).value.shape
      return try ShapeQuestion(title: "\(name: question.name)", right: right).judge(
        line.rest, line.offset, line.text, line.naming, whole)
    }
    let typed = try AnswerText.formula(
      line.rest, at: line.offset, of: line.text, naming: line.naming)
    for name in typed.expression.names where session.hidden.contains(session.model.resolve(name)) {
      throw SessionEnvironment(session).missing(name)
    }
    if question.kind == .equation, TypedNumber.all(in: typed, line: line.text) != nil {
      throw Diagnostic(
        "a formula is asked for, and these are numbers", at: [line.restRange],
        hint: "one that holds for every input; practice asks for the numbers later")
    }
    let judgement = try Judge.judge(
      typed, line: line.text, as: try asked(whole), in: SessionScene(whole), mayPropose: false)
    switch judgement.verdict {
    case .tooFewDigits:
      throw Diagnostic(
        "so far so good, but these are too few digits to tell", at: [line.restRange],
        hint: "give two digits or more, or the formula")
    case .right(.here(let reason?)):
      throw Diagnostic(
        "this gives \(name: question.name) here, but \(reason)", at: [line.restRange],
        hint: "write the formula with the names of the model")
    case .right, .rightToTheDigits, .rightHereOnly, .wrong, .otherShape, .notFinite: break
    }
    let isRight = (question.kind == .equation ? judgement.isGeneral : judgement.isRight) ?? false
    return (isRight, CheckReport(judgement, model: whole.model, mayShowValues: false).make())
  }

  private func asked(_ whole: Session) throws(Diagnostic) -> Question {
    switch question.kind {
    case .shape, .matrix: try .step(question.name, [], isGeneral: false, in: whole)
    case .equation: try .step(question.name, [], isGeneral: true, in: whole)
    case .entry(let index): try .step(question.name, index.map { .at($0) }, isGeneral: false, in: whole)
    case .rowSum(let index):
      Question(
        "sum(\(question.title))",
        right: .call("sum", Expression.name(question.name).entry(index)),
        isGeneral: false)
    }
  }
}
