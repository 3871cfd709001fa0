import Formulas
import Reports

/// What `load` opens besides scripts.
package protocol Loadable: Sendable {
  /// Opens what was typed behind `load`; nil when that is something else.
  static func open(
    _ path: String, at range: Range<Int>, in workspace: inout Workspace
  ) throws(Diagnostic) -> Report?
  /// Names that completion offers beside files.
  static func names(in workspace: Workspace) -> [String]
}
