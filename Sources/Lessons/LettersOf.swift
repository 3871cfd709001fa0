import LinearAlgebra

/// The letters before the choices of a question, and before the lines of an order, which are shown mixed: always in the
/// same way, so that a page is the same page tomorrow.
package struct LettersOf {
  private let exercise: LessonExercise
  /// The position in the file of each line that is shown.
  private let shown: [Int]

  package init(_ exercise: LessonExercise) {
    self.exercise = exercise
    var order = Array(exercise.choices.indices)
    if exercise.kind == .order, order.count > 1 {
      var generator = RandomGenerator(
        seed: UInt64(
          exercise.choices.joined().unicodeScalars.reduce(0) { ($0 &* 31 &+ $1.value) % 1_000_003 }))
      for i in order.indices.dropFirst().reversed() { order.swapAt(i, generator.integer(below: i + 1)) }
      // What is shown as it belongs asks nothing.
      if order == Array(exercise.choices.indices) { order.append(order.removeFirst()) }
    }
    shown = order
  }

  static func letter(_ index: Int) -> String {
    UnicodeScalar(UInt32(97 + index % 26)).map { String(Character($0)) } ?? "?"
  }

  package var lines: [(letter: String, text: String)] {
    shown.enumerated().map { (Self.letter($0.offset), exercise.choices[$0.element]) }
  }

  /// `cab`: the letters in the order in which the lines belong.
  package var right: String {
    shown.indices.sorted { shown[$0] < shown[$1] }.map(Self.letter).joined()
  }
}
