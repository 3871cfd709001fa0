/// The lines of an exercise: the question, and behind it `kind: …`, `answer: …` and the other fields.
struct ExerciseParser {
  private var exercise = LessonExercise()
  private(set) var faults: [LessonFault] = []
  private var field: String?
  private var seen: Set<String> = []

  static let fields = marking.union([
    "kind", "name", "answer", "because", "without", "with", "choice", "item", "hint", "wrong", "right",
  ])

  /// What an assignment says of a question besides.
  static let marking: Set<String> = ["points", "carried", "mistake", "digits"]

  /// - Parameter line: that of the fence.
  static func parse(_ body: [String], after line: Int) -> (exercise: LessonExercise, faults: [LessonFault]) {
    var parser = ExerciseParser()
    parser.exercise.line = line
    for (index, text) in body.enumerated() { parser.read(text, line + 1 + index) }
    parser.finish(line)
    return (parser.exercise, parser.faults)
  }

  private mutating func read(_ text: String, _ number: Int) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, let key = parts.first, Self.fields.contains(key) else {
      return readOther(text, number)
    }
    let value = parts[1].trimmed
    if value.isEmpty { faults.append(LessonFault(number, "'\(key):' says nothing")) }
    if !seen.insert(key).inserted, ["kind", "name", "because", "right"].contains(key) {
      faults.append(LessonFault(number, "'\(key):' stands here twice"))
    }
    switch key {
    case "kind":
      if let kind = LessonExercise.Kind(rawValue: value) {
        exercise.kind = kind
      } else {
        let kinds = LessonExercise.Kind.allCases.map(\.rawValue).joined(separator: ", ")
        faults.append(LessonFault(number, "'\(value)' is no kind of exercise: \(kinds)"))
      }
    case "name": exercise.name = value
    case "answer" where exercise.answer.isEmpty: (exercise.answer, exercise.answerLine) = (value, number)
    case "answer": exercise.others.append((value, number))
    case "because": exercise.because = value
    case "without": exercise.without += Self.words(value)
    case "with": exercise.with += Self.words(value)
    case "choice", "item": exercise.choices.append(value)
    case "hint": exercise.hints.append(value)
    case "right": exercise.right = value
    case _ where Self.marking.contains(key): exercise.marking[key] = (value, number)
    default: readWrong(value, number)
    }
    field = key
  }

  private static func words(_ text: String) -> [String] {
    text.split { $0 == "," || $0.isWhitespace }.map(String.init)
  }

  /// `EXPR | reason`, `EXPR # fails | reason`.
  private mutating func readWrong(_ value: String, _ number: Int) {
    var wrong = LessonExercise.Wrong(answer: value, line: number)
    if let bar = value.firstRange(of: " | ") {
      wrong.answer = String(value[..<bar.lowerBound]).trimmed
      wrong.reason = String(value[bar.upperBound...]).trimmed
    }
    if wrong.answer.hasSuffix("# fails") {
      wrong.fails = true
      wrong.answer = String(wrong.answer.dropLast("# fails".count)).trimmed
    }
    exercise.wrong.append(wrong)
  }

  private mutating func readOther(_ text: String, _ number: Int) {
    let more = text.trimmed
    switch field {
    case nil: exercise.question.append(text)
    case "hint"? where text.hasPrefix("  "): goOn(&exercise.hints, with: more)
    case "choice"? where text.hasPrefix("  "), "item"? where text.hasPrefix("  "):
      goOn(&exercise.choices, with: more)
    case "right"? where text.hasPrefix("  "): exercise.right = exercise.right.map { $0 + " " + more }
    case "wrong"? where text.hasPrefix("  "):
      guard var last = exercise.wrong.popLast() else { return }
      last.reason = last.reason.map { $0 + " " + more } ?? more
      exercise.wrong.append(last)
    default:
      guard !more.isEmpty else { return }
      faults.append(
        LessonFault(
          number,
          "behind the question stand \(Self.fields.sorted().joined(separator: ", ")), and no other text"))
    }
  }

  private func goOn(_ lines: inout [String], with more: String) {
    if let last = lines.popLast() { lines.append(last + " " + more) }
  }

  private mutating func finish(_ line: Int) {
    // The order of the lines is the answer.
    if exercise.kind == .order {
      exercise.answer = LettersOf(exercise).right
      exercise.answerLine = line
      if exercise.choices.count < 3 {
        faults.append(LessonFault(line, "an order needs three 'item: …' or more"))
      }
    }
    if exercise.kind == .choice, exercise.choices.count < 2 {
      faults.append(LessonFault(line, "a choice needs two 'choice: …' or more"))
    }
    if Set(exercise.choices).count < exercise.choices.count {
      faults.append(LessonFault(line, "two of the lines to choose from are the same"))
    }
    if exercise.answer.isEmpty { faults.append(LessonFault(line, "this exercise has no 'answer: …'")) }
    if exercise.question.allSatisfy({ $0.trimmed.isEmpty }) {
      faults.append(LessonFault(line, "this exercise asks nothing"))
    }
  }
}
