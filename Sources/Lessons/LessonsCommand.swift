import Formulas
import Operations
import Reports
import Sessions

package enum LessonsCommand: Command {
  package static let name = "lessons"
  package static let shortForms: [String] = []
  package static let usage = "lessons"
  package static let summary = "list the lessons and what you have done of them"
  package static let help = ["'load NAME' starts one or takes it up again; 'help lessons' tells how they go."]
  package static let group = CommandGroup.session
  package static let examples = ["lessons", "load 9"]
  package static let related = ["load", "today", "learn"]
  package static let access = CommandAccess.values
  package static let completes = CompletionKind.nothing

  package static func run(_ line: CommandLine, in workspace: inout Workspace) throws(Diagnostic) -> Report {
    try line.takesNothing(usage)
    let progress = LessonProgress.read(workspace)
    var firstOpen: String?
    var begun: String?
    let rows = LessonLibrary.all(workspace.outside.lessonDirectories).map { entry -> [Prose] in
      let title: Prose
      var right = ""
      do throws(Diagnostic) {
        let lesson = LessonOutline(try FileAccess.read(entry.path))
        title = "\(Markdown.plain(lesson.title))"
        let solved = progress[entry.name]?.solved ?? []
        if begun == nil, let done = progress[entry.name], done.position > 1, done.furthest < done.pageCount {
          begun = entry.name
        }
        let all = 0..<lesson.exercises
        right = all.isEmpty ? "" : "\(solved.count { all.contains($0) })/\(all.count)"
        if firstOpen == nil, let open = all.first(where: { !solved.contains($0) }) {
          firstOpen = "lesson \(entry.number.map(String.init) ?? entry.name).\(open + 1)"
        }
      } catch {
        title = error.message
      }
      return ["\(entry.name)", "\(progress[entry.name]?.text ?? "")", "\(right)", title]
    }
    guard !rows.isEmpty else {
      throw Diagnostic("no lessons were found", hint: "'stepgrad --lessons DIR' says where they are")
    }
    // What there is to choose from stands first: the list is longer than a window.
    var menu: [[Prose]] = []
    if let begun { menu.append(["load \(begun)", "go on where you left it"]) }
    if let firstOpen, !progress.isEmpty { menu.append(["\(firstOpen)", "the first question that is open"]) }
    let due = MissedQuestions(workspace).due.count
    if due > 0 { menu.append(["today", "\(due) question\(due == 1 ? "" : "s") that you missed"]) }
    menu.append(["load NAME", "starts a lesson, or takes it up again; its number does it, too"])
    if progress.isEmpty { menu.append(["learn", "shows around in two minutes"]) }
    var report = Report([.table(.init(header: [], rows: menu))])
    report.add(.blank)
    report.add(.table(.init(header: ["name", "done", "right", "lesson"], rows: rows)))
    return report
  }
}
