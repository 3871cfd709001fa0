import Commands
import Explanations
import Formulas
import Sessions

/// The mistake of an exercise, planted in the session that it is asked in.
enum LessonHunt {
  /// - Throws: when the line has no such mistake, or it would not show.
  static func planted(_ exercise: LessonExercise, in session: Session) throws(Diagnostic) -> HuntState {
    let words = exercise.answer.split(separator: " ").map(String.init)
    guard words.count == 2 else {
      throw Diagnostic("the answer of a hunt is a line and a mistake: dZ1 missing-mean")
    }
    let step = session.model.resolve(words[0])
    let plants = try Plant.all(
      model: session.model, leaves: session.leaves, steps: [step],
      learningRate: session.settings.learningRate, isFused: session.isFused,
      mayFuse: session.targetsAreDistributions)
    guard let plant = plants.first(where: { $0.ids.contains(words[1]) }) else {
      throw Diagnostic(
        "\(words[1]) cannot be planted in \(name: step): \(plants.flatMap(\.ids).joined(separator: ", ")) can"
      )
    }
    return HuntState([plant], level: .easy, round: 1)
  }
}
