import Explanations
import Exports
import Formulas
import Lessons
import LinearAlgebra
import Operations
import Sessions

/// A question with one student's numbers, in the session that it is asked in.
package struct AssignedQuestion: Sendable {
  package let number: Int
  let exercise: LessonExercise
  let worth: Worth
  /// With its pass run to the end.
  let session: Session
  /// Of a value that is asked for.
  let right: Tensor?
  let shape: Shape?
  /// The step that is asked for, and all that is made of it: no answer is made of these.
  let circular: Set<String>

  /// - Parameter whole: the session with its pass run to the end, or as it is where it has none.
  init(_ exercise: LessonExercise, _ number: Int, _ whole: Session) throws(Diagnostic) {
    self.number = number
    self.exercise = exercise
    worth = Worth(exercise)
    session = whole
    // Questions about numbers alone need no pass.
    if exercise.name != nil { _ = try whole.readyProgram() }
    var circular: Set<String> = []
    if let name = exercise.name.map(whole.model.resolve) {
      circular = [name]
      for step in (try? whole.readyProgram().steps) ?? []
      where step.expression.names.contains(where: { circular.contains(whole.model.resolve($0)) }) {
        circular.insert(step.name)
      }
    }
    self.circular = circular
    switch exercise.kind {
    case .value, .equation:
      let right = try Self.value(exercise, in: whole)
      guard right.isFinite else {
        throw Diagnostic("line \(exercise.line): the answer '\(exercise.answer)' is not finite")
      }
      // What cancels on paper is 0 there.
      let nothing = 1e-13 * right.elements.reduce(1) { max($0, abs($1)) }
      self.right = right.map { abs($0) < nothing ? 0 : $0 }
      shape = right.shape
    case .shape:
      right = nil
      shape = try exercise.shape(in: whole)
    case .choice, .sign, .order, .predict, .hunt:
      (right, shape) = (nil, nil)
      // What keeps it from being asked for.
      _ = try exercise.revealed(in: whole)
      if exercise.kind == .hunt { _ = try LessonHunt.planted(exercise, in: whole) }
    }
  }

  /// What is asked for, with the values of a session.
  static func value(_ exercise: LessonExercise, in session: Session) throws(Diagnostic) -> Tensor {
    if let step = exercise.name.map(session.model.resolve), let value = session.computed(step) {
      return value
    }
    return try AnswerText.value(
      exercise.answer, at: 0, of: exercise.answer, naming: session.naming, in: session)
  }

  /// Faults of the question that show with numbers: a wrong answer that is right, an answer that is not the step.
  var faults: [LessonFault] { ExerciseCheck(exercise, session).faults }

  /// Digits of a gap: the widest number of the answer as it is asked for, and one more.
  var gapWidth: Int {
    let widest =
      right?.elements.map { x in
        x == x.rounded() && abs(x) < 1e9
          ? "\(Int(clamping: x))".count : "\(Int(clamping: x))".count + 2 + max(worth.digits ?? 4, 1)
      }.max() ?? 0
    return max(8, widest + 1)
  }

  var name: (node: MathNode, text: String)? {
    exercise.name.map { (MathWriter(SessionEnvironment(session), session.naming).name($0), $0) }
  }

  var gaps: Gaps {
    switch exercise.kind {
    case .value:
      guard let shape else { return Gaps(number, name, .line) }
      let columns = shape.rank == 0 ? 1 : shape.columns
      let rows = columns == 0 ? 1 : shape.count / max(1, columns)
      return shape.count <= 400
        ? Gaps(number, name, .entries(rows: rows, columns: columns), width: gapWidth)
        : Gaps(number, name, .line)
    case .shape: return Gaps(number, name, .extents(max(1, shape?.rank ?? 1)), width: 4)
    case .equation: return Gaps(number, name, .line)
    case .choice, .sign, .order, .predict, .hunt: return Gaps(number, nil, .line)
    }
  }
}
