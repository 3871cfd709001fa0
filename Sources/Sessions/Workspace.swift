/// The session with what surrounds it: the way back, the names of files, and the outside world as commands see it.
package struct Workspace: Sendable {
  package var session: Session
  /// What may be typed.
  package let commands: CommandTable
  package private(set) var past: [Session] = []
  package private(set) var future: [Session] = []
  /// Commands as typed, for `history` and `save`.
  package var typed: [String] = []
  /// The lines of a `model` block that is still open, or nil.
  package var openBlock: [String]?
  package var outside = Outside()
  package var isQuitting = false
  /// The command that an empty line repeats.
  package var repeatable: String?
  /// How deep `load` is nested.
  package var loadDepth = 0
  /// What goes on around the session, or nil.
  package var activity: (any Activity)?
  /// The seed of `net` when none is given.
  package var seed = 1

  /// More than anyone takes back; values are shared between copies, so that one costs what it changed.
  static let deepestUndo = 500

  /// The outside world: given by the executable, replaced in tests.
  package struct Outside: Sendable {
    /// True when a person sits at a terminal.
    package var isInteractive = false
    package var width = 80
    package var lessonDirectories: [String] = []
    /// Says whether Ctrl-C was pressed since the last question.
    package var isInterrupted: @Sendable () -> Bool = { false }
    /// A line that a later one replaces, for progress; nil when there is no terminal.
    package var progress: (@Sendable (String) -> Void)?
    /// Where progress of lessons is kept, or nil.
    package var stateDirectory: String?

    package init() {}
  }

  package init(session: Session = .initial, commands: CommandTable) {
    self.session = session
    self.commands = commands
  }

  package mutating func remember(_ before: Session) {
    past.append(before)
    if past.count > Self.deepestUndo { past.removeFirst() }
    future = []
  }

  /// Drops snapshots taken since there were `count`, so that what happened since counts as one change.
  package mutating func forgetPast(after count: Int) { past.removeLast(max(0, past.count - count)) }

  /// Takes over another workspace's session with its way back.
  package mutating func adopt(_ other: Workspace) {
    session = other.session
    past = other.past
    future = other.future
  }

  package mutating func undo() -> Bool {
    guard let before = past.popLast() else { return false }
    future.append(session)
    session = before
    return true
  }

  package mutating func redo() -> Bool {
    guard let after = future.popLast() else { return false }
    past.append(session)
    session = after
    return true
  }
}
