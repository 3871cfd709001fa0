/// How reports are put before a person. A choice of the person's and no state of the session: `undo` leaves it alone.
package struct Screen: Sendable, Equatable {
  /// What colours have to be told from.
  package enum Ground: String, Sendable, CaseIterable { case light, dark }

  /// Nothing beyond ASCII.
  package var isASCII = false
  /// Sentences for a screen reader in place of what is drawn.
  package var isSpoken = false
  /// What is longer than the window waits for a key.
  package var stopsAtWindow = true
  /// As the person says it; nil leaves it to the terminal.
  package var chosenGround: Ground?
  /// As the terminal answered.
  package var answeredGround: Ground?

  package init() {}

  package var ground: Ground? { chosenGround ?? answeredGround }
}
