import Formulas
import LinearAlgebra
import Reports

package enum LoadCommand: Command {
  package static let name = "load"
  package static let shortForms: [String] = []
  package static let usage = "load FILE | LESSON"
  package static let summary = "run a script, or start a lesson"
  package static let help = [
    "A name with a '/' or an ending is a file, and one that ends in .md a lesson; any other is a lesson of the lessons folder: 'lessons' lists them, 'help lessons' tells how they go. A script is one command a line; it stops at the first that fails and the session is as before."
  ]
  package static let group = CommandGroup.session
  package static let completes = CompletionKind.lessons

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    guard !line.rest.isEmpty else { throw line.usageError("load what?", usage) }
    let path = FileAccess.expand(line.rest.unquoted)
    if path.hasSuffix(".md") { return try LessonPlayer.start(file: path, in: &workspace) }
    guard path.contains("/") || path.contains(".") || FileAccess.exists(path) else {
      let found = try LessonLibrary.find(path, in: workspace.outside.lessonDirectories, at: line.restRange)
      return try LessonPlayer.start(file: found.path, name: found.name, in: &workspace)
    }
    return try runScript(try FileAccess.read(path), file: path, in: &workspace)
  }

  static func runScript(_ text: String, file: String, in workspace: inout Workspace) throws(Diagnostic)
    -> Report
  {
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
    // One 'undo' takes the whole script back.
    workspace.forgetPast(after: past)
    return report
  }
}
