import Sessions

/// What was done of which lesson, from one day to the next: a small text file, a line for each lesson, its fields
/// between tabs. A file that cannot be read or written is no error: the progress is then that of this session.
package struct LessonProgress: Sendable, Equatable {
  package var position = 0
  /// The furthest page ever shown.
  package var furthest = 0
  package var pageCount = 0
  package var solved: Set<Int> = []

  static func read(_ workspace: Workspace) -> [String: LessonProgress] {
    guard let path = path(workspace), let text = try? FileAccess.read(path) else { return [:] }
    var result: [String: LessonProgress] = [:]
    for line in text.split(separator: "\n").prefix(10_000) {
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
      guard fields.count == 5, let position = Int(fields[1]), let furthest = Int(fields[2]),
        let count = Int(fields[3]), position >= 0, furthest >= 0, count > 0
      else { continue }
      result[String(fields[0])] = LessonProgress(
        position: position, furthest: furthest, pageCount: count,
        solved: Set(fields[4].split(separator: ",").compactMap { Int($0) }))
    }
    return result
  }

  static func note(_ play: LessonPlay, _ workspace: Workspace) {
    guard let path = path(workspace), workspace.outside.isInteractive, play.origins.isEmpty else { return }
    var all = read(workspace)
    let before = all[play.name]
    all[play.name] = LessonProgress(
      position: play.position, furthest: max(play.position, before?.furthest ?? 0),
      pageCount: play.pageCount, solved: play.solved)
    let lines = all.sorted { $0.key < $1.key }.map { name, progress in
      let solved = progress.solved.sorted().map(String.init).joined(separator: ",")
      return "\(name)\t\(progress.position)\t\(progress.furthest)\t\(progress.pageCount)\t\(solved)\n"
    }
    try? FileAccess.write(lines.joined(), to: path, links: .followed)
  }

  private static func path(_ workspace: Workspace) -> String? {
    workspace.outside.stateDirectory.map { $0 + "/lessons" }
  }

  var text: String {
    if furthest >= pageCount { return "done" }
    return position == 0 ? "" : "step \(position) of \(pageCount)"
  }
}
