import Formulas

/// Values that are kept back from the student, and what is said instead. A part of the session, so that `undo` takes
/// back what changed it.
package protocol Withholding: Sendable, Hashable {
  var hidden: Set<String> { get }
  /// Formulas that are computed in the place of a step's own, by the step.
  var planted: [String: Expression] { get }
  /// Whether a command has to wait.
  func holdsBack(_ command: any Command.Type, _ access: CommandAccess) -> Bool
  /// Why, as a table says it: "practice asks for it".
  var reason: String { get }
  /// Where in it one is, for the prompt: `practice 2/7`; nil when it is over.
  var place: String? { get }
  /// Whether a line that means nothing else answers what is asked: a shape.
  func isAnswer(_ text: String) -> Bool
  /// What is said instead of a hidden value.
  func refusal(of name: String) -> Diagnostic?
  /// Why a command that works on the whole pass has to wait.
  func refusal(ofCommand name: String, at range: Range<Int>) -> Diagnostic
}
