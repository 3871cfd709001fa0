import Sessions

/// An open lesson: where the student is in it, and what `lesson leave` gives back.
package struct LessonPlay: Sendable {
  package let lesson: Lesson
  package let name: String
  /// How many pages were shown; the last of them is the one that is looked at.
  package internal(set) var position = 0
  /// The lesson's own workspace before each page that was shown, and behind the last: free commands change the
  /// student's session, never these.
  var states: [Workspace]
  /// The workspace of before, in an array because a struct cannot hold itself.
  var before: [Workspace]
  /// Exercises that were answered, by their number.
  package internal(set) var solved: Set<Int> = []
  /// Exercises whose answer was shown, and predictions that were made.
  package internal(set) var closed: Set<Int> = []
  /// Of questions from several lessons: where each stands, and the workspace that it is asked in.
  var origins: [(lesson: String, number: Int, state: Workspace)] = []
  var hintsShown = 0
  /// Whether the last command was one that steers the lesson, so that `back` and an empty line mean its pages.
  package private(set) var isInFlow = true

  var pageCount: Int { lesson.pages.count }

  /// The exercise of the page that is looked at, with its number from 0.
  var exercise: (number: Int, exercise: LessonExercise)? {
    let pages = lesson.pages
    guard position > 0, pages.indices.contains(position - 1), let last = pages[position - 1].last,
      case .exercise(let exercise) = lesson.blocks[last].content
    else { return nil }
    let number = lesson.blocks[..<last].count { if case .exercise = $0.content { true } else { false } }
    return (number, exercise)
  }

  /// A formula that is typed now is an answer.
  package var asks: Bool { exercise.map { !solved.union(closed).contains($0.number) } ?? false }

  /// The next page shows what is to be predicted.
  package var waits: Bool { asks && exercise?.exercise.waits == true }

  mutating func noteFlow(_ isInFlow: Bool) { self.isInFlow = isInFlow }
}

extension Workspace {
  /// The lesson that is open, or nil.
  package internal(set) var lesson: LessonPlay? {
    get { activity as? LessonPlay }
    set { activity = newValue }
  }
}
