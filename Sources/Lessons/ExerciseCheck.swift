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
    let answer = exercise.answer
    if exercise.kind == .shape { return shapeReasons }
    guard exercise.kind == .value else { return [] }
    guard let because = exercise.because else {
      return isNumbers(answer)
        ? [
          LessonFault(
            exercise.answerLine, "the numbers '\(answer)' need a 'because: …', a formula that gives them")
        ]
        : []
    }
    guard !isNumbers(because) else {
      return [LessonFault(exercise.answerLine, "'because: \(because)' gives no reason: a formula does")]
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

  private func isNumbers(_ text: String) -> Bool {
    (try? AnswerText.formula(text, at: 0, of: text, naming: session.naming)).map {
      TypedNumber.all(in: $0, line: text) != nil
    } ?? false
  }

  /// A shape in numbers is held against the value that is asked for, or against a formula's.
  private var shapeReasons: [LessonFault] {
    guard let right = try? exercise.shape(in: session) else { return [] }
    if let name = exercise.name,
      let shape = SessionEnvironment(session).shape(of: session.model.resolve(session.naming.name(name))),
      shape != right
    {
      return [
        LessonFault(exercise.answerLine, "the answer '\(exercise.answer)' is not \(name), which is \(shape)")
      ]
    }
    guard let because = exercise.because else {
      return exercise.name == nil && ShapeAnswer.shape(exercise.answer) != nil
        ? [
          LessonFault(
            exercise.answerLine,
            "the shape '\(exercise.answer)' needs a 'because: …', a formula that has it, or the 'name: …' of what has it"
          )
        ] : []
    }
    do throws(Diagnostic) {
      let shape = try AnswerText.value(because, at: 0, of: because, naming: session.naming, in: session).shape
      return shape == right
        ? []
        : [LessonFault(exercise.answerLine, "the answer '\(exercise.answer)' is not the shape of \(because)")]
    } catch {
      return [LessonFault(exercise.answerLine, "'because: \(because)' fails: \(error.message.text())")]
    }
  }

  /// Hints and reasons in which the answer stands.
  var givenAway: (hints: [String], reasons: [LessonExercise.Wrong]) {
    let answers = [exercise.answer] + exercise.others.map(\.text)
    func tells(_ text: String) -> Bool {
      switch exercise.kind {
      case .value, .equation, .shape: answers.contains { FormulaText.contains($0, in: text) }
      case .choice: text.lowercased().contains("answer is \(exercise.answer.lowercased())")
      case .sign, .order, .predict, .hunt: false
      }
    }
    return (exercise.hints.filter(tells), exercise.wrong.filter { tells($0.reason ?? "") })
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
    if exercise.kind == .sign { faults += signReasons(word) }
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

  /// A sign in a word is held against a formula's.
  private func signReasons(_ word: WordAnswer) -> [LessonFault] {
    guard let because = exercise.because else {
      return word.canonical(exercise.answer) == nil
        ? []
        : [
          LessonFault(
            exercise.answerLine, "the sign '\(exercise.answer)' needs a 'because: …', a formula that has it")
        ]
    }
    do throws(Diagnostic) {
      var other = exercise
      (other.answer, other.because) = (because, nil)
      return try WordAnswer(other)?.right(in: session) == word.right(in: session)
        ? []
        : [LessonFault(exercise.answerLine, "the answer '\(exercise.answer)' is not the sign of \(because)")]
    } catch {
      return [LessonFault(exercise.answerLine, "'because: \(because)' fails: \(error.message.text())")]
    }
  }

  /// Behind the command that shows it.
  var comesTrue: [LessonFault] {
    guard let because = exercise.because else { return [] }
    do throws(Diagnostic) {
      if exercise.choices.isEmpty, let shape = ShapeAnswer.shape(exercise.answer) {
        let reason = try AnswerText.formula(because, at: 0, of: because, naming: session.naming).expression
        let isThere = reason.contains { part in
          (try? Evaluator(SessionEnvironment(session)).value(of: part))?.shape == shape
        }
        guard isThere else {
          return [
            LessonFault(
              exercise.answerLine, "the prediction does not come true: nothing in '\(because)' is \(shape)")
          ]
        }
      }
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
