import Explanations
import Formulas
import LinearAlgebra
import Operations
import Sessions

/// What may be wrong with an exercise, in the session that it is asked in.
package struct ExerciseCheck {
  private let exercise: LessonExercise
  private let session: Session

  package init(_ exercise: LessonExercise, _ session: Session) {
    (self.exercise, self.session) = (exercise, session)
  }

  package var faults: [LessonFault] {
    guard !exercise.answer.isEmpty else { return [] }
    if let word = WordAnswer(exercise) { return faults(word) }
    let answer = exercise.answer
    guard answer != exercise.name else {
      let meant = exercise.kind == .shape ? ": its extents, or a value of the same shape, are one" : ""
      return [
        LessonFault(exercise.answerLine, "the answer '\(answer)' is the name that is asked for\(meant)")
      ]
    }
    var faults: [LessonFault] = []
    do throws(Diagnostic) {
      _ = try exercise.revealed(in: session)
      if try !exercise.judge(answer, in: session).isRight {
        faults.append(LessonFault(exercise.answerLine, "the answer '\(answer)' is judged wrong"))
      }
      if let name = exercise.name, exercise.kind != .shape {
        do throws(Diagnostic) {
          if try !isValue(of: name) {
            faults.append(LessonFault(exercise.answerLine, "the answer '\(answer)' is not \(name)"))
          }
        } catch {
          return [
            LessonFault(
              exercise.answerLine,
              "\(error.message.text()): 'name:' is a value of the pass, and may be left out")
          ]
        }
      }
    } catch {
      // What the others are compared with is not there.
      return [LessonFault(exercise.answerLine, "the answer fails: \(error.message.text())")]
    }
    for other in exercise.others where (try? exercise.judge(other.text, in: session))?.isRight != true {
      faults.append(LessonFault(other.line, "the answer '\(other.text)' is not '\(answer)'"))
    }
    return faults + reasons + wrongAnswers + conditions
  }

  /// Numbers do not say where they come from, and cannot be computed again.
  private var reasons: [LessonFault] {
    guard exercise.kind == .value else { return [] }
    let answer = exercise.answer
    guard let because = exercise.because else {
      let isNumbers =
        (try? AnswerText.formula(answer, at: 0, of: answer, naming: session.naming)).map {
          TypedNumber.all(in: $0, line: answer) != nil
        } ?? false
      return isNumbers
        ? [
          LessonFault(
            exercise.answerLine, "the numbers '\(answer)' need a 'because: …', a formula that gives them")
        ]
        : []
    }
    do throws(Diagnostic) {
      var bare = exercise
      (bare.without, bare.with) = ([], [])
      return try bare.judge(because, in: session).isRight
        ? [] : [LessonFault(exercise.answerLine, "the answer '\(answer)' is not \(because)")]
    } catch {
      return [LessonFault(exercise.answerLine, "'because: \(because)' fails: \(error.message.text())")]
    }
  }

  /// A name that is nowhere forbids nothing.
  private var conditions: [LessonFault] {
    let signs = ["@", "*", "+", "-", "/", "**", ".T"]
    return (exercise.without + exercise.with).filter { word in
      let name = session.naming.name(word)
      return !signs.contains(word) && Vocabulary.operations.signature(word) == nil && !session.isKnown(name)
        && SessionEnvironment(session).shape(of: name) == nil
    }.map { LessonFault(exercise.answerLine, "there is no '\($0)' to be forbidden or asked for") }
  }

  private func isValue(of name: String) throws(Diagnostic) -> Bool {
    let right = try AnswerText.value(name, at: 0, of: name, naming: session.naming, in: session)
    let value = try AnswerText.value(
      exercise.answer, at: 0, of: exercise.answer, naming: session.naming, in: session)
    return right.count == value.count
      && zip(right.elements, value.elements).allSatisfy { Agreement.holds($0, $1) }
  }

  private var wrongAnswers: [LessonFault] {
    var seen: Set<String> = []
    var values: [(answer: String, value: Tensor)] = []
    // Without the words that are foreseen for it, what has no value is an error.
    var bare = exercise
    bare.wrong = []
    return exercise.wrong.compactMap { wrong in
      guard seen.insert(wrong.answer).inserted else {
        return LessonFault(wrong.line, "the wrong answer '\(wrong.answer)' stands here twice")
      }
      if !wrong.fails, exercise.kind != .shape,
        let value = try? AnswerText.value(
          wrong.answer, at: 0, of: wrong.answer, naming: session.naming, in: session)
      {
        if let twin = values.first(where: { $0.value.isIdentical(to: value) }) {
          return LessonFault(
            wrong.line,
            "the wrong answers '\(twin.answer)' and '\(wrong.answer)' have one value here: who types it is told the first reason"
          )
        }
        values.append((wrong.answer, value))
      }
      do throws(Diagnostic) {
        guard try bare.judge(wrong.answer, in: session).isRight else {
          return wrong.fails
            ? LessonFault(wrong.line, "'\(wrong.answer)' is marked '# fails', and has a value") : nil
        }
        return LessonFault(wrong.line, "the wrong answer '\(wrong.answer)' is judged right")
      } catch {
        return wrong.fails
          ? nil
          : LessonFault(
            wrong.line,
            "the wrong answer '\(wrong.answer)' has no value: \(error.message.text()); '# fails' behind it says that it is meant to"
          )
      }
    }
  }

  // MARK: Words

  private func faults(_ word: WordAnswer) -> [LessonFault] {
    var faults: [LessonFault] = []
    do throws(Diagnostic) {
      let right = try word.right(in: session)
      for wrong in exercise.wrong {
        guard let given = word.canonical(wrong.answer) else {
          faults.append(
            LessonFault(wrong.line, "'\(wrong.answer)' is no answer to this: it takes \(word.forms)"))
          continue
        }
        if given == right {
          faults.append(LessonFault(wrong.line, "the wrong answer '\(wrong.answer)' is judged right"))
        }
      }
      for other in exercise.others where word.canonical(other.text) != right {
        faults.append(LessonFault(other.line, "the answer '\(other.text)' is not '\(exercise.answer)'"))
      }
      if exercise.kind == .hunt { _ = try LessonHunt.planted(exercise, in: session) }
    } catch {
      faults.append(LessonFault(exercise.answerLine, "the answer fails: \(error.message.text())"))
    }
    if let because = exercise.because, Double(because) != nil {
      faults.append(LessonFault(exercise.answerLine, "'because: \(because)' is true of everything"))
    }
    if exercise.kind == .predict, exercise.because == nil {
      faults.append(
        LessonFault(
          exercise.answerLine, "a prediction needs a 'because: …' that holds behind the next command"))
    }
    return faults
  }

  /// Behind the command that shows it.
  var comesTrue: [LessonFault] {
    guard let because = exercise.because else { return [] }
    do throws(Diagnostic) {
      return try Self.holds(because, in: session)
        ? [] : [LessonFault(exercise.answerLine, "the prediction does not come true: \(because)")]
    } catch {
      return [LessonFault(exercise.answerLine, "'because: \(because)' fails: \(error.message.text())")]
    }
  }

  /// Whether a condition holds in every entry; `loss` is the model's, whatever it is called.
  static func holds(_ condition: String, in session: Session) throws(Diagnostic) -> Bool {
    var parsed = try AnswerText.formula(condition, at: 0, of: condition, naming: session.naming)
    if let loss = session.model.equations.last?.name, SessionEnvironment(session).shape(of: "loss") == nil {
      parsed = Parsed(
        expression: parsed.expression.substituting(["loss": .name(loss)]), ranges: parsed.ranges)
    }
    let value = try Evaluator(SessionEnvironment(session)).checkedValue(of: parsed)
    return value.elements.allSatisfy { $0 == 1 }
  }
}
