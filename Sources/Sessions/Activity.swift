import Formulas
import Reports

/// What goes on around a session and gives lines a meaning of its own.
package protocol Activity: Sendable {
  /// The command that an empty line stands for when there is none to repeat.
  var emptyLine: String? { get }
  /// Where in it one is, for the prompt: `lesson 3/12`; nil where the pass says it.
  var place: String? { get }
  /// The person's own session where the activity has put it aside.
  var aside: Session? { get }
  /// Whether a formula that is typed now is an answer.
  var asks: Bool { get }
  /// Whether a line that may mean something else answers what is asked: a letter, a sign, a word.
  func isAnswer(_ text: String, in session: Session) -> Bool
  /// Why a command may not run, or nil.
  func refusal(of command: CommandTable.Resolved) -> Diagnostic?
  /// What a command means now that was typed: itself, most often.
  func meaning(of command: CommandTable.Resolved) -> CommandTable.Resolved
  /// A command has run. What is to be said behind it, or nil.
  mutating func note(_ command: any Command.Type) -> Report?
  /// Nothing is left of it.
  var isOver: Bool { get }
}

extension Activity {
  package func isAnswer(_ text: String, in session: Session) -> Bool { false }
}
