import Lessons
import Sessions

/// What the answers to a question are worth.
struct Worth: Sendable {
  let points: Double
  /// For what is right with the student's own wrong earlier answer.
  let carried: Double
  /// For a single mistake that is known.
  let mistake: Double
  /// Decimals that are asked for; nil for as many as were written, two that count at least.
  let digits: Int?

  init(_ exercise: LessonExercise) {
    func number(_ key: String) -> Double? { exercise.marking[key].flatMap { Self.points($0.text) } }
    points = number("points") ?? 1
    carried = min(points, number("carried") ?? points)
    mistake = min(points, number("mistake") ?? points / 2)
    digits = exercise.marking["digits"].flatMap { Int($0.text) }
  }

  static func points(_ text: String) -> Double? {
    guard let number = Double(text.trimmed), (0...1000).contains(number) else { return nil }
    return number
  }

  /// A share of the points, in quarters and rounded down.
  func share(_ part: Double) -> Double { min(points, (points * part * 4).rounded(.down) / 4) }

  /// 2, 1.5, 0.25.
  static func text(_ points: Double) -> String {
    points == points.rounded() ? "\(Int(clamping: points))" : "\(points)"
  }
}
