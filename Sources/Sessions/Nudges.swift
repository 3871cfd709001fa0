import Formulas
import LinearAlgebra

/// An entry that was nudged. Other entries are as they were: what changes those ends it.
package struct Nudge: Sendable, Equatable {
  package let entry: NamedEntry
  /// The number before, and since.
  package let old, new: Double
  /// Where in the pass it was nudged.
  package let cursor: Int

  package static func == (a: Self, b: Self) -> Bool {
    a.entry == b.entry && a.old.bitPattern == b.old.bitPattern && a.new.bitPattern == b.new.bitPattern
      && a.cursor == b.cursor
  }
}

extension Session {
  /// Nudges as commands, for values that are not nudged yet: a batch is a toy batch, or rows of a data set, by these.
  var nudgeCommands: [String] {
    nudges.map { "nudge \($0.entry.text) to \(SessionScript.literal(Tensor($0.new))) at \($0.cursor)" }
  }
}
