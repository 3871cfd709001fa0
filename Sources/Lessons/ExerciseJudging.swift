import Commands
import Explanations
import Formulas
import LinearAlgebra
import Operations
import Reports
import Sessions

// Answers to an exercise, judged as `check` judges them, with the right values kept back.

extension LessonExercise {
  /// Judges a text that begins at `offset` of the typed line, in the lesson's session.
  /// - Throws: when it cannot be read or has no value.
  package func judge(
    _ text: String, at offset: Int = 0, of line: String? = nil, naming: Naming? = nil, in session: Session
  ) throws(Diagnostic) -> (isRight: Bool, report: Report) {
    let line = line ?? text
    let naming = naming ?? session.naming
    if kind == .shape {
      return try ShapeQuestion(title: name.map { "\(name: $0)" } ?? "it", right: try shape(in: session))
        .judge(
          text, offset, line, naming, session)
    }
    let typed = try AnswerText.formula(text, at: offset, of: line, naming: naming)
    // The answer is one way to write the step that is asked for, and may be tied to this session's sizes.
    var right = try AnswerText.formula(answer, at: 0, of: answer, naming: session.naming).expression
    let step = name.map(session.model.resolve)
    if let step, session.computed(step) != nil { right = .name(step) }
    let question = Question(
      name.map { "\(name: $0)" } ?? "the answer", right: right, step: step, isGeneral: kind == .equation)
    let judgement = try Judge.judge(
      typed, line: line, as: question, in: SessionScene(session), mayPropose: false)
    let isRight = (kind == .equation ? judgement.isGeneral : judgement.isRight) ?? false
    var report = Report()
    if isRight {
      let inFull = judgement.right.scalarValue.map(Printer.number) ?? SessionScript.literal(judgement.right)
      if case .rightToTheDigits = judgement.verdict {
        report.say("right: in full it is \(inFull)", .success)
      } else {
        report.say("right", .success)
      }
      return (true, report)
    }
    // A formula may have been typed to see its value, and not as an answer.
    if TypedNumber.all(in: typed, line: line) == nil {
      report.show("\(typed.expression)", judgement.given)
    }
    if case .right(.here(let reason?)) = judgement.verdict {
      report.say("right for these numbers, but a formula is asked for: \(reason)", .failure)
    } else {
      report.append(CheckReport(judgement, model: session.model, mayShowValues: false).make())
    }
    return (false, report)
  }

  package func revealed(in session: Session) throws(Diagnostic) -> Report {
    var report = Report()
    if kind == .shape {
      report.say("\(answer): \(try shape(in: session))", .formula)
    } else {
      report.show(
        name.map { "\(name: $0)" } ?? "answer",
        try AnswerText.value(answer, at: 0, of: answer, naming: session.naming, in: session),
        formula: "\(try AnswerText.formula(answer, at: 0, of: answer, naming: session.naming).expression)")
    }
    return report
  }

  private func shape(in session: Session) throws(Diagnostic) -> Shape {
    if let shape = ShapeAnswer.shape(answer) { return shape }
    return try AnswerText.value(answer, at: 0, of: answer, naming: session.naming, in: session).shape
  }
}

/// What stands behind `answer`.
enum AnswerText {
  /// `dW2 = A1.T @ dZ2` answers as `A1.T @ dZ2` does.
  static func formula(
    _ text: String, at offset: Int, of line: String, naming: Naming
  ) throws(Diagnostic) -> Parsed {
    let reason: Diagnostic
    do throws(Diagnostic) { return try CommandLine.formula(text, at: offset, in: line, naming: naming) } catch
    {
      reason = error
    }
    guard text.contains("=") else { throw reason }
    let right: (text: String, offset: Int)
    do throws(Diagnostic) {
      let parts = try Assignment.split(text, at: offset, in: line, naming: naming)
      right = (parts.formula, parts.formulaOffset)
    } catch {
      // The = is an option's, in a formula that has something else wrong with it.
      throw reason
    }
    return try CommandLine.formula(right.text, at: right.offset, in: line, naming: naming)
  }

  static func value(
    _ text: String, at offset: Int, of line: String, naming: Naming, in session: Session
  ) throws(Diagnostic) -> Tensor {
    let parsed = try formula(text, at: offset, of: line, naming: naming)
    do { return try Evaluator(SessionEnvironment(session)).checkedValue(of: parsed) } catch {
      var diagnostic = error
      diagnostic.source = diagnostic.source ?? line
      throw diagnostic
    }
  }
}

/// A shape that is asked for: extents as they are written, or any formula of that shape.
struct ShapeQuestion {
  let title: Prose
  let right: Shape

  func judge(
    _ text: String, _ offset: Int, _ line: String, _ naming: Naming, _ session: Session
  ) throws(Diagnostic) -> (isRight: Bool, report: Report) {
    let given: Shape
    if let shape = ShapeAnswer.shape(text) {
      given = shape
    } else {
      given = try AnswerText.value(text, at: offset, of: line, naming: naming, in: session).shape
    }
    guard given != right else {
      return (true, Report([.text("right: \(title) is \(given)", style: .success)]))
    }
    var report = Report([.text("no: not \(given)", style: .failure)])
    if given == right.transposed { report.explain("Rows and columns are the wrong way round.") }
    return (false, report)
  }
}
