import Formulas
import LinearAlgebra
import Platform
import Reports

/// Commands from a file, one line after the other.
package enum Script {
  /// How deep scripts may load each other, and how many for one line that was typed.
  static let (deepest, most) = (8, 100)

  /// Stops at the first command that fails. One `undo` takes the whole script back.
  package static func run(
    _ text: String, file: String, in workspace: inout Workspace
  ) throws(Diagnostic) -> Report {
    guard workspace.loadDepth < deepest else {
      throw Diagnostic("'\(file)' loads itself, or scripts load each other more than \(deepest) deep")
    }
    workspace.loadCount = workspace.loadDepth == 0 ? 1 : workspace.loadCount + 1
    guard workspace.loadCount <= most else {
      throw Diagnostic("scripts load each other more than \(most) times")
    }
    workspace.loadDepth += 1
    defer { workspace.loadDepth -= 1 }
    var report = Report()
    let past = workspace.past.count
    for (index, line) in TextBytes.lines(text).enumerated() {
      // A command asks by itself; a blank line is none.
      try Interruption.check()
      let place = ScriptPlace(file: file, line: index + 1)
      for outcome in Interpreter.run(String(line), at: place, in: &workspace) {
        report.append(try outcome.result.get())
      }
      if workspace.isQuitting { break }
    }
    for outcome in Interpreter.end(in: &workspace) { report.append(try outcome.result.get()) }
    workspace.forgetPast(after: past)
    return report
  }
}
