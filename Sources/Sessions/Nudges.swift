import Formulas
import LinearAlgebra

/// An entry that was nudged. Other entries are as they were: what changes those ends it.
package struct Nudge: Sendable, Equatable {
  package let entry: NamedEntry
  /// The number before.
  package let old: Double
  /// Where in the pass it was nudged.
  package let cursor: Int

  package init(entry: NamedEntry, old: Double, cursor: Int) {
    (self.entry, self.old, self.cursor) = (entry, old, cursor)
  }

  package static func == (a: Self, b: Self) -> Bool {
    a.entry == b.entry && a.old.bitPattern == b.old.bitPattern && a.cursor == b.cursor
  }
}

extension Session {
  /// Nudges as commands that note them, in their order; the values are what they were made.
  var nudgeCommands: [String] {
    nudges.map { "nudge \($0.entry.text) was \(SessionScript.literal(Tensor($0.old))) at \($0.cursor)" }
  }
}
