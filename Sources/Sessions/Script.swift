import Formulas
import Reports

/// Commands from a file, one line after the other.
package enum Script {
  /// Stops at the first command that fails. One `undo` takes the whole script back.
  package static func run(
    _ text: String, file: String, in workspace: inout Workspace
  ) throws(Diagnostic) -> Report {
    guard workspace.loadDepth < 8 else {
      throw Diagnostic("'\(file)' loads itself, or scripts load each other more than 8 deep")
    }
    workspace.loadDepth += 1
    defer { workspace.loadDepth -= 1 }
    var report = Report()
    let past = workspace.past.count
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      for outcome in Interpreter.run(String(line), in: &workspace) {
        switch outcome.result {
        case .success(let part): report.append(part)
        case .failure(var diagnostic):
          diagnostic.file = diagnostic.file ?? file
          diagnostic.line = diagnostic.line ?? index + 1
          throw diagnostic
        }
      }
    }
    workspace.forgetPast(after: past)
    return report
  }
}
