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
    let rows = LessonLibrary.all(workspace.outside.lessonDirectories).map { entry -> [Prose] in
      let title: Prose
      var right = ""
      do throws(Diagnostic) {
        let lesson = LessonParser.parse(try FileAccess.read(entry.path)).lesson
        title = "\(Markdown.plain(lesson.title))"
        let solved = progress[entry.name]?.solved ?? []
        let all = lesson.exercises.indices
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
    var report = Report([.table(.init(header: ["name", "done", "right", "lesson"], rows: rows))])
    report.note("'load NAME' starts one or takes it up again")
    if let firstOpen, !progress.isEmpty { report.note("the first question that is open: '\(firstOpen)'") }
    let due = MissedQuestions(workspace).due.count
    if due > 0 { report.note("\(due) missed question\(due == 1 ? "" : "s") to come back to: 'today'") }
    return report
  }
}
