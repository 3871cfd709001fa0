import Formulas
import Reports
import Sessions

/// `load` opens a lesson by the file's path, or by its name in the lessons folders.
enum LessonFile: Loadable {
  static func open(
    _ path: String, at range: Range<Int>, in workspace: inout Workspace
  ) throws(Diagnostic) -> Report? {
    if path.hasSuffix(".md") { return try LessonPlayer.start(file: path, in: &workspace) }
    guard !path.contains("/"), !path.contains("."), !FileAccess.exists(path) else { return nil }
    let found = try LessonLibrary.find(path, in: workspace.outside.lessonDirectories, at: range)
    return try LessonPlayer.start(file: found.path, name: found.name, in: &workspace)
  }

  static func names(in workspace: Workspace) -> [String] {
    LessonLibrary.all(workspace.outside.lessonDirectories).map(\.name)
  }
}
