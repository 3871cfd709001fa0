import Commands
import Explanations
import Formulas
import Sessions

/// The mistake of an exercise, planted in the session that it is asked in.
package enum LessonHunt {
  /// - Throws: when the line has no such mistake, or it would not show.
  package static func planted(_ exercise: LessonExercise, in session: Session) throws(Diagnostic) -> HuntState
  {
    let words = exercise.answer.split(separator: " ").map(String.init)
    guard words.count == 2 else {
      throw Diagnostic("the answer of a hunt is a line and a mistake: dZ1 missing-mean")
    }
    // As a rule the block before it has planted the same.
    let step = session.model.resolve(words[0])
    if let hunt = session.hunt, hunt.open.count == 1, hunt.open[0].step == step,
      hunt.open[0].ids.contains(words[1])
    {
      return hunt
    }
    return try planted(words[0], words[1], in: session, at: nil)
  }

  static func planted(
    _ name: String, _ mistake: String, in session: Session, at place: Range<Int>?
  ) throws(Diagnostic) -> HuntState {
    let step = session.model.resolve(name)
    let plants = try Plant.all(
      model: session.model, leaves: session.leaves, steps: [step],
      learningRate: session.settings.learningRate, isFused: session.isFused,
      mayFuse: session.targetsAreDistributions)
    // The one that goes by the fewest other names.
    guard let plant = plants.filter({ $0.ids.contains(mistake) }).min(by: { $0.ids.count < $1.ids.count })
    else {
      let others = plants.flatMap(\.ids)
      throw Diagnostic(
        "\(mistake.prefix(40)) cannot be planted in \(name: step)", at: place.map { [$0] } ?? [],
        hint: others.isEmpty
          ? "it is a line of the backward pass in which a mistake would show: hunt dZ1 missing-mean"
          : "these can: \(others.joined(separator: ", "))")
    }
    return HuntState([plant], level: .easy, round: (session.hunt?.round ?? 0) + 1)
  }
}
