/// One mistake, told so that it can be mended: what was wrong, where it stands in the typed line, the way out.
package struct Diagnostic: Error, Sendable, Equatable {
  /// `cannot multiply A1 (3×4) by dZ2 (3×3): the inner dimensions 4 and 3 differ`
  package var message: Prose
  /// Character offsets in the source text to put carets under, in order.
  package var marks: [Range<Int>]
  /// `A1.T @ dZ2 is (4×3) @ (3×3) = (4×3), the shape of W2`
  package var hint: Prose?
  /// The line that the marks count in, when it is known.
  package var source: String?
  /// File and line of a script, when the mistake was met in one.
  package var file: String?
  package var line: Int?
  /// How its names are shown: known to whoever runs the command.
  package var naming = Naming.standard
  /// What stood behind the command's name was nothing that it takes.
  package var isUsage = false
  /// Commands of the same line that were not run because of it.
  package var notRun: [String] = []

  package init(_ message: Prose, at marks: [Range<Int>] = [], hint: Prose? = nil) {
    self.message = message
    self.marks = marks
    self.hint = hint
  }
}
