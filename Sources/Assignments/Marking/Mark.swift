/// What an answer gets, and why.
package struct Mark: Sendable, Equatable {
  package enum Kind: String, Sendable, CaseIterable {
    case right
    /// Right with the student's own wrong earlier answer.
    case carried
    case partial
    case wrong
    /// It could not be read, or not in time.
    case unread
    case missing
  }

  package let kind: Kind
  package let points: Double
  /// What the student is told.
  package var words: [String]
  /// Ids of what went wrong: of the table of mistakes, or of this file's own.
  package var mistakes: [String] = []

  init(_ kind: Kind, _ points: Double, _ words: [String], mistakes: [String] = []) {
    (self.kind, self.points, self.words, self.mistakes) = (kind, points, words, mistakes)
  }
}
