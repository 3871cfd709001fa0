import Formulas
import Reports

/// One command: what it is called, how it is used, what it does. Help, completion and "did you mean" read the same
/// fields. No defaults: a command without help does not compile.
package protocol Command: Sendable {
  static var name: String { get }
  /// Short forms that would otherwise be ambiguous.
  static var shortForms: [String] { get }
  static var usage: String { get }
  static var summary: String { get }
  /// Paragraphs and examples for `help NAME`.
  static var help: [String] { get }
  static var group: CommandGroup { get }
  /// Lines to try, two at least.
  static var examples: [String] { get }
  /// Commands to look at next.
  static var related: [String] { get }
  /// How far it reaches.
  static var access: CommandAccess { get }
  /// What completion offers after the name.
  static var completes: CompletionKind { get }
  static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report
}

package enum CommandGroup: String, Sendable, CaseIterable {
  case pass = "Stepping through a pass"
  case look = "Looking at it"
  case differentiate = "Derivatives, and whether they are right"
  case network = "The network and its values"
  case train = "Training and data"
  case session = "Session, lessons, help"
}

/// How far a command reaches: whatever restricts commands asks for this, and not which command it is.
package enum CommandAccess: Sendable {
  /// Computes and shows, taking values from the session by their names.
  case values
  /// Computes from the whole pass, or changes by it, so that it waits while values are kept back.
  case wholePass
  /// Opens a file that is named behind it.
  case files
  /// Ends the program, or steers what goes on around the session.
  case program
  /// What is typed behind the name decides.
  indirect case asTyped(@Sendable (CommandLine) -> CommandAccess)
}

package enum CompletionKind: Sendable {
  case nothing, names, values, steps, parameters, derivations, files
  /// Files, and the names that `load` knows.
  case loadables
  /// What `load` knows besides scripts.
  case lessons
  case words([String])
  /// What stands behind another command.
  indirect case settings(String, otherwise: CompletionKind)
  /// Any of these.
  indirect case several([CompletionKind])
  /// What the words before it, and the beginning that is typed, decide.
  case byPlace(@Sendable (_ before: [String], _ word: String) -> CompletionKind)
  /// Words that depend on what the session holds.
  case held(@Sendable (Session) -> [String])
  /// Words that depend on the command table.
  case listed(@Sendable (CommandTable) -> [String])
}

extension Command {
  /// Whether nothing may stand behind its name.
  static var takesNothing: Bool { usage == name }
}

/// A command that gives values of the session others, or takes them away: it is typed in full or by its short form, and
/// the beginning of its name does not stand for it.
package protocol ChangesValues {}

/// A command behind which stands `NAME = value`: the value may be rows in the lines below.
package protocol TakesValue {}

/// A command whose failure is an answer that was wrong: what stands behind it on the line runs all the same.
package protocol Answering {}

/// A command that an empty line repeats: step, back.
package protocol Repeatable {}

/// A switch that `set` reaches too: `set pager off`.
package protocol Setting {}

/// The command behind whose name a setting may stand.
package protocol SettingVerb {}

/// A command that moves in the history of sessions and is not itself taken back.
package protocol TimeTravel {}
