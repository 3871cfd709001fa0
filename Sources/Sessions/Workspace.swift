import Formulas
import LinearAlgebra
import Reports

/// The session with what surrounds it: the way back, the names of files, and the outside world as commands see it.
package struct Workspace: Sendable {
  package var session: Session
  /// What may be typed.
  package let commands: CommandTable
  package private(set) var past: [Snapshot] = []
  package private(set) var future: [Snapshot] = []
  /// Commands as typed, for `history` and `save`.
  package var typed: [String] = []
  /// The `model` block that is still open, or nil.
  package var openBlock: OpenBlock?
  /// Where the command at hand stands; nil when it was typed.
  package var place: ScriptPlace?
  package var outside = Outside()
  /// How reports are put before the person.
  package var screen = Screen()
  package var isQuitting = false
  /// The pass is asked for on the full screen.
  package var isViewing = false
  /// The command that an empty line repeats.
  package var repeatable: String?
  /// The line before was the first of a loop or function in another language, and was refused.
  package var hasRefusedHeader = false
  /// Whether the command at hand is repeated by an empty line.
  package var isRepeating = false
  /// The command at hand as typed.
  package var current = ""
  package var prompt = PromptStyle.place
  /// The conversation of `why`, until the session changes.
  package var inquiry: Inquiry?
  /// The name or formula that was shown last.
  package var lastShown: String?
  /// How deep `load` is nested.
  package var loadDepth = 0
  /// How many scripts the line at hand has loaded.
  package var loadCount = 0
  /// Whether the commands are those of a text and not typed one by one: none of them ends with a part of its work done.
  package var isScripted = false
  /// What goes on around the session, or nil.
  package var activity: (any Activity)?
  /// The session as it was saved or loaded last; nil before that.
  package var saved: Session?
  /// Brought back by `load last`, and in no other file yet.
  package var isLastSession = false
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
    /// Whether Ctrl-C was pressed, for training, which keeps what it has.
    package var isInterrupted: @Sendable () -> Bool = { Interruption.isRequested }
    /// A line that a later one replaces, for progress; nil when there is no terminal.
    package var progress: (@Sendable (String) -> Void)?
    /// Why nothing is coloured; nil where it is.
    package var colorless: String?
    /// Where progress of lessons is kept, or nil.
    package var stateDirectory: String?

    package init() {}
  }

  package init(session: Session = .initial, commands: CommandTable) {
    self.session = session
    self.commands = commands
  }

  package mutating func remember(_ before: Session) {
    let command = Self.oneLine(current)
    past.append(Snapshot(before, bytes: before.bytes(apartFrom: session), command: command))
    if past.count > Self.deepestUndo { past.removeFirst() }
    // A quarter of what the session may hold; the last command can be taken back whatever it holds.
    var held = past.reduce(0) { $0 + $1.bytes }
    while held > MemoryBudget.limit / 4, past.count > 1 { held -= past.removeFirst().bytes }
    future = []
  }

  /// A block as it is told of.
  package static func oneLine(_ command: String) -> String {
    // Inside a bracket a line goes on, elsewhere the next begins.
    var result = ""
    for line in command.split(separator: "\n").map({ String($0).trimmed }) {
      result += result.isEmpty ? line : (OpenBlock.openBrackets(result) > 0 ? " " : "; ") + line
    }
    return result
  }

  /// Makes room: what could be taken back can no longer be. False when there was nothing.
  mutating func forgetHistory() -> Bool {
    let held = (past + future).reduce(0) { $0 + $1.bytes }
    if held > 0 { (past, future) = ([], []) }
    return held > 0
  }

  /// Drops snapshots taken since there were `count`, so that what happened since counts as one change.
  package mutating func forgetPast(after count: Int) { past.removeLast(max(0, past.count - count)) }

  /// Takes over another workspace's session with its way back.
  package mutating func adopt(_ other: Workspace) {
    session = other.session
    past = other.past
    future = other.future
  }

  /// The command that was taken back; nil when there was none.
  package mutating func undo() -> String? {
    guard let before = past.popLast() else { return nil }
    future.append(
      Snapshot(session, bytes: session.bytes(apartFrom: before.session), command: before.command))
    session = before.session
    return before.command
  }

  /// The command that was done again; nil when there was none.
  package mutating func redo() -> String? {
    guard let after = future.popLast() else { return nil }
    past.append(Snapshot(session, bytes: session.bytes(apartFrom: after.session), command: after.command))
    session = after.session
    return after.command
  }
}

/// A session that `undo` goes back to; shared, so that a copy of the workspace costs no copy of its history.
package final class Snapshot: Sendable {
  package let session: Session
  /// What it holds that the session after it does not.
  let bytes: Int
  /// The command, as typed, that leads from here on.
  let command: String

  init(_ session: Session, bytes: Int, command: String) {
    self.session = session
    self.bytes = bytes
    self.command = command
  }
}
